"""When a phrase is heard to close, and how long its last notes are held: from its onsets alone."""

import pytest

from antiphon.core.closing import (
    FERMATA,
    LATE,
    LONGEST_CLOSE,
    Onset,
    closing_window,
    held,
    is_closed,
    usual_interval,
)
from antiphon.core.units import Pitch

IN_C = frozenset({0, 4, 7})
NOWHERE = frozenset[int]()


def onsets(*moments: float, pitch: int = 60) -> list[Onset]:
    return [Onset(at, Pitch(pitch)) for at in moments]


QUAVERS = onsets(*(0.25 * index for index in range(30)))
"""Even notes, the last of which begins at 7.25."""


def test_the_usual_interval_is_the_middle_one_and_no_chord_counts() -> None:
    assert usual_interval(onsets(0.0, 0.01, 0.2, 0.21, 0.7, 1.0)) == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("moments", [(), (0.0,), (0.0, 1.0), (0.0, 0.01, 0.02)])
def test_nothing_is_usual_where_there_are_too_few(moments: tuple[float, ...]) -> None:
    assert usual_interval(onsets(*moments)) is None
    assert not is_closed(onsets(*moments), 9.0, -1.0, closing_window(8.0), IN_C)
    assert held(onsets(*moments), 9.0) == 9.0


def shortest_wait(left: float, length: float = 10.0, home: frozenset[int] = NOWHERE) -> float:
    """How many usual intervals close the phrase, to a tenth, when so much is left."""
    waits = [tenths / 10 for tenths in range(1, 100)]
    return min(
        wait for wait in waits if is_closed(QUAVERS, 7.2501 + 0.25 * wait, left, closing_window(length), home)
    )


def test_the_wait_that_closes_becomes_shorter_as_the_time_runs_out() -> None:
    waits = [shortest_wait(left) for left in (3.0, 2.0, 1.0, 0.0, -1.0)]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 2 * waits[-1]
    assert waits[-1] == waits[-2]


def test_at_home_it_is_shorter() -> None:
    assert shortest_wait(0.0, home=IN_C) == LATE
    assert all(shortest_wait(left, home=IN_C) < shortest_wait(left) for left in (3.0, 2.0, 1.0))


def test_no_wait_closes_what_has_not_come_far_enough() -> None:
    assert not is_closed(QUAVERS, 60.0, 3.1, closing_window(10.0), IN_C)


def test_of_ten_minutes_only_the_last_seconds_may_be_left_out() -> None:
    assert is_closed(QUAVERS, 60.0, LONGEST_CLOSE, closing_window(600.0), IN_C)
    assert not is_closed(QUAVERS, 60.0, LONGEST_CLOSE + 0.1, closing_window(600.0), IN_C)


def test_a_fermata_lengthens_what_lasts_as_long_as_usual() -> None:
    assert held(QUAVERS, 7.5) == pytest.approx(7.25 + 0.25 * FERMATA)


def test_a_short_note_is_lengthened_in_proportion_and_a_long_one_not_at_all() -> None:
    assert held(QUAVERS, 7.3) == pytest.approx(7.25 + 0.05 * FERMATA)
    assert held(QUAVERS, 8.5) == 8.5
