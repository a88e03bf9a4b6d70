"""A histogram of durations that may be fed in the hot path: constant memory, constant cost.

Each power of two is divided into equal buckets, as in HdrHistogram (hdrhistogram.org), so that a duration is
kept to about the same share of itself, whether it is a microsecond or a minute. It reads no clock and does
not know what was measured.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from math import ceil, frexp, inf, ldexp

from msgspec import Struct

from antiphon.core.units import Seconds

BUCKETS_PER_OCTAVE = 64
"""What is read is above what was recorded by at most one part in so many."""

SHORTEST: Seconds = 2.0**-20
"""About a microsecond; everything below it shares the first bucket."""

OCTAVES = 28
"""So many times the shortest is doubled, to four minutes; everything beyond shares the last bucket."""

_BUCKETS = OCTAVES * BUCKETS_PER_OCTAVE
_TWICE = 2 * BUCKETS_PER_OCTAVE
_OFFSET = -(frexp(SHORTEST)[1] + 1) * BUCKETS_PER_OCTAVE

MICROSECONDS = 1e6


class Summary(Struct, frozen=True):
    """What a histogram holds, in microseconds; everything is 0 where nothing was recorded."""

    count: int
    p50: float
    p99: float
    p99_9: float
    max: float


class Histogram:
    """Durations in seconds, each counted in the bucket that it belongs to.

    Attributes:
        largest: the longest of them, exactly; 0.0 where nothing was recorded.
    """

    def __init__(self) -> None:
        self._counts = [0] * (_BUCKETS + 1)
        self.largest: Seconds = 0.0

    def record(self, duration: Seconds, times: int = 1) -> None:
        """Count a duration; what is negative counts as nothing."""
        if duration > self.largest:
            self.largest = duration
        # The mantissa is of [0.5, 1): twice the buckets of an octave, of which the upper half is used.
        mantissa, exponent = frexp(duration if duration > SHORTEST else SHORTEST)
        try:
            self._counts[exponent * BUCKETS_PER_OCTAVE + int(mantissa * _TWICE) + _OFFSET] += times
        except IndexError:
            self._counts[_BUCKETS] += times

    @property
    def count(self) -> int:
        """How many were recorded."""
        return sum(self._counts)

    def percentile(self, percent: float) -> Seconds:
        """Return a duration that so many percent of them do not exceed; 0.0 where nothing was recorded.

        It is never less than the shortest such of those that were recorded, and is longer by less than the
        width of a bucket.
        """
        return self._percentiles(percent)[0]

    def _percentiles(self, *percents: float) -> list[Seconds]:
        """Return several at once: this is asked while it plays, and to go through all buckets takes long."""
        so_far = [*accumulate(self._counts)]
        if not so_far[-1]:
            return [0.0 for _ in percents]
        ranks = [max(ceil(so_far[-1] * percent / 100), 1) for percent in percents]
        return [min(_upper_end(bisect_left(so_far, rank)), self.largest) for rank in ranks]

    def buckets(self) -> Iterator[tuple[Seconds, int]]:
        """Yield the upper end of each bucket that is not empty, upwards, and how many are in it."""
        for number, count in enumerate(self._counts):
            if count:
                yield _upper_end(number), count

    def octaves(self) -> Iterator[tuple[Seconds, int]]:
        """Yield the upper end of each octave that is not empty, upwards, and how many are in it."""
        for first in range(0, _BUCKETS, BUCKETS_PER_OCTAVE):
            if count := sum(self._counts[first : first + BUCKETS_PER_OCTAVE]):
                yield _upper_end(first + BUCKETS_PER_OCTAVE - 1), count
        if self._counts[_BUCKETS]:
            yield inf, self._counts[_BUCKETS]

    def summary(self) -> Summary:
        """Return what is worth telling of it."""
        durations = (*self._percentiles(50, 99, 99.9), self.largest)
        return Summary(self.count, *(round(MICROSECONDS * duration, 1) for duration in durations))


def _upper_end(number: int) -> Seconds:
    octave, place = divmod(number, BUCKETS_PER_OCTAVE)
    return ldexp(SHORTEST, octave) * (1 + (place + 1) / BUCKETS_PER_OCTAVE) if number < _BUCKETS else inf
