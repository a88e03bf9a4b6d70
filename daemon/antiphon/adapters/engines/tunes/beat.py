"""How fast and in which metre a melody was played: its quaver in seconds, and where its bars begin.

A simple ear for single lines: intervals between onsets are held against the lengths that ABC writes, and
onsets against the accents of a few metres. It is never silent: of two notes, too, it makes a guess.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from statistics import fmean

from msgspec import Struct

from antiphon.core.units import Seconds

USUAL_QUAVER = 0.19
"""Seconds: most music lies about there, and so does what nothing is known of."""

SHORTEST_QUAVER, LONGEST_QUAVER = 0.09, 0.42
CANDIDATES = 60
LENGTHS = {0.5: 0.35, 1.0: 0.0, 1.5: 0.5, 2.0: 0.05, 3.0: 0.3, 4.0: 0.25, 6.0: 0.5, 8.0: 0.5}
"""Quavers that lie between two onsets, and what it costs to believe that."""

TOLERANCE = 0.11
"""By which share an interval is usually off."""

TOGETHER: Seconds = 0.045
"""Onsets that lie no further apart are one chord."""

LONGEST_INTERVAL: Seconds = 3.0
"""A pause of more says nothing of the tempo."""

ACCENTS = {
    "4/4": (4.0, 0.6, 1.6, 0.6, 2.6, 0.6, 1.6, 0.6),
    "3/4": (4.0, 0.6, 1.9, 0.6, 1.9, 0.6),
    "6/8": (4.0, 0.8, 0.9, 2.6, 0.8, 0.9),
}
"""How often a note begins on each quaver of a bar, in proportion."""


class Beat(Struct, frozen=True, gc=False):
    """What a melody is measured by: seconds of a quaver, its metre, and quavers before its first bar line."""

    quaver: Seconds
    metre: str
    upbeat: int

    @property
    def quavers_in_bar(self) -> int:
        return len(ACCENTS[self.metre])


def beat_of(onsets: Sequence[Seconds]) -> Beat:
    """Return the beat of some onsets, in their order."""
    quaver = quaver_of([later - sooner for sooner, later in pairwise(onsets)])
    if len(onsets) < 4:
        return Beat(quaver, "4/4", 0)
    places = [round((onset - onsets[0]) / quaver) for onset in onsets]
    weights = _held(places)
    _, metre, upbeat = max(
        (_likelihood(places, weights, metre, upbeat), metre, upbeat)
        for metre, accents in ACCENTS.items()
        for upbeat in range(len(accents) // 2 + 1)
    )
    return Beat(quaver, metre, upbeat)


def quaver_of(intervals: Sequence[Seconds]) -> Seconds:
    """Return the quaver, in seconds, in which intervals between onsets are most easily written."""
    heard = [each for each in intervals if TOGETHER < each < LONGEST_INTERVAL]
    if not heard:
        return USUAL_QUAVER
    quaver = min(_candidates(), key=lambda candidate: _cost(candidate, heard))
    # Once it is known which length each interval has, all together tell the tempo best.
    lengths = [min(LENGTHS, key=lambda length: _misfit(each, length, quaver)) for each in heard]
    return min(max(sum(heard) / sum(lengths), SHORTEST_QUAVER), LONGEST_QUAVER)


@cache
def _candidates() -> list[Seconds]:
    ratio = (LONGEST_QUAVER / SHORTEST_QUAVER) ** (1 / (CANDIDATES - 1))
    return [SHORTEST_QUAVER * ratio**index for index in range(CANDIDATES)]


def _cost(quaver: Seconds, intervals: Sequence[Seconds]) -> float:
    far_from_usual = (math.log(quaver / USUAL_QUAVER) / 0.5) ** 2 / 2
    misfits = fmean(min(_misfit(each, length, quaver) for length in LENGTHS) for each in intervals)
    return misfits + far_from_usual / 4


def _misfit(interval: Seconds, length: float, quaver: Seconds) -> float:
    return (math.log(interval / (length * quaver)) / TOLERANCE) ** 2 / 2 + LENGTHS[length]


def _held(places: Sequence[int]) -> list[float]:
    """Return how much each onset weighs: long notes tell of the bar."""
    lengths = [later - sooner for sooner, later in pairwise(places)]
    return [1.0 + min(length, 4) / 4 for length in [*lengths, 4]]


def _likelihood(places: Sequence[int], weights: Sequence[float], metre: str, upbeat: int) -> float:
    accents = ACCENTS[metre]
    mean = fmean(accents)
    told = [
        weight * math.log(accents[(place - upbeat) % len(accents)] / mean)
        for place, weight in zip(places, weights, strict=True)
    ]
    # Where little is known a tune begins on the beat, and in four.
    return sum(told) - 0.8 * (upbeat > 0) - 0.5 * (metre != "4/4")
