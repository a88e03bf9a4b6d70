"""Hours of the day, as an installer writes them: ``9:00-12:30 14:00-22:00``. What time it is, others know."""

import re

from msgspec import Struct

DAY = 24 * 60
"""Minutes of a day."""

_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class Span(Struct, frozen=True):
    """From a minute of the day up to another, past midnight where that is the earlier one."""

    begins: int
    ends: int

    def holds(self, minute: int) -> bool:
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


def hours_of(text: str) -> tuple[Span, ...] | None:
    """Return the spans that a text names, none where it is empty; None where it cannot be understood."""
    spans: list[Span] = []
    for word in re.sub(r"\s*-\s*", "-", text).split():
        found = _SPAN.fullmatch(word)
        if found is None:
            return None
        begins, ends = _minute(found[1], found[2]), _minute(found[3], found[4])
        if begins is None or ends is None:
            return None
        spans.append(Span(begins, ends))
    return tuple(spans)


def is_open(text: str, minute: int) -> bool:
    """Tell whether a minute of the day is within hours that are well written; without any, always."""
    spans = hours_of(text)
    return not spans or any(span.holds(minute) for span in spans)


def objection_to_hours(text: object) -> str:
    """Say what is wrong with hours, or nothing."""
    if isinstance(text, str) and hours_of(text) is not None:
        return ""
    return "write hours as 9:00-12:30 14:00-22:00, from 0:00 to 24:00"


def _minute(hours: str, minutes: str) -> int | None:
    minute = 60 * int(hours) + int(minutes)
    return minute if minute <= DAY and int(minutes) < 60 else None
