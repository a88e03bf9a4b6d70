"""What day it is, and whether it may play by itself at this hour: what the core is told of the calendar."""

from collections.abc import Callable
from datetime import datetime

from antiphon.core.events import HoursTold
from antiphon.core.hours import is_open


class Almanac:
    """Tells what has become different, and nothing twice.

    Args:
        deliver: takes what is told.
        now: the local date and time, which somebody may set.
    """

    def __init__(
        self, deliver: Callable[[HoursTold], None], now: Callable[[], datetime] = datetime.now
    ) -> None:
        self._deliver = deliver
        self._now = now
        self._told: HoursTold | None = None

    def look(self, hours: str) -> None:
        """Look at the clock; call this about once a second.

        Args:
            hours: in which it may play by itself, as the settings have them.
        """
        now = self._now()
        told = HoursTold(is_open(hours, 60 * now.hour + now.minute), now.toordinal())
        if told != self._told:
            self._told = told
            self._deliver(told)
