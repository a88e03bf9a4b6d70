"""One answer by itself: what is planned, given out, cut and taken back."""

from typing import Any

import pytest

from antiphon.core.answer import CLOSING_NOTE, SHORTEST_NOTE, Answer
from antiphon.core.engine import Constraints, Engine, MusicEvent
from antiphon.core.guide import UNGUIDED
from antiphon.core.memory import Memory
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from hesitant_engine import HesitantEngine
from scripted_engine import ScriptedEngine
from uniform_engine import UniformEngine

Line = list[tuple[float, int, int]]

THREE_NOTES: Line = [(0.0, 90, 72), (0.2, 0, 72), (0.1, 80, 74), (0.2, 0, 74), (0.1, 80, 76), (0.2, 0, 76)]


class StubbornEngine(UniformEngine):
    """Implements the engine protocol; plays one pitch again and again, and always at once."""

    def sample(self, constraints: Constraints) -> MusicEvent:
        if constraints.releases:
            return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases))
        return MusicEvent(constraints.shortest_dt, Velocity(80), min(constraints.onsets - constraints.taken))


def answer_of(engine: Engine, length: float = 4.0, blocked: tuple[int, ...] = (), **sections: Any) -> Answer:
    """An answer that begins at 0, in a room where nothing was heard before."""
    pitches = frozenset(map(Pitch, blocked))
    return Answer(Memory(engine, 0.0), settings(**sections), UNGUIDED, 0.0, length, pitches)


def plan_all(answer: Answer, now: float = 0.0) -> int:
    """Imagine until enough is planned; return how many steps that took."""
    steps = 0
    while answer.wants_to_imagine(now):
        answer.imagine(now)
        steps += 1
        assert steps < 10_000, "it never has enough"
    return steps


def test_it_imagines_ahead_as_far_as_it_looks_and_no_further() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 0.25})
    assert plan_all(answer) == 3
    assert plan_all(answer, now=0.1) == 1


def test_without_looking_ahead_nothing_is_decided_before_all_that_was_is_due() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 0.0})
    assert plan_all(answer) == 2
    assert len(answer.take_due(0.0)) == 1
    assert answer.imagines_at == answer.next_due == pytest.approx(0.2)


def test_it_imagines_on_as_soon_as_less_lies_ahead_than_it_looks() -> None:
    answer = answer_of(ScriptedEngine([(0.0, 80, 60), (1.0, 0, 60)]), latency={"look_ahead": 0.3})
    plan_all(answer)
    assert answer.imagines_at == pytest.approx(0.7)
    assert not answer.wants_to_imagine(0.69)


def test_an_engine_that_has_nothing_yet_is_asked_again_when_the_music_runs_out() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    engine.hesitates = False
    answer = answer_of(engine, latency={"look_ahead": 0.25})
    plan_all(answer)
    engine.hesitates = True
    assert plan_all(answer, now=0.1) == 1
    assert engine.asked[-1].within == pytest.approx(0.2)
    assert answer.imagines_at == pytest.approx(0.3)
    answer.take_due(0.31)
    answer.imagine(0.31)
    assert engine.asked[-1].within == pytest.approx(-0.01)


def test_an_engine_that_has_something_now_is_asked_at_once() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    answer = answer_of(engine)
    answer.imagine(0.0)
    assert not answer.wants_to_imagine(0.01)
    engine.hesitates = False
    answer.ask_again()
    assert answer.wants_to_imagine(0.01)
    answer.imagine(0.01)
    assert [event.due for event in answer.take_due(0.01)] == [0.01]


def test_while_the_engine_has_nothing_the_music_rests_but_no_note_sounds_for_too_long() -> None:
    engine = HesitantEngine(ScriptedEngine([(0.0, 80, 60)]))
    engine.hesitates = False
    answer = answer_of(engine, play={"longest_note": 1.5}, latency={"look_ahead": 0.0})
    answer.imagine(0.0)
    answer.take_due(0.0)
    engine.hesitates = True
    answer.imagine(0.0)
    assert answer.imagines_at == 1.5
    answer.imagine(1.5)
    assert [(event.due, event.velocity) for event in answer.take_due(1.5)] == [(1.5, 0)]


def test_an_answer_ends_at_its_length_though_the_engine_never_has_anything() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    answer, now = answer_of(engine, length=2.7), 0.0
    while not answer.is_over:
        assert answer.imagines_at is not None
        now = answer.imagines_at
        answer.imagine(now)
    assert now == 2.7
    assert answer.ending == "length reached"
    assert len(engine.asked) <= 2


def test_what_is_taken_back_is_asked_for_anew_at_once() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    answer = answer_of(engine)
    answer.imagine(0.0)
    answer.take_back()
    assert answer.wants_to_imagine(0.0)


def test_only_what_is_due_is_given_out() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 2.0, "late_onset": 1.0})
    plan_all(answer)
    assert [(event.due, event.pitch) for event in answer.take_due(0.25)] == [(0.0, 72), (0.2, 72)]
    assert answer.next_due == pytest.approx(0.3)
    assert answer.onsets_played == 1


def test_what_is_taken_back_was_never_heard() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    answer = answer_of(engine, latency={"look_ahead": 2.0})
    plan_all(answer)
    answer.take_due(0.0)
    answer.take_back()
    assert engine.heard == (MusicEvent(0.0, Velocity(90), Pitch(72)),)
    assert answer.next_due is None


def test_stopped_it_hears_its_sounding_notes_end() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    answer = answer_of(engine, latency={"look_ahead": 2.0})
    plan_all(answer)
    answer.take_due(0.0)
    answer.stop(0.1)
    assert engine.heard == (MusicEvent(0.0, Velocity(90), Pitch(72)), MusicEvent(0.1, Velocity(0), Pitch(72)))


def test_a_release_that_belongs_to_a_dropped_onset_is_dropped_with_it() -> None:
    """Though the pitch sounded before: its own release was due meanwhile, too, and that one counts."""
    restruck: Line = [(0.0, 80, 60), (0.1, 80, 61), (0.1, 0, 60), (0.1, 80, 60), (0.1, 0, 60)]
    engine = ScriptedEngine(restruck)
    answer = answer_of(engine, latency={"look_ahead": 0.4, "late_onset": 0.01})
    plan_all(answer)
    answer.take_due(0.0)
    made_up = answer.make_up_time(2.0)
    assert made_up is not None
    releases, cut = made_up
    assert [event.pitch for event in releases] == [60]
    assert releases[0].due == pytest.approx(0.2)
    assert cut.onsets == 2
    assert cut.late == pytest.approx(1.9)
    assert [event.velocity for event in engine.heard] == [80, 0]


def test_nothing_is_made_up_for_while_all_is_in_time() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 2.0})
    plan_all(answer)
    assert answer.make_up_time(0.0) is None


def test_no_engine_can_play_for_ever_in_a_single_moment() -> None:
    answer = answer_of(StubbornEngine(), latency={"look_ahead": 1.0})
    assert plan_all(answer) <= 2 * 1.0 / SHORTEST_NOTE + 2
    lengths = [event.due for event in answer.take_due(0.0)]
    assert lengths == [0.0]
    assert answer.next_due == pytest.approx(SHORTEST_NOTE)


def test_no_note_begins_once_the_length_is_reached() -> None:
    late_note: Line = [(0.0, 80, 60), (0.9, 0, 60), (0.8, 80, 62), (0.8, 0, 62)]
    answer = answer_of(ScriptedEngine(late_note), length=1.5, latency={"look_ahead": 5.0})
    plan_all(answer)
    assert [event.velocity for event in answer.take_due(0.0)] == [80]
    assert [event.pitch for event in answer.take_due(9.0)] == [60]
    assert answer.is_over
    assert answer.ending == "length reached"


def test_a_last_note_may_still_close() -> None:
    answer = answer_of(ScriptedEngine([(0.0, 80, 60)]), length=1.0, latency={"look_ahead": 5.0})
    plan_all(answer)
    answer.take_due(0.0)
    assert answer.next_due == pytest.approx(1.0 + CLOSING_NOTE)


def test_what_the_player_holds_is_left_to_the_player() -> None:
    answer = answer_of(UniformEngine(), blocked=(60,), play={"lowest": 60, "highest": 61})
    plan_all(answer)
    assert {event.pitch for event in answer.take_due(0.0)} <= {61}


def test_where_no_note_is_possible_it_is_over_at_once() -> None:
    answer = answer_of(UniformEngine(), blocked=tuple(range(128)))
    assert plan_all(answer) == 1
    assert answer.is_over


def test_with_one_voice_each_note_ends_before_the_next() -> None:
    answer = answer_of(UniformEngine(), play={"polyphony": 1}, latency={"look_ahead": 5.0, "late_onset": 1.0})
    now, sounding = 0.0, 0
    while not answer.is_over:
        plan_all(answer, now)
        for event in answer.take_due(now):
            sounding += 1 if event.is_onset else -1
            assert sounding in (0, 1)
        now += 0.1
