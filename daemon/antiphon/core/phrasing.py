"""How the player phrases, of late: what they struck last, how loud, and how long they rest in mid-phrase.

The times between onsets are the hands' business.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from statistics import fmean, median

from antiphon.core.ending import LONG_REST, Close
from antiphon.core.hands import CHORD
from antiphon.core.keys import Key
from antiphon.core.units import Pitch, Seconds, Velocity

LATELY = 24
"""Onsets that tell how loud the music is, the last ones."""

RESTS = 32
"""Rests that are remembered, the last ones."""

SHORTEST_REST: Seconds = 0.12
"""A shorter silence only tells notes apart."""

SLOWED = 3
"""Intervals that tell whether the music slows down, the last ones."""


class Phrasing:
    """Takes in onsets and silences, and says how a phrase broke off."""

    def __init__(self) -> None:
        self._chord: list[Pitch] = []
        self._chord_began: Seconds = 0.0
        self._struck_at: Seconds = 0.0
        self._velocities: deque[Velocity] = deque(maxlen=LATELY)
        self._rests: deque[Seconds] = deque(maxlen=RESTS)
        self._still_since: Seconds | None = None

    def strike(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> None:
        """Take in an onset, and that it ends a silence where there was one."""
        self.stir(now)
        if not self._chord or now - self._chord_began > CHORD:
            self._chord, self._chord_began = [], now
        self._chord.append(pitch)
        self._struck_at = now
        self._velocities.append(velocity)

    def rest(self, now: Seconds) -> None:
        """Take in that everything was let go, unless it was before."""
        if self._still_since is None:
            self._still_since = now

    def stir(self, now: Seconds) -> None:
        """Take in that a silence is over: if the player had meant to end, they would have let it become long.

        So a rest that was taken for an end, and was none, counts as well.
        """
        if self._still_since is not None and SHORTEST_REST <= now - self._still_since < LONG_REST:
            self._rests.append(now - self._still_since)
        self._still_since = None

    def close(self, key: Key | None, intervals: Sequence[Seconds]) -> Close | None:
        """Return how the phrase broke off; None while something is held, or where there is none.

        Args:
            key: that the music is in; None where that is not known.
            intervals: between its onsets, the last ones.
        """
        if self._still_since is None or not self._chord:
            return None
        home = frozenset[int]() if key is None else key.triad
        return Close(
            held=self._still_since - self._struck_at,
            home=all(pitch % 12 in home for pitch in self._chord),
            accent=max(islice(reversed(self._velocities), len(self._chord))) - fmean(self._velocities),
            slowing=slowing(intervals),
            rests=sorted(self._rests),
        )


def slowing(intervals: Sequence[Seconds]) -> float:
    """Return how many times as long as usual the last intervals are; 1 where there are none."""
    return fmean(intervals[-SLOWED:]) / median(intervals) if intervals else 1.0
