"""How likely each length is that a beat may have, by how regularly what is played comes back.

A beat is likely whose own frequency, its bar's and those of its subdivisions are all strong, and that is of a
usual length. What each of these counts was learnt from pieces whose beats are known (docs/tempo.md).
"""

import math
from collections.abc import Iterator, Mapping

from antiphon.core.resonators import BINS, BINS_IN_AN_OCTAVE, bin_of
from antiphon.core.units import Seconds

SHORTEST, LONGEST = 0.25, 1.6
"""Seconds: 240 and 37.5 beats a minute."""

USUAL: Seconds = 0.6
"""100 beats a minute, from where octaves of slower and quicker beats are counted."""

WEIGHTS: Mapping[float, float] = {
    0.5: 1.32,
    1.0: 4.88,
    1.5: -1.86,
    2.0: 2.34,
    3.0: 1.04,
    4.0: 0.63,
    6.0: 0.81,
}
"""By the number of times the beat's frequency: what a strong resonator there says for the beat, in nats."""

OCTAVE_SLOWER, SQUARED = 1.11, -2.55
"""What an octave from the usual length says for a beat, in nats, and the square of octaves."""

CANDIDATES = tuple(
    SHORTEST * 2 ** (step / BINS_IN_AN_OCTAVE)
    for step in range(math.ceil(BINS_IN_AN_OCTAVE * math.log2(LONGEST / SHORTEST)) + 1)
)
"""Lengths, in seconds, from short to long; they lie as close as the resonators."""


def likelihoods(strengths: list[float]) -> list[float]:
    """Return how likely each candidate is the length of a beat, in nats and up to a constant.

    Args:
        strengths: of the resonators.
    """
    likely = list(_USUALNESS)
    for times, weight in WEIGHTS.items():
        for step, strength in enumerate(strengths_at(times, strengths)):
            likely[step] += weight * strength
    return likely


def strengths_at(times: float, strengths: list[float]) -> Iterator[float]:
    """Yield how strong the resonator is at so many times the frequency of each candidate.

    Where there is none, since nobody plays as fast, that is 0.
    """
    place = bin_of(times / SHORTEST)
    first, part = math.floor(place), place - math.floor(place)
    beyond = [0.0] * max(0, first + 2 - BINS)
    downwards = [*beyond, *reversed(strengths)]
    begin = len(downwards) - 1 - first
    below = downwards[begin : begin + len(CANDIDATES)]
    above = downwards[begin - 1 : begin - 1 + len(CANDIDATES)]
    for lower, upper in zip(below, above, strict=True):
        yield (1.0 - part) * lower + part * upper


def peak_of(likely: list[float]) -> Seconds:
    """Return the likeliest length, between the candidates by a parabola through three of them."""
    best = max(range(len(likely)), key=likely.__getitem__)
    if not 0 < best < len(likely) - 1:
        return CANDIDATES[best]
    before, there, after = likely[best - 1 : best + 2]
    bent = before - 2 * there + after
    return CANDIDATES[best] * 2 ** ((before - after) / (2 * bent) / BINS_IN_AN_OCTAVE if bent else 0.0)


def _usualness(period: Seconds) -> float:
    octaves = math.log2(period / USUAL)
    return OCTAVE_SLOWER * octaves + SQUARED * octaves**2


_USUALNESS = tuple(_usualness(period) for period in CANDIDATES)
