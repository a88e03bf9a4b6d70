"""The player: what a touch changes, and where a phrase begins and ends."""

import pytest

from antiphon.core.player import Player
from antiphon.core.units import Pitch, Velocity
from default_settings import settings

C, E = Pitch(60), Pitch(64)
LOUD = Velocity(100)
TURN = settings(turn={"shortest_pause": 0.5, "longest_pause": 0.5}).turn


def test_a_phrase_lasts_from_its_first_onset_to_the_last_touch() -> None:
    player = Player()
    assert player.phrase.seconds == 0.0
    assert player.press(C, LOUD, 2.0) == [(LOUD, C)]
    player.press(E, LOUD, 2.5)
    player.release(C, 2.75)
    player.release(E, 4.0)
    assert (player.phrase.onsets, player.phrase.seconds) == (2, 2.0)
    assert player.phrase_ends_at(TURN) == 4.5


def test_the_next_phrase_begins_with_the_next_onset() -> None:
    player = Player()
    player.press(C, LOUD, 0.0)
    player.release(C, 1.0)
    player.begin_anew()
    assert not player.is_active(1.1, TURN)
    player.press(C, LOUD, 9.0)
    assert (player.phrase.onsets, player.phrase.began) == (1, 9.0)


def test_a_pedal_that_rests_is_no_touch_and_one_that_holds_is() -> None:
    player = Player()
    player.press(C, LOUD, 0.0)
    player.release(C, 1.0)
    player.pedal(3, 1.4)
    assert player.phrase_ends_at(TURN) == 1.5
    player.pedal(127, 1.4)
    assert player.is_active(99.0, TURN)
    player.leave(2.0)
    assert player.is_still
    assert player.sounding == frozenset()


def test_a_phrase_that_only_the_pedal_holds_would_be_over_a_pause_after_the_last_key() -> None:
    player = Player()
    player.pedal(127, 0.0)
    assert player.phrase_would_end_at(TURN) is None
    player.press(C, LOUD, 1.0)
    assert player.phrase_would_end_at(TURN) is None
    player.release(C, 2.0)
    player.pedal(120, 4.0)
    assert player.phrase_would_end_at(TURN) == 2.5
    player.pedal(0, 5.0)
    assert player.phrase_would_end_at(TURN) is None


@pytest.mark.parametrize("onsets", [0, 8])
def test_the_guide_is_what_was_heard_once_there_was_enough_of_it(onsets: int) -> None:
    player = Player()
    for number in range(onsets):
        player.press(C, LOUD, float(number))
    assert player.guide(settings()).register == (60.0 if onsets else None)
