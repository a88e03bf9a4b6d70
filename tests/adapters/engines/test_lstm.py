"""The LSTM engine on the model that ships: what it hears, what it draws, and what that costs."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from antiphon.adapters.engines.lstm import Heard, LstmEngine
from antiphon.adapters.engines.lstm import sounding as what_sounds
from antiphon.adapters.engines.models import find_network, read_network
from antiphon.adapters.engines.question import OPEN, TIME_TEMPERATURE, gumbel_noise, temperatures
from antiphon.adapters.engines.runtime import without_notices
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.engine import Constraints, MusicEvent, PromptEngine
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from antiphon_models import vocab
from antiphon_models.guide import guide
from missing import TRAINING
from model_files import copy_of_the_default, edit_card, model_of_another_kind, replace_file
from remembering_network import RememberingNetwork

pitches = st.integers(0, 127).map(Pitch)
events = st.builds(
    MusicEvent,
    dt=st.floats(0.0, 6.0, width=32),
    velocity=st.one_of(st.just(0), st.integers(1, 127)).map(Velocity),
    pitch=pitches,
)

PHRASE = [
    MusicEvent(dt, Velocity(velocity), Pitch(pitch))
    for dt, velocity, pitch in [
        (0.0, 80, 60), (0.2, 70, 64), (0.1, 0, 60), (0.0, 0, 64), (0.05, 75, 67), (0.5, 90, 72), (1.5, 0, 67),
    ]
]  # fmt: skip
SOUNDING_AFTER_THE_PHRASE = frozenset({Pitch(72)})


@pytest.fixture(scope="module")
def graph() -> StepGraph:
    return StepGraph(find_network("default"))


def constraints(**changes: Any) -> Constraints:
    """Return what the improviser asks of an answer in its midst, with some of it changed."""
    usual: dict[str, Any] = {
        "shortest_dt": 0.0,
        "longest_dt": 4.0,
        "onsets": frozenset(map(Pitch, range(21, 109))) - SOUNDING_AFTER_THE_PHRASE,
        "releases": SOUNDING_AFTER_THE_PHRASE,
        "temperature": 1.0,
        "min_p": 0.02,
    }
    return Constraints(**(usual | changes))


def engine_that_heard(
    graph: StepGraph | RememberingNetwork, phrase: Iterable[MusicEvent], seed: int = 1
) -> LstmEngine:
    engine = LstmEngine(graph, seed)
    for event in phrase:
        engine.prime(event)
    return engine


def played_on(engine: PromptEngine, events: int, **changes: Any) -> list[MusicEvent]:
    """Return what the engine plays when it hears itself."""
    sounding = set(SOUNDING_AFTER_THE_PHRASE)
    played = []
    for _ in range(events):
        onsets = frozenset(map(Pitch, range(21, 109))) - sounding
        event = engine.sample(constraints(onsets=onsets, releases=frozenset(sounding), **changes))
        engine.prime(event)
        (sounding.add if event.velocity else sounding.discard)(event.pitch)
        played.append(event)
    return played


def assert_same_memory(one: Heard, other: Heard) -> None:
    """Assert that two engines remember the same, to the last bit."""
    assert (one.newest, one.clock, one.struck) == (other.newest, other.clock, other.struck)
    assert one.before == other.before


def test_hearing_costs_one_step_for_each_event_and_none_is_repeated(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = engine_that_heard(network, PHRASE)
    assert len(network.steps) == len(PHRASE) - 1
    engine.sample(constraints())
    assert len(network.steps) == len(PHRASE)
    assert [step.event[2] for step in network.steps] == [event.pitch for event in PHRASE]


def test_playing_costs_one_step_for_each_event(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = engine_that_heard(network, PHRASE)
    before = len(network.steps)
    played_on(engine, 30)
    assert len(network.steps) == before + 30


def test_looking_ahead_and_going_back_leaves_no_trace(graph: StepGraph) -> None:
    wandered = engine_that_heard(graph, PHRASE[:4])
    snapshot = wandered.snapshot()
    played_on(wandered, 20)
    wandered.restore(snapshot)
    for event in PHRASE[4:]:
        wandered.prime(event)
    straight = engine_that_heard(graph, PHRASE)
    assert_same_memory(wandered.snapshot(), straight.snapshot())
    assert played_on(wandered, 20, temperature=0.0) == played_on(straight, 20, temperature=0.0)


def test_a_snapshot_is_not_changed_by_what_is_heard_after(graph: StepGraph) -> None:
    engine = engine_that_heard(graph, PHRASE)
    snapshot = engine.snapshot()
    first = played_on(engine, 10, temperature=0.0)
    for _ in range(2):
        engine.restore(snapshot)
        assert played_on(engine, 10, temperature=0.0) == first


def test_asking_does_not_change_what_was_heard(graph: StepGraph) -> None:
    asked, unasked = LstmEngine(graph, 1), LstmEngine(graph, 1)
    for event in PHRASE:
        asked.prime(event)
        unasked.prime(event)
        asked.sample(constraints(releases=frozenset()))
        asked.sample(constraints(temperature=1.5))
    assert_same_memory(asked.snapshot(), unasked.snapshot())


@given(
    heard=st.lists(events, max_size=6),
    onsets=st.frozensets(pitches, max_size=8),
    releases=st.frozensets(pitches, max_size=3),
    shortest=st.floats(0.0, 6.0),
    span=st.one_of(st.just(0.0), st.floats(0.0, 6.0)),
    temperature=st.sampled_from([0.0, 0.3, 1.0, 2.0]),
    min_p=st.sampled_from([0.0, 0.02, 1.0]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_asked_for_is_obeyed(
    graph: StepGraph,
    heard: list[MusicEvent],
    onsets: frozenset[Pitch],
    releases: frozenset[Pitch],
    shortest: float,
    span: float,
    temperature: float,
    min_p: float,
) -> None:
    """Whatever was heard: also where the network itself thinks that nothing which is allowed can be."""
    if not onsets and not releases:
        onsets = frozenset({Pitch(60)})
    engine = engine_that_heard(graph, heard)
    event = engine.sample(Constraints(shortest, shortest + span, onsets, releases, temperature, min_p))
    assert shortest <= event.dt <= shortest + span
    assert event.pitch in (onsets if event.velocity else releases)
    assert 0 <= event.velocity <= 127


@pytest.mark.parametrize("dt", [0.0, 0.004, 0.3333, 4.0, 5.5])
def test_a_time_that_is_forced_is_kept_to_the_letter(graph: StepGraph, dt: float) -> None:
    engine = engine_that_heard(graph, PHRASE)
    assert engine.sample(constraints(shortest_dt=dt, longest_dt=dt)).dt == dt


def test_a_note_that_sounds_is_struck_again_only_if_nothing_else_is_allowed(graph: StepGraph) -> None:
    engine = engine_that_heard(graph, PHRASE)
    asked = constraints(onsets=SOUNDING_AFTER_THE_PHRASE, releases=frozenset())
    assert engine.sample(asked).pitch in SOUNDING_AFTER_THE_PHRASE


def test_temperature_zero_ignores_the_seed(graph: StepGraph) -> None:
    for heard in (PHRASE, []):
        one, other = (engine_that_heard(graph, heard, seed) for seed in (1, 2))
        assert played_on(one, 20, temperature=0.0) == played_on(other, 20, temperature=0.0)


@pytest.mark.parametrize("manner", [{"temperature": 0.3}, {"temperature": 2.0}, {"min_p": 1.0}])
def test_temperature_and_min_p_leave_the_time_and_the_velocity_alone(
    graph: StepGraph, manner: dict[str, float]
) -> None:
    as_learnt, changed = LstmEngine(graph, seed=7), LstmEngine(graph, seed=7)
    pitches = []
    for _ in range(40):
        usual, other = as_learnt.sample(constraints(min_p=0.0)), changed.sample(constraints(**manner))
        assert (other.dt, other.velocity) == (usual.dt, usual.velocity)
        pitches.append((other.pitch, usual.pitch))
        as_learnt.prime(usual)
        changed.prime(usual)
    assert any(other != usual for other, usual in pitches)


def test_the_same_seed_plays_the_same_and_another_something_else(graph: StepGraph) -> None:
    first, again, other = (played_on(engine_that_heard(graph, PHRASE, seed), 20) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_engine_that_has_heard_nothing_begins_near_the_middle(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = LstmEngine(network, 1)
    event = engine.sample(constraints(shortest_dt=0.1))
    assert event.dt == 0.1
    assert event.velocity > 0
    assert 48 <= event.pitch <= 72
    assert not network.steps
    assert engine.sample(constraints(onsets=frozenset({Pitch(100)}))).pitch == 100


def test_where_a_register_is_asked_for_it_begins_there(graph: StepGraph) -> None:
    event = LstmEngine(graph, 1).sample(constraints(guide=Guide(register=90.0)))
    assert 84 <= event.pitch <= 96


@given(heard=st.lists(events, min_size=2, max_size=40))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_network_sees_at_the_keyboard_what_it_saw_in_training(
    graph: StepGraph, heard: list[MusicEvent]
) -> None:
    """The same events make the same inputs here and in the windows that the network was trained on."""
    pytest.importorskip("symusic", reason=TRAINING)
    from antiphon_models.lessons.augmentation import once
    from antiphon_models.lessons.windows import Lane, windows
    from antiphon_models.notes.pieces import Piece

    network = RememberingNetwork(graph)
    engine_that_heard(network, heard)
    piece = Piece(
        "heard",
        np.array([event.dt for event in heard], np.float32),
        np.array([event.velocity for event in heard], np.uint8),
        np.array([event.pitch for event in heard], np.uint8),
        np.zeros(len(heard), np.uint8),
        is_gridded=False,
    )
    trained_on = [
        (window.events[0, step], window.sounding[0, step])
        for window in windows([Lane(once([piece]))], 7)
        for step in range(int(window.weights.sum()))
    ]
    assert len(trained_on) == len(network.steps)
    for (event, sounding), step in zip(trained_on, network.steps, strict=True):
        assert tuple(event) == step.event
        np.testing.assert_allclose(step.sounding, sounding, atol=1e-4)


def test_the_network_is_told_who_played_and_whom_it_is_asked_for(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    theirs = [replace(event, part="you") for event in PHRASE]
    engine = engine_that_heard(network, theirs)
    answer = engine.sample(constraints(asked="it"))
    assert [step.event[3] for step in network.steps] == [1] * len(PHRASE)
    assert [step.question.manner.asked.item() for step in network.steps] == [0] * (len(PHRASE) - 1) + [2]
    assert answer.part == "it"
    engine.prime(answer)
    assert engine.sample(constraints()).part is None
    assert network.steps[-1].event[3] == 2


def test_a_guide_reaches_the_network_when_it_is_asked_and_not_while_it_listens(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = engine_that_heard(network, PHRASE)
    engine.sample(constraints(guide=Guide(density=8.0, register=72.0)))
    assert not any(step.question.manner.guide.any() for step in network.steps[:-1])
    assert network.steps[-1].question.manner.guide.tolist() == [guide(density=8.0, register=72.0).tolist()]


def test_a_note_that_is_held_for_an_hour_still_sounds(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = engine_that_heard(network, [MusicEvent(0.0, Velocity(80), Pitch(50))])
    for _ in range(1000):
        engine.prime(MusicEvent(4.0, Velocity(0), Pitch(90)))
    assert network.steps[-1].sounding[50] == pytest.approx(0.5)


def test_a_file_of_another_kind_is_refused_even_if_its_card_vouches_for_it(tmp_path: Path) -> None:
    pytest.importorskip("flatbuffers", reason="it comes with ai-edge-litert, not with tflite-runtime")
    model = copy_of_the_default(tmp_path / "foreign")
    replace_file(model, model_of_another_kind())
    assert "step" in refusal(model)


@pytest.mark.parametrize("content", [b"", b"a song", b"TFL3" * 100])
def test_a_file_that_is_no_model_is_refused_even_if_its_card_vouches_for_it(
    tmp_path: Path, content: bytes
) -> None:
    model = copy_of_the_default(tmp_path / "no-model")
    replace_file(model, content)
    refusal(model)


def test_a_truncated_file_is_refused_even_if_its_card_vouches_for_it(tmp_path: Path) -> None:
    model = copy_of_the_default(tmp_path / "half")
    replace_file(model, model.read_bytes()[: model.stat().st_size // 2])
    refusal(model)


def test_a_card_that_tells_of_another_shape_is_refused_before_the_first_note(tmp_path: Path) -> None:
    model = copy_of_the_default(tmp_path / "misshapen")
    for spec in ({"units": 8, "layers": 3}, {"units": 256, "layers": 4}):
        edit_card(model, spec=spec | {"vocabulary": vocab.fingerprint()})
        refusal(model)


def refusal(model: Path) -> str:
    """Return the sentence with which a model is refused."""
    with pytest.raises(ModelError) as refused:
        StepGraph(read_network(model))
    sentence = str(refused.value)
    assert sentence.startswith(str(model))
    assert "\n" not in sentence
    return sentence


def test_loading_a_model_prints_nothing() -> None:
    load = (
        "from antiphon.adapters.engines import models, step_graph;"
        "step_graph.StepGraph(models.find_network('default'))"
    )
    loading = subprocess.run([sys.executable, "-c", load], capture_output=True, timeout=60, check=True)
    assert (loading.stdout, loading.stderr) == (b"", b"")


def test_what_others_write_while_a_model_is_loaded_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    with without_notices():
        os.write(2, b"INFO: a delegate\nERROR: a broken graph\n")
        os.write(2, b"\xff no newline")
    assert capfd.readouterr().err == "ERROR: a broken graph\n� no newline"


def test_a_model_is_loaded_also_where_standard_error_is_closed() -> None:
    load = (
        "from antiphon.adapters.engines import models, step_graph;"
        "step_graph.StepGraph(models.find_network('default')); print('loaded')"
    )
    command = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", load]
    loading = subprocess.run(command, stdout=subprocess.PIPE, timeout=60, check=True)
    assert loading.stdout == b"loaded\n"


def test_after_a_scale_it_expects_the_octave_and_nothing_is_heard_by_asking(graph: StepGraph) -> None:
    engine = LstmEngine(graph, seed=1)
    assert engine.expectation() is None
    for pitch in (60, 62, 64, 65, 67, 69, 71):
        engine.prime(MusicEvent(0.2, Velocity(80), Pitch(pitch)))
        engine.prime(MusicEvent(0.1, Velocity(0), Pitch(pitch)))
    drawn = engine.sample(constraints(temperature=0.0))
    expected = engine.expectation()
    assert expected is not None
    assert max(expected, key=expected.__getitem__) == 72
    assert 0.5 < sum(expected.values()) <= 1.0 + 1e-6
    assert engine.sample(constraints(temperature=0.0)) == drawn


def test_a_step_that_was_taken_to_expect_need_not_be_taken_again(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    engine = LstmEngine(network, seed=1)
    engine.prime(MusicEvent(0.2, Velocity(80), Pitch(60)))
    engine.expectation()
    engine.prime(MusicEvent(0.2, Velocity(0), Pitch(60)))
    assert len(network.steps) == 1


def test_it_says_when_it_expects_the_next_event_as_often_as_it_then_draws_it(graph: StepGraph) -> None:
    engine = LstmEngine(graph, seed=1)
    assert engine.timing() is None
    for event in (*PHRASE, MusicEvent(0.3, Velocity(0), Pitch(72))):
        engine.prime(event)
    timing = engine.timing()
    assert timing is not None
    assert len(timing) == vocab.DT_BINS
    assert sum(timing) == pytest.approx(1.0, abs=1e-5)
    asked = replace(OPEN, manner=replace(OPEN.manner, temperature=temperatures(1.0) / TIME_TEMPERATURE))
    drawn = np.zeros(vocab.DT_BINS)
    heard = engine.snapshot()
    for noise in gumbel_noise(np.random.default_rng(2), 2000):
        _, (dt, _, _) = graph.step(
            heard.newest, what_sounds(heard), heard.before, replace(asked, noise=noise)
        )
        drawn[dt] += 1 / 2000
    assert np.abs(np.cumsum(drawn) - np.cumsum(timing)).max() < 0.05


def test_to_say_when_costs_no_step_that_hearing_the_next_event_would_not(graph: StepGraph) -> None:
    network = RememberingNetwork(graph)
    asked, unasked = engine_that_heard(network, PHRASE), engine_that_heard(graph, PHRASE)
    asked.timing()
    assert len(network.steps) == len(PHRASE)
    for engine in (asked, unasked):
        engine.prime(MusicEvent(0.3, Velocity(0), Pitch(72)))
    assert len(network.steps) == len(PHRASE)
    assert_same_memory(asked.snapshot(), unasked.snapshot())
