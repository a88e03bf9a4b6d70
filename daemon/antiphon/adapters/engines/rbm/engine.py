"""The engine of the machine: block Gibbs sampling of a bar whose beginning is what was heard.

What was heard last is clamped to the visible units of the first steps, and so is what sounds and what was
struck just now; the other units are drawn again and again, each layer given the other. What comes out is
foreseen until something else is heard: it goes on with a melody, and puts chords under one that is being
played. Then the bar moves on.
"""

import numpy as np

from antiphon.adapters.engines.foreseen import Foreseen
from antiphon.adapters.engines.rbm.bar import Bar, bar_at_hand
from antiphon.adapters.engines.rbm.gibbs import Gibbs, Wish
from antiphon.adapters.engines.rbm.heard import Heard
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Velocity
