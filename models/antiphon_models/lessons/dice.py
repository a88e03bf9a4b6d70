"""Random numbers that depend on what they are drawn for and not on what was drawn before.

So a run that is taken up again at its millionth window draws what it would have drawn.
"""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What is drawn. The numbers are part of what a seed means: leave them as they are."""

    ORDER = 1
    VARIATION = 2
    HINTS = 3
    SAMPLE = 4
    IMPROVISATION = 5


def dice(seed: int, purpose: Purpose, *which: int) -> np.random.Generator:
    """Return the generator of one drawing; ``which`` are its numbers, each at least 0."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, *which)))
