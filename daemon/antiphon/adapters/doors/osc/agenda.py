"""What is to be done at a later moment of the wall clock, which others have named."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from antiphon.adapters.desk import FARTHEST_AHEAD
from antiphon.adapters.faders import Alarm
from antiphon.core.units import Seconds
from antiphon.errors import RequestError

MOST = 256
"""How much may wait."""


@dataclass(frozen=True, slots=True)
class _Appointment:
    alarm: Alarm
    acts: list[Callable[[], None]]


class Agenda:
    """Does each thing when its moment has come; what has the same moment in the order in which it came.

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
        self._appointments: dict[Seconds, _Appointment] = {}

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
        if sum(len(each.acts) for each in self._appointments.values()) >= MOST:
            raise RequestError(f"{MOST} messages wait for their moment already, and that is the most")
        moment = at - beforehand
        if moment not in self._appointments:
            alarm = self._call_later(ahead - beforehand, partial(self._keep, moment))
            self._appointments[moment] = _Appointment(alarm, [])
        self._appointments[moment].acts.append(act)

    def clear(self) -> None:
        """Do nothing of it."""
        for appointment in self._appointments.values():
            appointment.alarm.cancel()
        self._appointments.clear()

    def _keep(self, moment: Seconds) -> None:
        for act in self._appointments.pop(moment).acts:
            act()
