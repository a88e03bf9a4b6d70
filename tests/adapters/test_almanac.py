"""What the core is told of the calendar."""

from datetime import datetime, timedelta

from antiphon.adapters.almanac import Almanac
from antiphon.core.events import HoursTold

NOON = datetime(2026, 6, 1, 12, 0)


class Wall:
    """A clock on the wall that somebody moves on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_it_tells_the_day_and_the_hours_once_and_again_when_they_are_different() -> None:
    told: list[HoursTold] = []
    wall = Wall()
    almanac = Almanac(told.append, wall)
    for _ in range(36):
        almanac.look("9:00-17:00")
        wall.now += timedelta(hours=1)
    day = NOON.toordinal()
    assert told == [
        HoursTold(True, day),
        HoursTold(False, day),
        HoursTold(False, day + 1),
        HoursTold(True, day + 1),
        HoursTold(False, day + 1),
    ]


def test_other_hours_are_told_at_the_next_look() -> None:
    told: list[HoursTold] = []
    almanac = Almanac(told.append, Wall())
    almanac.look("")
    almanac.look("13:00-14:00")
    assert [each.is_open for each in told] == [True, False]
