"""A bank of resonators: how regularly something comes back, at each of many frequencies at once.

Each is a leaky sum of strokes as vectors that turn at its frequency; it is long where the strokes come at one
place of the turn (after E. W. Large and J. F. Kolen, Resonance and the perception of musical meter, 1994;
here linear). It knows no music.
"""

import cmath
import math

from antiphon.core.units import Seconds

BINS_IN_AN_OCTAVE = 24

LOWEST, HIGHEST = 0.3, 18.0
"""Frequencies, in hertz: from a bar of two slow beats to a sixth of a quick one."""

CYCLES = 6.0
"""Turns in which a stroke fades to 1/e, so that slow and fast ones are told apart equally well."""

SHORTEST_MEMORY, LONGEST_MEMORY = 1.0, 10.0
"""Seconds in which a stroke fades, at least and at most."""

DOUBT = 1.0
"""Weight of a stroke that never came: a first one alone says little."""

BINS = math.ceil(BINS_IN_AN_OCTAVE * math.log2(HIGHEST / LOWEST))


def _rate(frequency: float) -> complex:
    """Return at which rate a stroke fades, and turns back as seen from the latest."""
    memory = min(max(CYCLES / frequency, SHORTEST_MEMORY), LONGEST_MEMORY)
    return -1.0 / memory - 2j * math.pi * frequency


_RATES = tuple(_rate(LOWEST * 2 ** (place / BINS_IN_AN_OCTAVE)) for place in range(BINS))


def bin_of(frequency: float) -> float:
    """Return where a frequency lies in the bank, in bins."""
    return BINS_IN_AN_OCTAVE * math.log2(frequency / LOWEST)


class Resonators:
    """The bank, at the moment of the last stroke."""

    def __init__(self) -> None:
        self._at: Seconds = 0.0
        self._swings = [0j] * BINS
        self._weights = [0.0] * BINS

    def strike(self, weight: float, at: Seconds) -> None:
        """Take in a stroke, no earlier than the one before."""
        passed, self._at = at - self._at, at
        # Seen from the last stroke, so that the angles stay small however long it plays.
        left = [cmath.exp(passed * rate) for rate in _RATES]
        self._swings = [swing * part + weight for swing, part in zip(self._swings, left, strict=True)]
        self._weights = [was * abs(part) + weight for was, part in zip(self._weights, left, strict=True)]

    def strengths(self) -> list[float]:
        """Return how regular the strokes are at each frequency, 0 to 1."""
        return [
            abs(swing) / (weight + DOUBT) for swing, weight in zip(self._swings, self._weights, strict=True)
        ]
