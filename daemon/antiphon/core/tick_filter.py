"""Where the ticks of a clock would fall if none came early or late. It knows no beats.

A Kalman filter of two states, the moment of the last tick and the seconds between two. The clock is taken to
be even, so at first this is the straight line by least squares through all ticks; its gains are known in
advance (the growing-memory filter of E. Brookner, Tracking and Kalman Filtering Made Easy, 1998) and fall
until it remembers some four bars. A clock that is not where it should be for several ticks on end
has changed its tempo; then the line begins anew, with these ticks.
"""

from collections import deque

from antiphon.core.units import Seconds

MEMORY = 448
"""Ticks that are remembered. White noise comes out a tenth as large."""

RECENT = 16
"""Ticks by which a change of tempo is noticed, and from which the new line is drawn."""

FAR = 1.5
"""How many times farther than usual from the line the recent ticks are, on average, where it has bent."""

FARTHEST = 4.0
"""A tick more times farther than usual is a thread that was held up, and counts no more than this."""

EVEN: Seconds = 0.0002
"""How far a tick of the best of clocks is from the line, so that rounding is no change of tempo."""

UNKNOWN: Seconds = 0.002
"""How far ticks are taken to be from the line before that is known."""

SETTLED = 24
"""Ticks from which the line is trusted to say which tick is far from it."""


class TickFilter:
    """A line through ticks.

    Attributes:
        at: when the last tick would have come.
        period: seconds from one tick to the next; 0 before the second.
        ticks: how many the line goes through, up to those that it remembers.
    """

    def __init__(self) -> None:
        self.at: Seconds = 0.0
        self.period: Seconds = 0.0
        self.ticks = 0
        self._usual = UNKNOWN
        self._drift: Seconds = 0.0
        self._recent: deque[tuple[int, Seconds]] = deque(maxlen=RECENT)

    def take(self, ticks: int, at: Seconds) -> None:
        """Take in that the last of some ``ticks`` came at a moment, later than the one before."""
        self._recent.append((ticks, at))
        if self.ticks < 2:
            self._begin(ticks, at)
            return
        error = at - (self.at + ticks * self.period)
        if self.ticks >= SETTLED:
            error = self._bounded(error)
            if abs(self._drift) > FAR * self._usual:
                self._begin_anew()
                return
        self._correct(ticks, error)

    def _begin(self, ticks: int, at: Seconds) -> None:
        if self.ticks == 1:
            self.period = (at - self.at) / ticks
        self.at, self.ticks = at, self.ticks + 1

    def _bounded(self, error: Seconds) -> Seconds:
        farthest = FARTHEST * self._usual
        error = min(max(error, -farthest), farthest)
        self._drift += (error - self._drift) / RECENT
        self._usual = max(EVEN, self._usual + (abs(error) - self._usual) / MEMORY)
        return error

    def _correct(self, ticks: int, error: Seconds) -> None:
        self.ticks = count = min(self.ticks + 1, MEMORY)
        of_phase = 2 * (2 * count - 1) / (count * (count + 1))
        of_period = 6 / (count * (count + 1))
        self.at += ticks * self.period + of_phase * error
        self.period += of_period * error / ticks

    def _begin_anew(self) -> None:
        recent = list(self._recent)
        self.ticks, self._drift = 0, 0.0
        for ticks, at in recent:
            self.take(ticks, at)
