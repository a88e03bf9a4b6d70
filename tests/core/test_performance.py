from antiphon.core.commands import Command, PlayNote, Publish, ReleaseNote, TurnTaken
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased
from antiphon.core.performance import Note, TimedEvent, note_name, notes_heard, notes_played, notes_sounding
from antiphon.core.units import Pitch, Velocity

C, E = Pitch(60), Pitch(64)
MEZZOFORTE = Velocity(80)


def test_onsets_are_paired_with_their_releases() -> None:
    performance = [
        TimedEvent(0.0, KeyPressed(E, MEZZOFORTE)),
        TimedEvent(0.0, KeyPressed(C, MEZZOFORTE)),
        TimedEvent(0.5, ControlMoved(64, 127)),
        TimedEvent(1.0, KeyReleased(C)),
        TimedEvent(2.0, KeyReleased(E)),
    ]
    assert notes_heard(performance) == [Note(0.0, 1.0, C, MEZZOFORTE), Note(0.0, 2.0, E, MEZZOFORTE)]


def test_a_key_that_stays_down_ends_with_the_last_event() -> None:
    performance = [
        TimedEvent(0.0, KeyPressed(C, MEZZOFORTE)),
        TimedEvent(3.0, ControlMoved(64, 0)),
        TimedEvent(4.0, KeyReleased(E)),
    ]
    assert notes_heard(performance) == [Note(0.0, 4.0, C, MEZZOFORTE)]


def test_a_key_that_is_struck_again_ends_its_first_note() -> None:
    performance = [
        TimedEvent(0.0, KeyPressed(C, MEZZOFORTE)),
        TimedEvent(1.0, KeyPressed(C, Velocity(20))),
        TimedEvent(2.0, KeyReleased(C)),
    ]
    assert notes_heard(performance) == [Note(0.0, 1.0, C, MEZZOFORTE), Note(1.0, 2.0, C, Velocity(20))]


def test_the_pedal_holds_a_note_for_as_long_as_it_sounds() -> None:
    performance = [
        TimedEvent(0.0, ControlMoved(64, 127)),
        TimedEvent(0.0, KeyPressed(C, MEZZOFORTE)),
        TimedEvent(0.5, KeyReleased(C)),
        TimedEvent(1.0, KeyPressed(C, Velocity(20))),
        TimedEvent(1.5, KeyReleased(C)),
        TimedEvent(3.0, ControlMoved(64, 0)),
    ]
    assert notes_sounding(performance) == [Note(0.0, 1.0, C, MEZZOFORTE), Note(1.0, 3.0, C, Velocity(20))]


def test_of_an_answer_only_its_own_notes_count() -> None:
    commands: list[Command] = [
        Publish(0.0, TurnTaken(1, 1.0)),
        PlayNote(0.0, C, MEZZOFORTE),
        PlayNote(0.2, C, Velocity(1), part="you"),
        ReleaseNote(0.3, C, part="you"),
        ReleaseNote(1.0, C),
    ]
    assert notes_played(commands) == [Note(0.0, 1.0, C, MEZZOFORTE)]


def test_middle_c_is_c4() -> None:
    assert [note_name(Pitch(pitch)) for pitch in (0, 21, 60, 127)] == ["C-1", "A0", "C4", "G9"]
