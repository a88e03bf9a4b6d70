"""What has a moment is done then, by a clock that goes as the test says."""

from collections.abc import Callable

import pytest

from antiphon.adapters.doors.osc.agenda import MOST, Agenda
from antiphon.errors import RequestError

NOW = 1_790_000_000.0


class Alarms:
    """The timer of a loop whose time does not pass by itself."""

    def __init__(self) -> None:
        self.waiting: list[Alarm] = []

    def call_later(self, seconds: float, act: Callable[[], None]) -> "Alarm":
        alarm = Alarm(self, seconds, act)
        self.waiting.append(alarm)
        return alarm

    def ring(self) -> None:
        """Call what is due next."""
        alarm = min(self.waiting, key=lambda each: each.seconds)
        self.waiting.remove(alarm)
        alarm.act()


class Alarm:
    def __init__(self, alarms: Alarms, seconds: float, act: Callable[[], None]) -> None:
        self._alarms, self.seconds, self.act = alarms, seconds, act

    def cancel(self) -> None:
        self._alarms.waiting.remove(self)


class Diary:
    """What was done, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.alarms = Alarms()
        self.agenda = Agenda(lambda: NOW, self.alarms.call_later)

    def put_down(self, what: str, at: float, beforehand: float = 0.0) -> None:
        self.agenda.put_down(lambda: self.done.append(what), at, beforehand)


def test_what_has_passed_is_done_at_once() -> None:
    diary = Diary()
    diary.put_down("now", NOW)
    diary.put_down("long ago", NOW - 1e9)
    assert diary.done == ["now", "long ago"]
    assert diary.alarms.waiting == []


def test_what_is_to_come_is_done_in_its_order() -> None:
    diary = Diary()
    diary.put_down("third", NOW + 9.0)
    diary.put_down("first", NOW + 2.5)
    diary.put_down("second", NOW + 9.0, beforehand=1.0)
    assert diary.done == []
    assert sorted(alarm.seconds for alarm in diary.alarms.waiting) == [2.5, 8.0, 9.0]
    for _ in range(3):
        diary.alarms.ring()
    assert diary.done == ["first", "second", "third"]


def test_what_is_to_be_done_beforehand_and_is_nearly_due_is_done_at_once() -> None:
    diary = Diary()
    diary.put_down("soon", NOW + 0.4, beforehand=1.0)
    assert diary.done == ["soon"]


def test_nothing_is_put_down_for_more_than_an_hour_ahead() -> None:
    diary = Diary()
    diary.put_down("in an hour", NOW + 3600.0)
    with pytest.raises(RequestError, match="3601 s ahead; 3600 s is the most"):
        diary.put_down("later", NOW + 3601.0)


def test_only_so_much_waits() -> None:
    diary = Diary()
    for _ in range(MOST):
        diary.put_down("later", NOW + 60.0)
    with pytest.raises(RequestError, match=f"{MOST} messages wait"):
        diary.put_down("too much", NOW + 60.0)
    diary.alarms.ring()
    diary.put_down("there is room again", NOW + 70.0)


def test_what_has_the_same_moment_is_done_together_and_in_order() -> None:
    diary = Diary()
    diary.put_down("first", NOW + 60.0)
    diary.put_down("second", NOW + 60.0)
    diary.alarms.ring()
    assert diary.done == ["first", "second"]


def test_what_is_cleared_is_not_done() -> None:
    diary = Diary()
    diary.put_down("never", NOW + 60.0)
    diary.agenda.clear()
    assert diary.alarms.waiting == []
