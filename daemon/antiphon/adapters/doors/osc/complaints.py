"""Something that may go wrong a thousand times a second, told in one line a minute."""

import logging

from antiphon.core.units import Seconds

BETWEEN_LINES: Seconds = 60.0

logger = logging.getLogger(__name__)


class Complaint:
    """Counts how often something went wrong; tells it the first time, and from then on once a minute.

    Args:
        what: what it is, as it follows a number: ``packets could not be sent``.
    """

    def __init__(self, what: str) -> None:
        self.times = 0
        self._what = what
        self._untold = 0
        self._silent_until: Seconds = -float("inf")

    def count(self, now: Seconds, detail: str) -> None:
        self.times += 1
        self._untold += 1
        if now >= self._silent_until:
            logger.warning("OSC: %d %s; %s", self._untold, self._what, detail)
            self._untold = 0
            self._silent_until = now + BETWEEN_LINES
