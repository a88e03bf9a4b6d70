"""What is noticed of the player while nothing happens: that nobody is there, or that a pedal is stuck."""

from collections.abc import Iterator

from antiphon.core.commands import PedalHeld, PlayerCame, PlayerLeft
from antiphon.core.units import Seconds

PEDAL_HELD_LONG: Seconds = 10.0
"""How long nothing but the pedal may withhold an answer before that is told: it may be stuck or inverted."""


class Watch:
    """Looks on; it is told what it needs to know each time, and keeps only what it has told already."""

    def __init__(self) -> None:
        self._touched: Seconds | None = None
        self._told_of_pedal: Seconds | None = None

    def touch(self, now: Seconds) -> PlayerCame | None:
        """Return that somebody came, where nobody was there before."""
        came = None if self._touched is not None else PlayerCame()
        self._touched = now
        return came

    def notices_at(self, absence: Seconds | None, withheld_from: Seconds | None) -> Seconds | None:
        """Return when there will be something to tell, unless something is touched before.

        Args:
            absence: after how long without a touch nobody is there; None while a key or the pedal is down.
            withheld_from: when nothing but the pedal began to withhold an answer; None where it does not.
        """
        moments = (self._leaves_at(absence), self._tells_of_pedal_at(withheld_from))
        return min((moment for moment in moments if moment is not None), default=None)

    def notice(
        self, now: Seconds, absence: Seconds | None, withheld_from: Seconds | None
    ) -> Iterator[PlayerLeft | PedalHeld]:
        """Yield what there is to tell by now; each of it once."""
        leaves_at = self._leaves_at(absence)
        if self._touched is not None and leaves_at is not None and now >= leaves_at:
            yield PlayerLeft(now - self._touched)
            self._touched = None
        tells_at = self._tells_of_pedal_at(withheld_from)
        if tells_at is not None and now >= tells_at:
            yield PedalHeld()
            self._told_of_pedal = withheld_from

    def _leaves_at(self, absence: Seconds | None) -> Seconds | None:
        return None if self._touched is None or absence is None else self._touched + absence

    def _tells_of_pedal_at(self, withheld_from: Seconds | None) -> Seconds | None:
        if withheld_from is None or withheld_from == self._told_of_pedal:
            return None
        return withheld_from + PEDAL_HELD_LONG
