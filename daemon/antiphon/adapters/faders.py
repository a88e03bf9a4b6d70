"""Settings that somebody moves many times a second: of each only the latest value counts.

To follow one costs the music something, for what has been imagined and has not sounded yet is imagined anew.
"""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from antiphon.core.units import Seconds

BETWEEN_MOVES: Seconds = 0.03
"""How long passes between two changes at least; nobody hears them come sooner."""

Move = TypeVar("Move")


class Alarm(Protocol):
    """What a loop returns for something that is to be called later."""

    def cancel(self) -> None: ...


class Faders(Generic[Move]):
    """Collects moves, and has them followed together.

    Args:
        follow: follows the latest move of each setting.
        call_later: calls something when so many seconds have passed.
        between: how long passes between two changes at least.
    """

    def __init__(
        self,
        follow: Callable[[Sequence[Move]], None],
        call_later: Callable[[Seconds, Callable[[], None]], Alarm],
        between: Seconds = BETWEEN_MOVES,
    ) -> None:
        self._follow = follow
        self._call_later = call_later
        self._between = between
        self._waiting: dict[str, Move] = {}
        self._alarm: Alarm | None = None

    def move(self, setting: str, move: Move) -> None:
        """Follow this as soon as everything has been read that came together with it."""
        self._waiting[setting] = move
        if self._alarm is None:
            self._alarm = self._call_later(0.0, self._due)

    def settle(self) -> None:
        """Follow at once what waits: something else is about to be done that came after it."""
        if self._waiting:
            moves = [*self._waiting.values()]
            self._waiting.clear()
            self._follow(moves)

    def clear(self) -> None:
        """Follow nothing more."""
        self._waiting.clear()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _due(self) -> None:
        self._alarm = self._call_later(self._between, self._due) if self._waiting else None
        self.settle()
