"""A left hand that says which chord is meant, and a lock that keeps to it."""

from antiphon.core.commands import Command, PlayNote, ReleaseNote, TurnGivenBack, TurnTaken
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from default_settings import settings
from score import note, notes, occurrences, onsets, scale, score
from uniform_engine import UniformEngine

C_MAJOR, F_MAJOR = {0, 4, 7}, {5, 9, 0}
LOCKED = {"zone": 55, "scale": "chord", "lock": 1.0}


def played(*lines: list[TimedEvent], until: float = 60.0, **sections: dict[str, object]) -> list[Command]:
    chosen = settings(**({"guide": LOCKED} | sections))
    return list(play_through(Improviser(UniformEngine(), chosen, 0.0), score(*lines), until))


def test_a_chord_of_the_left_hand_is_no_question() -> None:
    assert onsets(played(note(0.0, 48), note(0.0, 52), note(0.0, 55 - 12))) == []


def test_answers_keep_to_the_chord_that_is_meant_though_its_keys_stay_down() -> None:
    commands = played(note(0.0, 48, length=50.0), scale(1.0))
    ours = notes(commands)
    assert ours
    assert {each.pitch % 12 for each in ours} <= C_MAJOR


def test_another_chord_in_the_middle_changes_what_follows_and_interrupts_nothing() -> None:
    commands = played(note(0.0, 48, length=4.0), note(4.5, 53, length=20.0), scale(), play={"seconds": 12.0})
    [taken, *_] = occurrences(commands)
    assert isinstance(taken, TurnTaken)
    before = {each.pitch % 12 for each in notes(commands) if each.onset < 4.5}
    after = {each.pitch % 12 for each in notes(commands) if each.onset > 4.5}
    assert before <= C_MAJOR
    assert after <= F_MAJOR
    assert before - after


def test_what_was_meant_holds_while_the_hand_moves() -> None:
    ours = notes(played(note(0.0, 48, length=0.2), scale(1.0)))
    assert {each.pitch % 12 for each in ours} <= C_MAJOR


def test_without_a_zone_the_chord_is_the_last_that_was_played() -> None:
    triad = [each for pitch in (65, 69, 72) for each in note(1.3, pitch)]
    ours = notes(played(scale(), triad, guide={"scale": "chord", "lock": 1.0}))
    assert {each.pitch % 12 for each in ours} <= F_MAJOR


def test_with_thru_the_left_hand_sounds_and_ends() -> None:
    commands = played(note(0.0, 48, length=0.5), play={"thru": True})
    assert [(each.pitch, each.onset, each.release) for each in notes(commands)] == [(48, 0.0, 0.5)]


def test_a_key_that_the_left_hand_strikes_is_let_go_and_nothing_else_is_interrupted() -> None:
    """Beside it the answer would have ended the chord's note with its own."""
    one_key: dict[str, object] = {"lowest": 48, "highest": 48, "seconds": 8.0, "thru": True}
    strikes = [note(at, 48, length=0.1) for at in (4.0, 6.0)]
    commands = played(scale(), *strikes, play=one_key, guide={"zone": 55})
    sounding = 0
    for command in commands:
        if isinstance(command, PlayNote | ReleaseNote) and command.pitch == 48:
            sounding += 1 if isinstance(command, PlayNote) else -1
            assert sounding in (0, 1)
    reasons = [each.reason for each in occurrences(commands) if isinstance(each, TurnGivenBack)]
    assert "interrupted" not in reasons


def test_nobody_is_at_rest_while_a_chord_that_is_meant_sounds_where_it_is_passed_on() -> None:
    """Whoever began anew then would not know any more what is to be released."""
    [press, release] = note(0.0, 48)
    improviser = Improviser(UniformEngine(), settings(guide=LOCKED, play={"thru": True}), 0.0)
    improviser.receive(press.event, press.at)
    assert not improviser.is_at_rest(60.0)
    improviser.receive(release.event, 60.0)
    assert improviser.is_at_rest(61.0)
