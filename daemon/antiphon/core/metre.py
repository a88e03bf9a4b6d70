"""The metre: beats and bars laid over time, as a value. It does not know who keeps the time."""

import math
from typing import Literal, TypeAlias

from msgspec import Struct

from antiphon.core.units import Beats, Seconds

JUST_PASSED: Seconds = 0.02
"""A beat that is past by less than this has not been missed."""

TempoSource: TypeAlias = Literal["clock", "playing", "setting"]
"""Whom the beat was taken from."""


class Metre(Struct, frozen=True, gc=False):
    """Beats that follow each other evenly; beat 0 begins a bar.

    Attributes:
        at: a moment, and
        beat: which beat it is then; in between two of them, a fraction.
        period: seconds from one beat to the next.
        bar: beats from the beginning of one bar to that of the next.
        source: whom it was taken from.
    """

    at: Seconds
    beat: Beats
    period: Seconds
    bar: int
    source: TempoSource

    @property
    def bpm(self) -> float:
        return 60.0 / self.period

    def beat_at(self, moment: Seconds) -> Beats:
        """Return which beat it is at a moment."""
        return self.beat + (moment - self.at) / self.period

    def moment_of(self, beat: Beats) -> Seconds:
        """Return when it is that beat."""
        return self.at + (beat - self.beat) * self.period

    def next_of(self, every: Beats, moment: Seconds) -> Seconds:
        """Return the first moment from another one on at which a multiple of ``every`` falls.

        One that has only just passed counts: then it is that other moment itself.
        """
        multiple = math.ceil(self.beat_at(moment - JUST_PASSED) / every)
        return max(moment, self.moment_of(multiple * every))
