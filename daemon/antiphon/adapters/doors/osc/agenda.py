"""What is to be done at a later moment of the wall clock, which others have named."""

from collections.abc import Callable
from typing import Protocol

from antiphon.core.units import Seconds
from antiphon.errors import RequestError

FARTHEST_AHEAD: Seconds = 3600.0

MOST = 256
"""How much may wait."""


class Alarm(Protocol):
    def cancel(self) -> None: ...


class Agenda:
    """Does each thing when its moment has come.

    Args:
        wall_clock: tells the seconds since 1970.
        call_later: calls something when so many seconds have passed.
    """

    def __init__(
        self,
        wall_clock: Callable[[], Seconds],
        call_later: Callable[[Seconds, Callable[[], None]], Alarm],
    ) -> None:
        self._wall_clock = wall_clock
        self._call_later = call_later
        self._alarms: dict[int, Alarm] = {}
        self._number = 0

    def put_down(self, act: Callable[[], None], at: Seconds, beforehand: Seconds = 0.0) -> None:
        """Act at a moment in seconds since 1970, or rather so long beforehand; at once if that has passed.

        Raises:
            RequestError: it is too far ahead, or too much waits already.
        """
        ahead = at - self._wall_clock()
        if ahead > FARTHEST_AHEAD:
            raise RequestError(f"the bundle is {ahead:.0f} s ahead; {FARTHEST_AHEAD:.0f} s is the most")
        if ahead <= beforehand:
            act()
            return
        if len(self._alarms) == MOST:
            raise RequestError(f"{MOST} messages wait for their moment already, and that is the most")
        self._number += 1
        self._alarms[self._number] = self._call_later(ahead - beforehand, self._due(self._number, act))

    def clear(self) -> None:
        """Do nothing of it."""
        for alarm in self._alarms.values():
            alarm.cancel()
        self._alarms.clear()

    def _due(self, number: int, act: Callable[[], None]) -> Callable[[], None]:
        def due() -> None:
            del self._alarms[number]
            act()

        return due
