"""Draws from chances, by a generator that is passed in."""

from random import Random

import numpy as np
import numpy.typing as npt


def drawn_of(weights: npt.NDArray[np.float64], random: Random) -> int:
    """Draw an index, by weights of which one at least is above 0; else any."""
    rising = np.cumsum(weights)
    return drawn_below(rising, random) if rising[-1] > 0.0 else int(random.random() * len(weights))


def drawn_below(rising: npt.NDArray[np.float64], random: Random) -> int:
    """Draw an index, by the sums of the weights up to each, the last of which is above 0."""
    return min(int(rising.searchsorted(random.random() * rising[-1], "right")), len(rising) - 1)
