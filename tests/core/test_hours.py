"""Hours of the day, as an installer writes them."""

import pytest

from antiphon.core.hours import hours_of, is_open, objection_to_hours


@pytest.mark.parametrize(
    "text", ["", "  ", "9:00-17:00", "9:00 - 12:30 14:00-22:00", "22:00-6:00", "0:00-24:00"]
)
def test_hours_are_understood(text: str) -> None:
    assert objection_to_hours(text) == ""


@pytest.mark.parametrize(
    "text", ["9-17", "9:00", "9:00-25:00", "9:60-10:00", "24:30-1:00", "always", "9:00-"]
)
def test_what_is_no_time_is_objected_to(text: str) -> None:
    assert hours_of(text) is None
    assert "9:00-12:30" in objection_to_hours(text)


def test_without_hours_it_is_always_open() -> None:
    assert is_open("", 0)


def test_a_span_holds_its_beginning_and_not_its_end() -> None:
    text = "9:00-12:30 14:00-22:00"
    open_at = [
        hour + minute / 60 for hour in range(24) for minute in (0, 30) if is_open(text, 60 * hour + minute)
    ]
    assert (open_at[0], max(each for each in open_at if each < 13), open_at[-1]) == (9.0, 12.0, 21.5)
    assert 13.0 not in open_at


def test_a_span_may_reach_past_midnight() -> None:
    assert is_open("22:00-6:00", 23 * 60)
    assert is_open("22:00-6:00", 5 * 60)
    assert not is_open("22:00-6:00", 12 * 60)
    assert is_open("0:00-24:00", 24 * 60 - 1)
