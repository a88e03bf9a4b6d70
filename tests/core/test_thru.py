"""What the player does, passed on: only where that is asked for, and never left sounding."""

from antiphon.core.commands import PlayNote, ReleaseNote, SendControl, SendMessage
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased, OtherMessage
from antiphon.core.settings import Play
from antiphon.core.thru import Thru
from antiphon.core.units import Pitch, Velocity
from default_settings import settings

C = Pitch(60)
LOUD = Velocity(100)
BEND = b"\xe0\x00\x50"


def play(thru: bool = True, transpose: int = 0) -> Play:
    return settings(play={"thru": thru, "transpose": transpose}).play


def test_keys_controls_and_the_rest_are_passed_on_as_they_come() -> None:
    thru = Thru(play(transpose=12))
    assert thru.pass_on(KeyPressed(C, LOUD), 1.0) == [PlayNote(1.0, Pitch(72), LOUD, "you")]
    assert thru.pass_on(KeyReleased(C), 2.0) == [ReleaseNote(2.0, Pitch(72), "you")]
    assert thru.pass_on(ControlMoved(1, 5), 3.0) == [SendControl(3.0, 1, 5, "you")]
    assert thru.pass_on(OtherMessage(BEND), 4.0) == [SendMessage(4.0, BEND)]


def test_nothing_is_passed_on_where_that_is_not_asked_for() -> None:
    thru = Thru(play(thru=False))
    events = (KeyPressed(C, LOUD), KeyReleased(C), ControlMoved(64, 127), OtherMessage(BEND))
    assert [thru.pass_on(event, 1.0) for event in events] == [[]] * 4
    assert thru.leave(2.0) == []


def test_switched_off_it_ends_what_sounds_and_lifts_the_pedal() -> None:
    thru = Thru(play())
    thru.pass_on(KeyPressed(C, LOUD), 1.0)
    assert thru.follow(play(thru=False), 2.0) == [ReleaseNote(2.0, C, "you"), SendControl(2.0, 64, 0, "you")]
    assert thru.pass_on(KeyReleased(C), 3.0) == []


def test_what_sounds_ends_when_the_transposition_changes_and_not_otherwise() -> None:
    thru = Thru(play())
    thru.pass_on(KeyPressed(C, LOUD), 1.0)
    assert thru.follow(play(), 2.0) == []
    assert thru.follow(play(transpose=5), 3.0) == [ReleaseNote(3.0, C, "you")]


def test_when_the_hands_are_gone_all_is_let_go_and_at_a_lost_output_nothing() -> None:
    thru = Thru(play())
    thru.pass_on(KeyPressed(C, LOUD), 1.0)
    assert thru.leave(2.0) == [ReleaseNote(2.0, C, "you"), SendControl(2.0, 64, 0, "you")]
    thru.pass_on(KeyPressed(C, LOUD), 3.0)
    thru.forget()
    assert thru.release_all(4.0) == []
