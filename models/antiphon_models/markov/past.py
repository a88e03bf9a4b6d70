"""What has been heard, as far as a Markov model needs it: a value that is never changed.

The last eight events, the last four pitches that were struck, the last two loudnesses, and what sounds.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from antiphon_models import vocab

LONGEST_MEMORY = 8
"""Events that are known, the last ones."""

NOTHING = vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES
"""The event that lies before all music."""

MIDDLE = 60
"""Where a melody comes from that has no note yet."""

NO_RANK = 16


class Event(NamedTuple):
    """An event of the vocabulary: dt bin, velocity class (0 is a release), pitch."""

    dt: int
    velocity: int
    pitch: int


class Past(NamedTuple):
    """All that is known of what was heard.

    Attributes:
        events: the last ones, the newest first.
        struck: pitches of the last onsets, the newest first.
        loudness: velocity classes of the last onsets, the newest first.
        sounding: the moment on ``clock`` at which each pitch began to sound, in this order.
        clock: seconds since the first event, as the bins tell them.
        onset_at: when the last onset was.
        rank: how many of those that sounded had begun before the one that ended last; ``NO_RANK`` after an
            onset.
    """

    events: tuple[tuple[int, int, int], ...] = (NOTHING,) * LONGEST_MEMORY
    struck: tuple[int, ...] = (MIDDLE,) * 4
    loudness: tuple[int, int] = (vocab.VELOCITY_CLASSES, vocab.VELOCITY_CLASSES)
    sounding: Mapping[int, float] = {}
    clock: float = 0.0
    onset_at: float = 0.0
    rank: int = NO_RANK

    def after(self, event: tuple[int, int, int]) -> "Past":
        """Return what is known when one more event was heard."""
        dt, velocity, pitch = event
        clock = self.clock + vocab.DT_GRID[dt]
        events = (event, *self.events[:-1])
        sounding = dict(self.sounding)
        if velocity:
            sounding.pop(pitch, None)
            sounding[pitch] = clock
            struck = (pitch, *self.struck[:-1])
            return Past(events, struck, (velocity, self.loudness[0]), sounding, clock, clock, NO_RANK)
        rank = rank_of(pitch, sounding)
        sounding.pop(pitch, None)
        return Past(events, self.struck, self.loudness, sounding, clock, self.onset_at, rank)


SILENCE = Past()
"""What is known when nothing was heard."""


def rank_of(pitch: int, sounding: Iterable[int]) -> int:
    """Return how many of what sounds began before a pitch; ``NO_RANK`` where it does not sound."""
    for rank, each in enumerate(sounding):
        if each == pitch:
            return min(rank, NO_RANK - 1)
    return NO_RANK
