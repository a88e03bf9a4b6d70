"""The compass of an answer: which pitches there are for it.

Sets of pitches are asked for with every event, so each is made once.
"""

from functools import cache, lru_cache

from antiphon.core.settings import Play
from antiphon.core.units import Pitch


@cache
def compass_of(play: Play) -> frozenset[Pitch]:
    """Return the pitches that an answer may use, such that what is sent stays within MIDI's."""
    lowest = max(play.lowest, -play.transpose)
    highest = min(play.highest, 127 - play.transpose)
    return frozenset(map(Pitch, range(lowest, highest + 1)))


@lru_cache(maxsize=64)
def within_both(pitches: frozenset[Pitch], others: frozenset[Pitch]) -> frozenset[Pitch]:
    """Return the pitches that are in both sets."""
    return pitches & others


@lru_cache(maxsize=64)
def within(pitches: frozenset[Pitch], scale: frozenset[int]) -> frozenset[Pitch]:
    """Return those of some pitches that belong to a scale."""
    return frozenset(pitch for pitch in pitches if pitch % 12 in scale)
