"""A pedal, a key or a button that is held: taking over, yielding, and silence."""

import pytest

from antiphon.core.commands import Command, HeldLong, ReleaseNote, SendControl, TurnGivenBack, TurnTaken
from antiphon.core.events import HoldPressed, HoldReleased, InputLost, SettingsChanged
from antiphon.core.improviser import LONG_PRESS, Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.settings import Settings
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch
from default_settings import settings
from score import note, notes, occurrences, onsets, scale, score
from scripted_engine import ScriptedEngine
from uniform_engine import UniformEngine

TAKEOVER = settings(play={"mode": "takeover"})
TUNE = [60, 62, 64, 65] * 8


def held(from_: float, to: float) -> list[TimedEvent]:
    return [TimedEvent(from_, HoldPressed()), TimedEvent(to, HoldReleased())]


def played(*lines: list[TimedEvent], chosen: Settings = TAKEOVER, until: float = 60.0) -> list[Command]:
    return list(play_through(Improviser(UniformEngine(), chosen, 0.0), score(*lines), until))


def test_it_plays_from_when_it_is_held_until_it_is_let_go_and_at_no_other_time() -> None:
    commands = played(scale(pitches=TUNE[:12]), held(3.0, 9.0), scale(20.0))
    ours = notes(commands)
    assert len(ours) > 5
    assert min(each.onset for each in ours) >= 3.0
    assert max(each.release for each in ours) == 9.0
    assert [type(each) for each in occurrences(commands)] == [TurnTaken, TurnGivenBack]


def test_however_long_it_is_held_it_plays_on() -> None:
    ours = notes(played(scale(), held(2.0, 200.0), until=201.0))
    assert max(each.onset for each in ours) > 190.0


def test_it_goes_on_in_the_middle_of_a_phrase_while_the_player_plays_on() -> None:
    ours = notes(played(scale(pitches=TUNE), held(2.1, 7.0)))
    assert [each for each in ours if 2.1 <= each.onset < 7.0]


def test_the_first_note_comes_when_the_engine_has_it_come_and_not_with_the_pedal() -> None:
    engine = ScriptedEngine([(0.4, 80, 72), (0.3, 0, 72)])
    improviser = Improviser(engine, TAKEOVER, 0.0)
    phrase = score(scale(), held(1.3, 2.5))
    [first, *_] = onsets(play_through(improviser, phrase, 10.0))
    assert first.due == pytest.approx(1.2 + 0.4)


def test_with_thru_what_sounds_is_taken_over_and_ends_when_the_engine_says_so() -> None:
    engine = ScriptedEngine([(1.5, 0, 67), (0.2, 80, 72), (0.3, 0, 72), (9.0, 80, 50)])
    chosen = settings(play={"mode": "takeover", "thru": True})
    phrase = score(note(0.0, 67, length=1.2), held(1.0, 3.0))
    commands = list(play_through(Improviser(engine, chosen, 0.0), phrase, 10.0))
    ours = notes(commands)
    assert [(each.pitch, each.onset, round(each.release, 6)) for each in ours][:2] == [
        (67, 0.0, 1.5),  # held by the player until 1.2 only
        (72, 1.7, 2.0),
    ]


def test_without_thru_a_key_that_the_player_holds_is_left_alone() -> None:
    ours = notes(played(note(0.0, 67, length=30.0), held(1.0, 20.0)))
    assert all(each.pitch != 67 for each in ours)


def test_a_lost_keyboard_holds_nothing_any_more() -> None:
    ours = notes(played(scale(), held(2.0, 50.0), [TimedEvent(6.0, InputLost())]))
    assert max(each.release for each in ours) == 6.0


def test_in_other_modes_a_tap_ends_an_answer_at_once() -> None:
    commands = played(scale(), held(3.0, 3.2), chosen=settings())
    [taken, given_back] = occurrences(commands)
    assert isinstance(taken, TurnTaken)
    assert isinstance(given_back, TurnGivenBack)
    assert given_back.reason == "interrupted"
    assert max(each.release for each in notes(commands)) == 3.2


def test_a_tap_after_a_phrase_ends_the_turn_without_a_pause() -> None:
    phrase = scale()
    commands = played(phrase, held(phrase[-1].at + 0.05, phrase[-1].at + 0.1), chosen=settings())
    assert onsets(commands)[0].due == pytest.approx(phrase[-1].at + 0.1)


def test_who_listens_answers_a_tap() -> None:
    commands = played(scale(), held(9.0, 9.1), chosen=settings(play={"mode": "listen"}))
    assert onsets(commands)[0].due == 9.1


def test_held_for_long_it_silences_everything() -> None:
    commands = played(scale(), held(2.0, 9.0), chosen=settings())
    [silenced] = [each for each in commands if isinstance(each, SendControl)]
    assert silenced.due == 2.0 + LONG_PRESS
    assert max(each.release for each in notes(commands)) == 2.0 + LONG_PRESS
    assert [type(each) for each in occurrences(commands)] == [TurnTaken, TurnGivenBack, HeldLong]


def test_another_mode_lets_go() -> None:
    commands = played(scale(), held(2.0, 50.0), [TimedEvent(5.0, SettingsChanged(settings()))])
    assert max(each.due for each in commands if isinstance(each, ReleaseNote)) == 5.0
    assert not [each for each in onsets(commands) if each.due > 5.0]


def test_pitches_are_those_of_the_keyboard() -> None:
    assert {Pitch(each.pitch) for each in notes(played(scale(), held(2.0, 9.0)))} <= set(range(21, 109))
