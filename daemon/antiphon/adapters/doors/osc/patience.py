"""How much of one sender is listened to, so that none keeps the music from its work."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from antiphon.core.units import Seconds

WEIGHT_PER_SECOND = 500.0
"""How much of one sender is followed in the long run; 1 is the value of a fader, which sends up to sixty."""

AT_ONCE = 500.0
"""How much is followed although it comes all at once."""

MOST_SENDERS = 64
"""Senders that are remembered; whoever has been silent for longest is forgotten."""

Verdict: TypeAlias = Literal["listen", "say that it is too much", "ignore"]


@dataclass(slots=True)
class _Bucket:
    left: float
    at: Seconds
    was_told: bool = False


class Patience:
    """A bucket for each sender, that time fills and messages empty."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def verdict(self, sender: Hashable, weight: float, now: Seconds) -> Verdict:
        """Return what to do with so much more; a flood is answered once, until it is over."""
        bucket = self._buckets.setdefault(sender, _Bucket(AT_ONCE, now))
        self._buckets.move_to_end(sender)
        if len(self._buckets) > MOST_SENDERS:
            self._buckets.popitem(last=False)
        bucket.left = min(bucket.left + (now - bucket.at) * WEIGHT_PER_SECOND, AT_ONCE)
        bucket.at = now
        if bucket.left >= weight:
            bucket.was_told = bucket.was_told and bucket.left < AT_ONCE / 2
            bucket.left -= weight
            return "listen"
        if bucket.was_told:
            return "ignore"
        bucket.was_told = True
        return "say that it is too much"
