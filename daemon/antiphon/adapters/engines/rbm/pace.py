"""The player's pace: how long a sixteenth is in music that nobody counts for.

Of all lengths within an octave of tempi, that one is taken on whose grid the onsets lie best: each onset is a
point on a circle that is one step long, and points that agree have a long mean. What is heard lately counts
for more, and of two grids that fit alike the more usual tempo is taken.
"""

import math
from collections.abc import Sequence

import numpy as np

from antiphon.core.units import Seconds

USUAL = 0.125
"""A sixteenth at 120 beats a minute."""

SHORTEST, LONGEST = 0.09, 0.18
"""An octave, 83 to 167 beats a minute: twice as fast or half as fast is the same grid."""

FADE = 2.5
"""Seconds in which what an onset counts falls to 1/e."""

USUALNESS = 0.5
"""Octaves from the usual tempo at which a grid has to fit better by half to be taken."""

TOGETHER = 0.035
"""Seconds within which onsets are one chord."""

FEWEST = 3
"""Chords or notes below which nothing can be said."""

CANDIDATES = np.geomspace(SHORTEST, LONGEST, 161)
LIKELIHOOD = np.exp(-0.5 * (np.log2(CANDIDATES / USUAL) / USUALNESS) ** 2)


def pace_of(onsets: Sequence[Seconds]) -> Seconds:
    """Return the length of a step in music that began at these moments, in order of time."""
    moments = [
        later
        for before, later in zip([-math.inf, *onsets], onsets, strict=False)
        if later - before > TOGETHER
    ]
    if len(moments) < FEWEST:
        return USUAL
    since = moments[-1] - np.array(moments[:-1])
    weights = np.exp(-since / FADE)
    agreement = np.abs(np.exp(2j * np.pi * since / CANDIDATES[:, None]) @ weights + 1.0) / (
        weights.sum() + 1.0
    )
    return float(CANDIDATES[int((agreement * LIKELIHOOD).argmax())])
