"""What is sent, in which order, and that all of it ends."""

from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.commands import Command, HeldLong, PlayNote, Publish, ReleaseNote, SendControl
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.memory import Memory
from antiphon.core.outbox import Outbox
from antiphon.core.plan import Planned
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from uniform_engine import UniformEngine

BEFORE = Memory(UniformEngine(), 0.0).past()
C, E = Pitch(60), Pitch(64)
LOUD, RELEASED = Velocity(90), Velocity(0)

PASSED_ON = settings(play={"thru": True}).play


def planned(due: float, velocity: Velocity, pitch: Pitch) -> Planned:
    return Planned(due, velocity, pitch, BEFORE)


def sounding_after(commands: list[Command]) -> set[tuple[str, Pitch]]:
    sounding: set[tuple[str, Pitch]] = set()
    for command in commands:
        match command:
            case PlayNote(pitch=pitch, part=part):
                sounding.add((part, pitch))
            case ReleaseNote(pitch=pitch, part=part):
                sounding.remove((part, pitch))
            case _:
                pass
    return sounding


def test_what_was_taken_is_not_given_again_and_ends_go_before_beginnings() -> None:
    outbox = Outbox(settings().play)
    outbox.play([planned(1.0, LOUD, C)])
    outbox.take()
    outbox.play([planned(2.0, LOUD, E), planned(2.0, RELEASED, C)])
    assert outbox.take() == [ReleaseNote(2.0, C), PlayNote(2.0, E, LOUD)]
    assert outbox.take() == []


def test_a_note_ends_at_the_pitch_at_which_it_began_though_it_is_transposed_otherwise_by_now() -> None:
    outbox = Outbox(settings(play={"transpose": 12}).play)
    outbox.play_now([(LOUD, C)], 1.0)
    outbox.follow(settings().play, 2.0)
    outbox.end(C, 3.0)
    assert outbox.take() == [PlayNote(1.0, Pitch(72), LOUD), ReleaseNote(3.0, Pitch(72))]


def test_what_is_taken_over_of_the_player_ends_with_the_answer_and_not_with_their_key() -> None:
    outbox = Outbox(PASSED_ON)
    outbox.pass_on(KeyPressed(C, LOUD), 1.0)
    outbox.take_over(frozenset({C}))
    outbox.take()
    outbox.pass_on(KeyReleased(C), 2.0)
    assert outbox.take() == []
    assert outbox.sounding == {C}
    outbox.end_all(3.0)
    assert outbox.take() == [ReleaseNote(3.0, C)]


def test_nothing_is_ended_at_an_output_that_is_gone() -> None:
    outbox = Outbox(PASSED_ON)
    outbox.pass_on(KeyPressed(C, LOUD), 1.0)
    outbox.play([planned(1.0, LOUD, E)])
    outbox.take()
    outbox.forget()
    outbox.end_all(2.0)
    outbox.lift(2.0)
    assert outbox.take() == []
    assert not outbox.passes_sound_on


def test_nothing_to_tell_is_not_told() -> None:
    outbox = Outbox(settings().play)
    outbox.publish(None, 1.0)
    outbox.publish(HeldLong(), 1.0)
    assert outbox.take() == [Publish(1.0, HeldLong())]


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 127))))
def test_after_silence_nothing_sounds_whatever_was_played(touches: list[tuple[bool, bool, int]]) -> None:
    outbox = Outbox(PASSED_ON)
    for number, (is_players, is_onset, pitch) in enumerate(touches):
        at, velocity = float(number), LOUD if is_onset else RELEASED
        if not is_players:
            outbox.play([planned(at, velocity, Pitch(pitch))])
        elif is_onset:
            outbox.pass_on(KeyPressed(Pitch(pitch), LOUD), at)
        else:
            outbox.pass_on(KeyReleased(Pitch(pitch)), at)
    outbox.silence(1000.0)
    commands = outbox.take()
    assert sounding_after(commands) == set()
    assert commands[-1] == SendControl(1000.0, 64, 0)
    assert not outbox.sounding
