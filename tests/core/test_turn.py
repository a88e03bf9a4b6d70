import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from antiphon.core.ending import LONG_REST, Close, Ending
from antiphon.core.turn import (
    HASTY,
    LESS_SURE,
    UNKNOWN_PACE,
    pause_after,
    pause_in_a_conversation,
    pause_that_ends_a_turn,
)
from default_settings import settings
from timing_engine import LATE, SOON, expecting

TURN = settings(turn={"patience": 2.0, "shortest_pause": 0.5, "longest_pause": 3.0}).turn
HASTILY_JUDGED = settings(turn={"patience": HASTY, "shortest_pause": 0.1, "longest_pause": 3.0}).turn
MIDWAY = Close(held=0.2, home=False, accent=0.0, slowing=1.0, rests=())
CADENCE = Close(held=0.9, home=True, accent=10.0, slowing=1.5, rests=())


def test_the_pause_is_so_many_notes_at_the_players_pace() -> None:
    assert pause_that_ends_a_turn(0.4, TURN) == pytest.approx(0.8)


def test_a_single_note_is_waited_for_at_an_assumed_pace() -> None:
    assert pause_that_ends_a_turn(None, TURN) == pytest.approx(2.0 * UNKNOWN_PACE)


def test_the_pause_is_neither_too_short_nor_too_long() -> None:
    assert pause_that_ends_a_turn(0.01, TURN) == LESS_SURE * 0.5
    assert pause_that_ends_a_turn(60.0, TURN) == 3.0


def test_with_little_patience_the_turn_is_over_as_soon_as_the_player_is_likelier_done_than_not() -> None:
    ending = Ending(CADENCE, expecting((0.2, 0.5), (1.2, 0.4), (3.0, 0.1)), lag=0.0)
    pause = pause_after(ending, HASTILY_JUDGED)
    assert ending.log_odds(pause) >= 0.0 > ending.log_odds(pause - 0.01)


def test_a_cadence_is_answered_sooner_than_a_phrase_that_breaks_off() -> None:
    assert pause_after(Ending(CADENCE, LATE, 0.0), HASTILY_JUDGED) < pause_after(
        Ending(MIDWAY, SOON, 0.0), HASTILY_JUDGED
    )


def test_whatever_the_music_says_the_pause_is_neither_too_short_nor_too_long() -> None:
    assert pause_after(Ending(MIDWAY, SOON, 0.0), replace(HASTILY_JUDGED, longest_pause=60.0)) <= LONG_REST
    narrow = replace(HASTILY_JUDGED, shortest_pause=0.6, longest_pause=0.7)
    assert pause_after(Ending(CADENCE, LATE, 0.0), narrow) == 0.6
    assert pause_after(Ending(MIDWAY, SOON, 0.0), narrow) == 0.7


@given(st.floats(0.1, 10.0))
def test_patience_is_in_proportion(patience: float) -> None:
    ending = Ending(CADENCE, expecting((0.2, 0.5), (1.2, 0.4), (3.0, 0.1)), lag=0.0)
    free = replace(HASTILY_JUDGED, shortest_pause=0.01, longest_pause=60.0)
    usual, patient = pause_after(ending, free), pause_after(ending, replace(free, patience=patience))
    assert patient == pytest.approx(usual * patience / HASTY, abs=0.03)


def test_a_short_question_is_answered_at_its_own_pace_though_the_music_would_wait() -> None:
    breaks_off = Ending(MIDWAY, SOON, 0.0)
    turn = replace(HASTILY_JUDGED, patience=2.5)
    assert pause_after(breaks_off, turn) > 1.5
    assert pause_in_a_conversation(breaks_off, 0.25, 1.0, turn) == pytest.approx(0.625 * 1.1)


def test_the_longer_somebody_plays_the_more_counts_what_the_music_says() -> None:
    breaks_off, cadence = Ending(MIDWAY, SOON, 0.0), Ending(CADENCE, LATE, 0.0)
    pauses = [pause_in_a_conversation(breaks_off, 0.25, lasted, TURN) for lasted in (1.0, 10.0, 30.0, 600.0)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == pause_after(breaks_off, TURN)
    assert pause_in_a_conversation(cadence, 0.25, 600.0, TURN) == pause_after(cadence, TURN)
