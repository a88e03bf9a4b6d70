"""Whether somebody is there: from the first touch until nothing has been touched for long enough."""

from antiphon.core.commands import PlayerCame, PlayerLeft
from antiphon.core.units import Seconds


class Presence:
    """``touched`` is when the player last moved something, None while nobody is there."""

    def __init__(self) -> None:
        self.touched: Seconds | None = None

    def touch(self, now: Seconds) -> PlayerCame | None:
        """Return that somebody came, where nobody was there before."""
        came = None if self.touched is not None else PlayerCame()
        self.touched = now
        return came

    def leaves_at(self, absence: Seconds) -> Seconds | None:
        """Return when the player counts as gone, unless something is touched before."""
        return None if self.touched is None else self.touched + absence

    def leave(self, now: Seconds) -> PlayerLeft | None:
        """Return that the player is gone, where somebody was there."""
        if self.touched is None:
            return None
        away, self.touched = now - self.touched, None
        return PlayerLeft(away)
