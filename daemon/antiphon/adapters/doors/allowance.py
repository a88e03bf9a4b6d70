"""How much is listened to, so that nobody who floods a door keeps the music from its work."""

from typing import Literal, TypeAlias

from antiphon.core.units import Seconds

Verdict: TypeAlias = Literal["listen", "say that it is too much", "ignore"]


class Allowance:
    """So much in a second, and as much at once (a token bucket).

    Args:
        per_second: the weight of all that is listened to in the long run; also how much may come at once.
    """

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._left = per_second
        self._at: Seconds | None = None
        self._was_told = False

    def verdict(self, weight: float, now: Seconds) -> Verdict:
        """Return what to do with so much more; a flood is told of once, until it is over."""
        if self._at is not None:
            self._left = min(self._left + (now - self._at) * self._per_second, self._per_second)
        self._at = now
        if self._left >= weight:
            self._was_told = self._was_told and self._left < self._per_second / 2
            self._left -= weight
            return "listen"
        if self._was_told:
            return "ignore"
        self._was_told = True
        return "say that it is too much"
