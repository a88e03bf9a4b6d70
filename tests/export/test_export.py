"""From weights to a file: the file plays what the network plays, and its card tells the truth."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from missing import TRAINING
from small_corpus import write_corpora

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import tensorflow as tf

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import read_model
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon_export.export import Quantisation, convert, export, restore
from antiphon_export.measure import FileUnderTest
from antiphon_models.corpora import FREE_CORPORA
from antiphon_models.network import EventNetwork
from antiphon_models.train import Recipe, save
from antiphon_models.windows import Lane, once, windows
from random_pieces import random_piece

# Keras writes weights through an interface of numpy that numpy means to change.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

EVENTS = 300


def losses_of(network: EventNetwork) -> Any:
    """Return (events, 3): what the network makes of a piece, in bits."""
    [window] = windows([Lane(once([random_piece(5, EVENTS + 1)]))], EVENTS)
    features, _ = network((window.events[:, :-1], window.sounding, network.start_state(1)))
    nats = network.losses(features, window.sounding, window.events[:, 1:])
    return np.array(nats)[:, 0].T / np.log(2)


def losses_of_file(path: Path, network: EventNetwork) -> Any:
    """Return (events, 3): what a file makes of the same piece, one event at a time."""
    [window] = windows([Lane(once([random_piece(5, EVENTS + 1)]))], EVENTS)
    model = FileUnderTest(path, network.spec)
    state, losses = model.start_state(), []
    for step in range(EVENTS):
        now, following = window.events[0, step : step + 2]
        bits, state = model.surprise(now, window.sounding[0, step], state, following)
        losses.append(bits)
    return np.array(losses)


def test_the_float_file_is_the_network_event_by_event(network: EventNetwork, float_file: Path) -> None:
    np.testing.assert_allclose(losses_of_file(float_file, network), losses_of(network), atol=1e-3)


@pytest.mark.parametrize("quantisation", ["int8", "int8-per-tensor"])
def test_a_quantised_file_is_smaller_and_says_nearly_the_same(
    network: EventNetwork, float_file: Path, tmp_path: Path, quantisation: Quantisation
) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(convert(network, quantisation))
    assert path.stat().st_size < 0.8 * float_file.stat().st_size
    assert losses_of_file(path, network).mean() == pytest.approx(losses_of(network).mean(), abs=0.1)


def test_weights_come_back_from_a_run(network: EventNetwork, tmp_path: Path) -> None:
    leave_a_run(network, tmp_path)
    restored = restore(tmp_path)
    assert restored.spec == network.spec
    for one, other in zip(network.get_weights(), restored.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_an_exported_model_is_one_that_the_daemon_plays(network: EventNetwork, tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "small"
    leave_a_run(network, run)
    card = export(run, write_corpora(tmp_path / "corpora"), out, "a small one", "float32")
    model = read_model(out / "model.tflite")
    assert model.card == card
    assert card.name == "small"
    assert card.description == "a small one"
    assert card.spec == network.spec
    assert card.parameters == network.count_params()
    assert card.trained_on == [corpus.credit for corpus in FREE_CORPORA]
    assert card.arguments["lanes"] == Recipe().lanes
    assert card.bits_per_event == pytest.approx(card.held_out.bits_per_event, abs=1e-3)
    assert card.tools["tensorflow"] == tf.__version__
    engine = LstmEngine(StepGraph(model), seed=1)
    for pitch in (60, 62, 64):
        engine.prime(MusicEvent(0.1, Velocity(80), Pitch(pitch)))
    assert all(np.isfinite(part).all() for part in engine.snapshot().before)


def leave_a_run(network: EventNetwork, folder: Path) -> None:
    """Write what training leaves behind."""
    folder.mkdir(exist_ok=True)
    save(network, folder)
    (folder / "spec.json").write_bytes(msgspec.json.encode(network.spec))
    (folder / "recipe.json").write_text(json.dumps(asdict(Recipe())))
