"""What the machine sees: a bar of music, step by step.

A *window* is ``steps`` steps of a sixteenth. In each, every key of the range is one of three: struck, held
from before, or silent; that is two visible units, of which at most one is on. The units of a window lie in the
order (steps, 2, keys), struck before held. Music is seen at home: see :mod:`antiphon_models.rbm.home`.

The daemon reads this module and never the training: nothing here needs more than msgspec.

The exported graph has one signature, ``gibbs``: some steps of block Gibbs sampling, batch 1, in which the
units that are clamped keep their values. All randomness is an input:

===============  ===================  =================================================================
input            shape                meaning
===============  ===================  =================================================================
visible          (1, units)           where the chain stands
clamp            (1, units)           1: the unit keeps its value; 0: it is drawn
bias             (1, units)           added to the visible units' own: a wish, 0 for none
beta             (1, 1)               inverse temperature of both layers
hidden_noise     (sweeps, hidden)     uniform noise from 0 to 1
visible_noise    (sweeps, units)      the same
===============  ===================  =================================================================

The outputs are ``visible_after`` (1, units) and ``chance`` (1, units), that of each unit in the last sweep.
"""

import msgspec

from antiphon_models.card import Card

SIGNATURE = "gibbs"

STRUCK, HELD = 0, 1
"""The two units of a key in a step."""


class RbmSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of a machine.

    Attributes:
        hidden: hidden units.
        steps: sixteenths in a window.
        lowest: MIDI note number of the lowest key at home.
        keys: how many keys there are.
        sweeps: Gibbs steps that the graph takes at a call.
    """

    hidden: int = 50
    steps: int = 15
    lowest: int = 33
    keys: int = 64
    sweeps: int = 6

    @property
    def visible(self) -> int:
        """Return the number of visible units."""
        return self.steps * 2 * self.keys
