"""A model file on the GPU: it plays what the CPU plays, whole or not at all."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from antiphon.adapters.engines.gpu_graph import GpuGraph
from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import ModelFile, NetworkFile, find_network, shipped_models
from antiphon.adapters.engines.question import OPEN, Floats, Question, gumbel_noise
from antiphon.adapters.engines.step_graph import Bins, Played, State, StepGraph, check_that_it_draws
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from antiphon_models import vocab
from missing import TRAINING
from small_models import model_with_a_pad, small_model
from vulkan import a_gpu

STEPS = 200

PHRASE = [
    MusicEvent(dt, Velocity(velocity), Pitch(pitch))
    for dt, velocity, pitch in [(0.0, 80, 60), (0.2, 70, 64), (0.1, 0, 60), (0.05, 75, 67), (0.5, 0, 64)]
]


@pytest.fixture(scope="module", autouse=True)
def gpu() -> Iterator[None]:
    with a_gpu():
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> NetworkFile:
    pytest.importorskip("tensorflow", reason=TRAINING)
    pytest.importorskip("symusic", reason=TRAINING)
    return small_model(tmp_path_factory.mktemp("models") / "float32", "float32")


@pytest.fixture(scope="module")
def on_the_gpu(model: NetworkFile) -> GpuGraph:
    return GpuGraph(model)


def numbers(part: bytes) -> npt.NDArray[np.float32]:
    return np.frombuffer(part, np.float32)


def engine_that_heard_the_phrase(network: GpuGraph | StepGraph, seed: int) -> LstmEngine:
    engine = LstmEngine(network, seed)
    for event in PHRASE:
        engine.prime(event)
    return engine


def played_on(engine: LstmEngine, events: int) -> list[MusicEvent]:
    """Return what the engine plays when it hears itself."""
    sounding = {Pitch(67)}
    played = []
    for _ in range(events):
        onsets = frozenset(map(Pitch, range(21, 109))) - sounding
        event = engine.sample(Constraints(0.0, 4.0, onsets, frozenset(sounding), 1.0, 0.02))
        engine.prime(event)
        (sounding.add if event.velocity else sounding.discard)(event.pitch)
        played.append(event)
    return played


def steps_of_music() -> Iterator[tuple[Played, Floats, Question]]:
    """Yield events, what sounds, and questions that nothing of the network's own masks decides."""
    random = np.random.default_rng(4)
    for _ in range(STEPS):
        sounding = (random.random(vocab.PITCHES) < 0.1).astype(np.float32)
        event = (int(random.integers(62)), int(random.integers(33)), int(random.integers(128)), 0)
        yield event, sounding, msgspec.structs.replace(OPEN, noise=gumbel_noise(random)[0])


def state_after(network: GpuGraph | StepGraph) -> tuple[State, list[Bins]]:
    """Return the state after two hundred steps, carried along, and what was drawn in each."""
    state, drawn = network.start_state(), []
    for event, sounding, question in steps_of_music():
        state, bins = network.step(event, sounding, state, question)
        drawn.append(bins)
    return state, drawn


def test_the_state_stays_near_that_of_the_cpu_and_the_same_is_drawn(
    model: NetworkFile, on_the_gpu: GpuGraph
) -> None:
    """Nothing here comes so near to a tie that the last bits decide."""
    state, drawn = state_after(on_the_gpu)
    expected_state, expected = state_after(StepGraph(model))
    assert drawn == expected
    for part, expected_part in zip(state, expected_state, strict=True):
        np.testing.assert_allclose(numbers(part), numbers(expected_part), atol=1e-4)


def test_the_same_seed_plays_the_same_as_on_the_cpu(model: NetworkFile, on_the_gpu: GpuGraph) -> None:
    one, other = (engine_that_heard_the_phrase(each, 5) for each in (on_the_gpu, StepGraph(model)))
    assert played_on(one, STEPS) == played_on(other, STEPS)


def test_going_back_on_the_gpu_leaves_no_trace(on_the_gpu: GpuGraph) -> None:
    engine = engine_that_heard_the_phrase(on_the_gpu, 5)
    snapshot = engine.snapshot()
    before = snapshot.before
    played_on(engine, 20)
    assert snapshot.before == before


def test_two_models_share_the_gpu(model: NetworkFile, on_the_gpu: GpuGraph) -> None:
    other = GpuGraph(model)
    assert played_on(engine_that_heard_the_phrase(other, 7), 10) == played_on(
        engine_that_heard_the_phrase(on_the_gpu, 7), 10
    )


def test_the_gpu_says_what_it_is(on_the_gpu: GpuGraph) -> None:
    assert on_the_gpu.device


def test_weights_of_8_bits_run_on_the_gpu_too(model: NetworkFile, tmp_path: Path) -> None:
    """As on the CPU, but for what that rounds on the way."""
    rounded = small_model(tmp_path / "int8", "int8-per-tensor")
    (state, _), (expected, _) = state_after(GpuGraph(rounded)), state_after(StepGraph(rounded))
    for part, expected_part in zip(state, expected, strict=True):
        np.testing.assert_allclose(numbers(part), numbers(expected_part), atol=0.2)


@pytest.mark.parametrize("name", [each.card.name for each in shipped_models() if each.card.engine == "lstm"])
def test_every_shipped_network_runs_on_the_gpu(name: str) -> None:
    shipped = find_network(name)
    (state, _), (expected, _) = state_after(GpuGraph(shipped)), state_after(StepGraph(shipped))
    for part, expected_part in zip(state, expected, strict=True):
        np.testing.assert_allclose(numbers(part), numbers(expected_part), rtol=0.02, atol=0.2)


def test_a_file_of_which_the_gpu_takes_only_a_part_is_refused(model: NetworkFile, tmp_path: Path) -> None:
    refused = model_with_a_pad(tmp_path / "padded")
    with pytest.raises(ModelError) as refusal:
        GpuGraph(refused)
    assert str(refusal.value).startswith(f"the GPU does not take all of {refused.path}: PAD: ")
    assert str(refusal.value).endswith(
        '; export it with --quantisation float32, or set engine.accelerator = "cpu"'
    )


def test_a_file_that_is_no_model_is_refused(model: NetworkFile, tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(b"a song")
    with pytest.raises(ModelError, match=r"^the GPU does not run .*model\.tflite: "):
        GpuGraph(ModelFile(tmp_path / "model.tflite", model.card))


def test_nothing_appears_where_a_model_is_loaded_refused_and_let_go(
    model: NetworkFile, tmp_path: Path
) -> None:
    """Neither then nor at the end of the process; what LiteRT says goes to the log for --debug."""
    refused = model_with_a_pad(tmp_path / "padded")
    load = (
        "import sys; from pathlib import Path; from antiphon.adapters.engines import gpu_graph, models\n"
        "graph = gpu_graph.GpuGraph(models.read_network(Path(sys.argv[1])))\n"
        "try: gpu_graph.GpuGraph(models.read_network(Path(sys.argv[2])))\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    loading = subprocess.run(
        [sys.executable, "-c", load, str(model.path), str(refused.path)],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert (loading.stdout, loading.stderr) == (b"ModelError\n", b"")


class DrawingBeyondTheEnd:
    """A network as on a GPU that takes what lies beyond the end of a row for a part of it."""

    def start_state(self) -> State:
        return ()

    def step(self, event: Played, sounding: Floats, state: State, question: Question) -> tuple[State, Bins]:
        return state, (vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES - 1)

    def pitch_logits(self) -> Floats:
        return np.zeros(vocab.PITCHES, np.float32)

    def dt_logits(self) -> Floats:
        return np.zeros(vocab.DT_BINS, np.float32)


def test_an_accelerator_that_draws_what_is_not_allowed_is_found_out() -> None:
    with pytest.raises(ValueError, match=r"\(62, 33, 127\), which was not allowed"):
        check_that_it_draws(DrawingBeyondTheEnd())
