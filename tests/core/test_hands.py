import pytest

from antiphon.core.hands import PEDAL_DOWN, Hands
from antiphon.core.units import Pitch, Velocity

C, E = Pitch(60), Pitch(64)
LOUD, RELEASED = Velocity(100), Velocity(0)


def test_a_key_sounds_from_press_to_release() -> None:
    hands = Hands()
    assert hands.press(C, LOUD, 0.0) == [(LOUD, C)]
    assert hands.sounding == {C}
    assert hands.release(C) == [(RELEASED, C)]
    assert hands.sounding == frozenset()


def test_the_pedal_holds_what_the_keys_let_go() -> None:
    hands = Hands()
    hands.press(E, LOUD, 0.0)
    hands.press(C, LOUD, 0.0)
    assert hands.pedal(PEDAL_DOWN) == []
    assert hands.release(C) == hands.release(E) == []
    assert hands.pedal(PEDAL_DOWN - 1) == [(RELEASED, C), (RELEASED, E)]


def test_the_pedal_lets_go_only_of_what_no_key_holds() -> None:
    hands = Hands()
    hands.pedal(127)
    hands.press(C, LOUD, 0.0)
    hands.press(E, LOUD, 0.0)
    hands.release(E)
    assert hands.pedal(0) == [(RELEASED, E)]
    assert hands.sounding == {C}


def test_a_key_struck_again_while_it_sounds_ends_and_begins() -> None:
    hands = Hands()
    hands.press(C, LOUD, 0.0)
    assert hands.press(C, Velocity(20), 1.0) == [(RELEASED, C), (Velocity(20), C)]
    assert hands.release(C) == [(RELEASED, C)]


def test_a_release_without_a_press_is_nothing() -> None:
    assert Hands().release(C) == []


def test_hands_are_still_when_no_key_and_no_pedal_is_down() -> None:
    hands = Hands()
    assert hands.are_still
    hands.pedal(127)
    assert not hands.are_still
    hands.press(C, LOUD, 0.0)
    hands.pedal(0)
    assert not hands.are_still
    hands.release(C)
    assert hands.are_still


def test_hands_that_have_let_go_of_every_key_may_still_hold_the_pedal() -> None:
    hands = Hands()
    assert not hands.only_hold_the_pedal
    hands.press(C, LOUD, 0.0)
    hands.pedal(127)
    assert not hands.only_hold_the_pedal
    hands.release(C)
    assert hands.only_hold_the_pedal
    hands.leave()
    assert not hands.only_hold_the_pedal


def test_hands_that_leave_end_every_note_and_lift_the_pedal() -> None:
    hands = Hands()
    hands.pedal(127)
    hands.press(C, LOUD, 0.0)
    hands.release(C)
    hands.press(E, LOUD, 0.0)
    assert hands.leave() == [(RELEASED, C), (RELEASED, E)]
    assert hands.are_still


def test_the_pace_is_the_median_interval_and_a_chord_counts_once() -> None:
    hands = Hands()
    assert hands.pace is None
    for at in (0.0, 0.01, 0.02, 0.5, 0.51, 1.0, 3.0):
        hands.press(C, LOUD, at)
    assert hands.pace == pytest.approx(0.5)


def test_the_pace_follows_the_last_notes_and_not_the_phrase_before() -> None:
    hands = Hands()
    for beat in range(20):
        hands.press(C, LOUD, beat * 1.0)
    for beat in range(20):
        hands.press(C, LOUD, 20.0 + beat * 0.2)
    assert hands.pace == pytest.approx(0.2)
    hands.begin_phrase()
    hands.press(C, LOUD, 100.0)
    assert hands.pace is None
