"""The player: what a touch changes, and where a phrase begins and ends."""

import pytest

from antiphon.core.player import Player
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from timing_engine import LATE, SOON

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


def test_the_left_hand_holds_its_keys_whatever_becomes_of_the_others() -> None:
    player = Player()
    player.press(E, LOUD, 0.0)
    player.mean(C, is_down=True)
    assert player.sounding == {E}
    assert player.holding == {C, E}
    assert player.hand_over(1.0) == [(0, E)]
    assert player.holding == {C}
    player.leave(2.0)
    assert player.holding == frozenset()


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


def test_what_the_engine_expects_of_a_silence_holds_until_something_is_touched() -> None:
    player, turn = Player(), settings().turn
    assert not player.may_be_done
    player.press(C, LOUD, 0.0)
    player.release(C, 1.0)
    by_pace = player.phrase_ends_at(turn)
    assert player.may_be_done
    player.expect(LATE, since=1.0)
    assert not player.may_be_done
    soon = player.phrase_ends_at(turn)
    player.pedal(3, 1.1)
    assert player.phrase_ends_at(turn) == soon < by_pace
    player.press(C, LOUD, 1.2)
    player.release(C, 1.4)
    assert player.may_be_done
    player.expect(SOON, since=1.4)
    assert player.phrase_ends_at(turn) - 1.4 > soon - 1.0


def test_an_engine_that_says_nothing_and_a_judge_that_does_not_ask_leave_it_to_the_pace() -> None:
    player = Player()
    player.press(C, LOUD, 0.0)
    player.release(C, 1.0)
    by_pace = player.phrase_ends_at(settings().turn)
    player.expect(None, since=1.0)
    assert player.phrase_ends_at(settings().turn) == by_pace
    player.expect(LATE, since=1.0)
    assert player.phrase_ends_at(settings(turn={"judge": "pace"}).turn) == by_pace


def test_the_pause_follows_the_settings_as_they_change() -> None:
    player = Player()
    player.press(C, LOUD, 0.0)
    player.release(C, 1.0)
    player.expect(SOON, since=1.0)
    patient = settings(turn={"patience": 10.0, "shortest_pause": 0.7}).turn
    assert player.phrase_ends_at(settings().turn) < player.phrase_ends_at(patient)


def test_to_lift_the_pedal_is_a_touch_though_nothing_sounded() -> None:
    player = Player()
    player.press(C, LOUD, 0.0)
    player.release(C, 0.5)
    player.pedal(127, 0.6)
    player.pedal(0, 3.0)
    assert player.phrase_ends_at(TURN) == 3.5
