"""An answer that is asked for, under a simulated clock: what it answers, and when it begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.commands import Command, CueDropped, TurnGivenBack, TurnTaken
from antiphon.core.cue import Cue, question_in
from antiphon.core.engine import MusicEvent
from antiphon.core.events import KeyPressed, SettingsChanged, Silenced, Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from score import notes, occurrences, onsets, scale
from uniform_engine import UniformEngine

PHRASE = tuple(
    MusicEvent(dt, Velocity(velocity), Pitch(pitch))
    for pitch in range(72, 82)
    for dt, velocity in ((0.1, 90), (0.2, 0))
)


def asked_for(*heard: TimedEvent, until: float = 60.0) -> tuple[UniformEngine, list[Command]]:
    engine = UniformEngine()
    return engine, list(play_through(Improviser(engine, settings(), 0.0), heard, until))


def test_a_phrase_that_is_brought_is_heard_in_place_of_everything_before_and_answered_at_once() -> None:
    engine, commands = asked_for(*scale(), TimedEvent(1.4, Triggered(PHRASE)), until=1.4)
    assert engine.heard[: len(PHRASE)] == PHRASE
    [taken] = occurrences(commands)
    assert isinstance(taken, TurnTaken)
    assert (taken.onsets, round(taken.seconds, 6)) == (10, 3.0)
    assert onsets(commands)[0].due == 1.4


def test_what_a_phrase_is_like_guides_its_answer() -> None:
    question = question_in(PHRASE, settings())
    assert (question.onsets, round(question.seconds, 6)) == (10, 3.0)
    assert question.guide.register == pytest.approx(76.5)
    assert question.guide.loudness == 90
    assert question.guide.density == pytest.approx(1 / 0.3)


def test_an_answer_begins_at_the_moment_that_it_is_asked_for() -> None:
    _, commands = asked_for(TimedEvent(1.0, Triggered(PHRASE, at=3.25)))
    assert onsets(commands)[0].due == 3.25
    assert isinstance(occurrences(commands)[0], TurnTaken)


def test_a_moment_that_is_over_is_now() -> None:
    _, commands = asked_for(TimedEvent(5.0, Triggered(at=3.0)))
    assert onsets(commands)[0].due == 5.0


def test_an_answer_is_as_long_as_it_is_asked_to_be() -> None:
    _, commands = asked_for(TimedEvent(0.0, Triggered(seconds=7.0)))
    ends = notes(commands)[-1].release
    assert 6.0 < ends < 9.0


@given(seed=st.integers(0, 2**31), before=st.integers(0, 6))
def test_the_same_seed_answers_the_same_phrase_in_the_same_way_whatever_was_played_before(
    seed: int, before: int
) -> None:
    def answer(improviser: Improviser, at: float) -> list[tuple[float, float, int, int]]:
        heard = [TimedEvent(at, Triggered(PHRASE, seed=seed, seconds=3.0))]
        played = notes(play_through(improviser, heard, at + 30.0))
        return [(round(p.onset - at, 6), round(p.release - at, 6), p.pitch, p.velocity) for p in played]

    practised = Improviser(UniformEngine(1), settings(), 0.0)
    list(play_through(practised, scale(pitches=range(60, 60 + before)), 40.0))
    assert answer(practised, 64.0) == answer(Improviser(UniformEngine(2), settings(), 0.0), 0.0) != []


def test_the_answer_is_the_same_however_long_before_it_was_asked_for() -> None:
    def answer(asked_at: float) -> list[tuple[float, int]]:
        trigger = TimedEvent(asked_at, Triggered(PHRASE, seed=3, seconds=3.0, at=9.0))
        _, commands = asked_for(trigger)
        return [(round(played.onset, 6), played.pitch) for played in notes(commands)]

    assert answer(1.0) == answer(8.0) == answer(8.95) == answer(9.0) != []


def test_a_key_that_is_touched_before_goes_first() -> None:
    touched = TimedEvent(1.2, KeyPressed(Pitch(60), Velocity(80)))
    engine, commands = asked_for(TimedEvent(1.0, Triggered(PHRASE, at=3.0)), touched, until=9.0)
    assert occurrences(commands) == [CueDropped()]
    assert engine.heard == (MusicEvent(0.0, Velocity(80), Pitch(60), is_players=True),)


@pytest.mark.parametrize("event", [Silenced(), SettingsChanged(settings(play={"mode": "listen"}))])
def test_silence_and_another_mode_end_what_was_asked_for(event: Silenced | SettingsChanged) -> None:
    _, commands = asked_for(TimedEvent(1.0, Triggered(at=3.0)), TimedEvent(2.0, event), until=9.0)
    assert occurrences(commands) == [CueDropped()]
    assert onsets(commands) == []


def test_while_it_answers_nothing_else_is_begun() -> None:
    again = TimedEvent(1.5, Triggered(PHRASE))
    _, commands = asked_for(TimedEvent(1.0, Triggered(seconds=4.0)), again)
    assert [type(each) for each in occurrences(commands)] == [TurnTaken, TurnGivenBack]


def test_a_cue_without_a_phrase_brings_no_question() -> None:
    assert not Cue(Triggered(seconds=3.0), 1.0).brings_a_phrase
