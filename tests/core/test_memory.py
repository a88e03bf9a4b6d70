import pytest

from antiphon.adapters.engines.budget import ANYTHING
from antiphon.core.engine import MusicEvent
from antiphon.core.memory import LATELY, Memory
from antiphon.core.units import Pitch, Velocity
from scripted_engine import ScriptedEngine
from timing_engine import LATE, SOON, TimingEngine
from uniform_engine import UniformEngine

C = Pitch(60)
LOUD, RELEASED = Velocity(100), Velocity(0)


def test_the_engine_hears_the_time_between_moments() -> None:
    engine = UniformEngine()
    memory = Memory(engine, 1000.0)
    memory.hear(1000.5, LOUD, C)
    memory.hear(1002.0, RELEASED, C)
    assert engine.heard == (MusicEvent(0.5, LOUD, C), MusicEvent(1.5, RELEASED, C))
    assert memory.last_event_at == 1002.0


def test_in_another_tempo_the_engine_hears_its_own_time() -> None:
    engine = UniformEngine()
    memory = Memory(engine, 0.0)
    memory.hear(1.0, LOUD, C, tempo=1.5)
    memory.hear(2.0, RELEASED, C, tempo=0.5)
    assert [event.dt for event in engine.heard] == [1.5, 0.5]
    assert memory.last_event_at == 2.0


def test_what_seems_to_lie_in_the_past_counts_as_now() -> None:
    engine = UniformEngine()
    memory = Memory(engine, 0.0)
    memory.hear(2.0, LOUD, C)
    memory.hear(1.9, RELEASED, C)
    memory.hear(2.5, LOUD, C)
    assert [event.dt for event in engine.heard] == [2.0, 0.0, 0.5]


def test_it_goes_back_to_a_moment_and_on_from_there() -> None:
    engine = UniformEngine()
    memory = Memory(engine, 0.0)
    memory.hear(1.0, LOUD, C)
    past = memory.past()
    memory.hear(3.0, RELEASED, C)
    memory.go_back(past)
    assert memory.last_event_at == 1.0
    memory.hear(1.2, RELEASED, C)
    assert [event.dt for event in engine.heard] == [1.0, pytest.approx(0.2)]


def test_an_engine_that_takes_the_place_of_another_hears_the_latest_of_what_that_one_had_heard() -> None:
    memory = Memory(UniformEngine(), 0.0)
    for beat in range(2 * LATELY):
        memory.hear(float(beat), LOUD, C)
    past = memory.past()
    memory.hear(500.0, RELEASED, C)
    memory.go_back(past)
    another = UniformEngine()
    memory.go_on_with(another)
    assert memory.imagine(ANYTHING) is None
    told = 0
    while memory.is_behind:
        memory.catch_up()
        told += 1
    assert told == LATELY
    assert another.heard == (MusicEvent(1.0, LOUD, C),) * LATELY
    assert memory.imagine(ANYTHING) is not None
    memory.begin_anew(600.0)
    assert another.heard == ()


def test_what_is_heard_while_a_newcomer_catches_up_comes_to_it_in_its_turn() -> None:
    memory, another = Memory(UniformEngine(), 0.0), UniformEngine()
    memory.hear(1.0, LOUD, C)
    memory.go_on_with(another)
    past = memory.past()
    memory.hear(3.0, RELEASED, C)
    memory.catch_up()
    memory.go_back(past)
    memory.hear(2.0, RELEASED, C)
    while memory.is_behind:
        memory.catch_up()
    assert [event.dt for event in another.heard] == [1.0, 1.0]


def test_an_engine_says_when_the_next_event_comes_as_soon_as_it_has_heard_everything() -> None:
    memory = Memory(TimingEngine(SOON), 0.0)
    memory.hear(1.0, Velocity(80), Pitch(60))
    assert memory.timing() == SOON
    memory.go_on_with(TimingEngine(LATE))
    assert memory.timing() is None
    memory.catch_up()
    assert memory.timing() == LATE
    assert Memory(ScriptedEngine([]), 0.0).timing() is None
