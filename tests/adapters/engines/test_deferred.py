"""An engine that computes elsewhere, on a worker that does a piece of work when the test says so."""

from collections.abc import Iterable
from typing import Any

import pytest

from antiphon.adapters.engines.deferred import KEPT, MOST_BEHIND, DeferredEngine
from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Velocity
from expectant_engine import ExpectantEngine
from remembering_network import RememberingNetwork
from scripted_engine import ScriptedEngine
from slow_worker import SlowWorker
from uniform_engine import UniformEngine

TWO_NOTES = [(0.2, 90, 72), (0.3, 80, 74)]


class Stage:
    """A deferred engine, its worker, and how often it said that it is ready."""

    def __init__(self, score: Iterable[tuple[float, int, int]] = TWO_NOTES) -> None:
        self.inner = ScriptedEngine(score)
        self.worker = SlowWorker()
        self.engine = DeferredEngine(self.inner, self.worker, self._count)
        self.times_ready = 0

    def _count(self) -> None:
        self.times_ready += 1

    @property
    def known(self) -> tuple[MusicEvent, ...]:
        """What the inner engine has heard, once all work is done."""
        self.worker.finish_all()
        known, _ = self.engine.snapshot().known
        return tuple(known)


def heard(number: int) -> MusicEvent:
    return MusicEvent(0.1, Velocity(80), Pitch(number % 128))


def constraints(**changes: Any) -> Constraints:
    usual: dict[str, Any] = {
        "shortest_dt": 0.0,
        "longest_dt": 4.0,
        "onsets": frozenset(map(Pitch, range(21, 109))),
        "releases": frozenset[Pitch](),
        "temperature": 1.0,
        "min_p": 0.02,
        "within": 0.3,
    }
    return Constraints(**(usual | changes))


def test_what_is_heard_is_taken_in_event_by_event_and_nobody_waits() -> None:
    stage = Stage()
    for number in range(3):
        stage.engine.prime(heard(number))
    assert len(stage.inner.heard) == 0
    stage.worker.finish()
    assert len(stage.inner.heard) == 1
    assert stage.known == (heard(0), heard(1), heard(2))
    assert stage.worker.finished == 3


def test_an_answer_is_had_when_it_has_said_so() -> None:
    stage = Stage()
    stage.engine.prime(heard(0))
    assert stage.engine.sample(constraints()) is None
    stage.worker.finish()
    assert (stage.engine.sample(constraints()), stage.times_ready) == (None, 0)
    stage.worker.finish()
    assert stage.times_ready == 1
    assert stage.engine.sample(constraints()) == MusicEvent(0.2, Velocity(90), Pitch(72))
    assert not stage.worker.is_busy


def test_an_answer_is_given_once() -> None:
    stage = Stage()
    stage.engine.sample(constraints())
    stage.worker.finish()
    stage.engine.sample(constraints())
    assert stage.engine.sample(constraints()) is None
    assert stage.worker.is_busy


def test_asked_again_for_the_same_it_does_not_begin_anew() -> None:
    stage = Stage()
    assert stage.engine.sample(constraints()) is None
    assert stage.engine.sample(constraints(shortest_dt=0.1, within=-0.1)) is None
    stage.worker.finish_all()
    assert (stage.worker.finished, stage.times_ready) == (1, 1)


def test_an_answer_that_comes_late_lies_in_the_past_no_more() -> None:
    stage = Stage()
    stage.engine.sample(constraints())
    stage.worker.finish()
    answer = stage.engine.sample(constraints(shortest_dt=0.25, within=-0.25))
    assert answer == MusicEvent(0.25, Velocity(90), Pitch(72))


def test_an_answer_obeys_a_longest_time_that_has_become_shorter() -> None:
    stage = Stage()
    stage.engine.sample(constraints())
    stage.worker.finish()
    answer = stage.engine.sample(constraints(shortest_dt=0.1, longest_dt=0.1))
    assert answer == MusicEvent(0.1, Velocity(90), Pitch(72))


@pytest.mark.parametrize(
    "change", [{"temperature": 0.5}, {"onsets": frozenset({Pitch(60)})}, {"guide": Guide(density=3.0)}]
)
def test_another_question_is_not_given_the_answer_to_the_first(change: dict[str, Any]) -> None:
    stage = Stage()
    stage.engine.sample(constraints())
    stage.worker.finish()
    assert stage.engine.sample(constraints(**change)) is None
    stage.worker.finish()
    assert stage.engine.sample(constraints(**change)) is not None


def test_an_answer_counts_only_for_the_music_that_it_was_asked_for() -> None:
    """Whether the music goes on while it is drawn or when it has been."""
    stage = Stage()
    stage.engine.prime(heard(0))
    stage.worker.finish()
    stage.engine.sample(constraints())
    stage.engine.prime(heard(1))
    stage.worker.finish_all()
    assert stage.times_ready == 0
    stage.engine.sample(constraints())
    stage.worker.finish()
    stage.engine.prime(heard(2))
    assert stage.engine.sample(constraints()) is None
    assert stage.known == (heard(0), heard(1), heard(2))


def test_to_go_back_in_mid_step_leaves_no_trace() -> None:
    stage = Stage()
    stage.engine.prime(heard(0))
    before = stage.engine.snapshot()
    for number in (1, 2, 3):
        stage.engine.prime(heard(number))
    stage.worker.finish()
    stage.worker.finish()
    stage.engine.restore(before)
    stage.engine.prime(heard(4))
    assert stage.known == (heard(0), heard(4))
    stage.engine.restore(before)
    assert len(stage.known) == 1


def test_what_has_been_heard_once_is_not_heard_anew_when_it_comes_back_to_it() -> None:
    stage = Stage()
    for number in range(3):
        stage.engine.prime(heard(number))
    there = stage.engine.snapshot()
    stage.engine.prime(heard(3))
    stage.worker.finish_all()
    stage.engine.restore(there)
    stage.engine.prime(heard(4))
    stage.worker.finish_all()
    assert stage.worker.finished == 5


def test_what_has_been_taken_in_keeps_nothing_of_the_past() -> None:
    """However long the music gets, what is kept of it is one value."""
    stage = Stage()
    for number in range(5):
        stage.engine.prime(heard(number))
        stage.worker.finish_all()
    assert stage.engine.snapshot().before is None


def test_one_that_cannot_keep_up_goes_on_from_the_last_of_what_was_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And knows of no note of which it has not heard the beginning."""
    stage = Stage()
    with caplog.at_level("INFO"):
        for number in range(5000):
            stage.engine.prime(heard(number))
            assert len(stage.engine.snapshot().unknown()) <= MOST_BEHIND
            if number % 10 == 0:
                stage.worker.finish()
    assert len(stage.known) >= KEPT
    assert stage.known == tuple(heard(number) for number in range(5000 - len(stage.known), 5000))
    assert "does not keep up" in caplog.text


def test_an_event_heard_or_played_costs_the_network_one_step_here_too() -> None:
    network = RememberingNetwork(StepGraph(find_network("default")))
    worker = SlowWorker()
    engine = DeferredEngine(LstmEngine(network, 1), worker, lambda: None)
    for number in (60, 64, 67):
        engine.prime(heard(number))
    worker.finish_all()
    assert len(network.steps) == 2
    for _ in range(10):
        assert engine.sample(constraints()) is None
        worker.finish_all()
        event = engine.sample(constraints())
        assert event is not None
        engine.prime(event)
        worker.finish_all()
    assert len(network.steps) == 2 + 10


def test_it_draws_what_the_inner_engine_draws() -> None:
    worker = SlowWorker()
    engine, alone = DeferredEngine(UniformEngine(5), worker, lambda: None), UniformEngine(5)
    for _ in range(20):
        engine.sample(constraints())
        worker.finish_all()
        expected = alone.sample(constraints())
        assert engine.sample(constraints()) == expected
        engine.prime(expected)


def test_what_is_expected_is_worked_out_when_nothing_else_is_to_be_done() -> None:
    inner, worker = ExpectantEngine({Pitch(60): 1.0}), SlowWorker()
    engine = DeferredEngine(inner, worker, lambda: None)
    engine.prime(heard(1))
    assert engine.expectation() is None
    engine.prime(heard(2))
    worker.finish_all()
    assert engine.expectation() == {Pitch(60): 1.0}
    assert inner.times_asked == 1
    engine.prime(heard(3))
    assert engine.expectation() is None
    worker.finish_all()
    assert engine.expectation() == {Pitch(60): 1.0}


def test_an_inner_engine_that_does_not_say_what_it_expects_is_not_asked() -> None:
    stage = Stage()
    stage.engine.prime(heard(1))
    assert stage.engine.expectation() is None
    stage.worker.finish_all()
    assert stage.engine.expectation() is None
    assert not stage.worker.is_busy
