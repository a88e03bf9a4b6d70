import pytest

from antiphon.core.turn import UNKNOWN_PACE, pause_that_ends_a_turn
from default_settings import settings

TURN = settings(turn={"patience": 2.0, "shortest_pause": 0.5, "longest_pause": 3.0}).turn


def test_the_pause_is_so_many_notes_at_the_players_pace() -> None:
    assert pause_that_ends_a_turn(0.4, TURN) == pytest.approx(0.8)


def test_a_single_note_is_waited_for_at_an_assumed_pace() -> None:
    assert pause_that_ends_a_turn(None, TURN) == pytest.approx(2.0 * UNKNOWN_PACE)


def test_the_pause_is_neither_too_short_nor_too_long() -> None:
    assert pause_that_ends_a_turn(0.01, TURN) == 0.5
    assert pause_that_ends_a_turn(60.0, TURN) == 3.0
