"""From weights to a file: the daemon plays it, and its card tells the truth."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import tensorflow as tf

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import CARD_FILE, MODEL_FILE, read_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon_export.errors import ExportError
from antiphon_export.export import Music, Title, export
from antiphon_export.kinds import QUANTISATIONS, Quantisation
from antiphon_export.measure import measure
from antiphon_export.trained_run import TrainedRun
from antiphon_models.network import EventNetwork
from antiphon_models.training import runs
from random_pieces import random_piece
from small_disk import small_disk

HELD_OUT = [random_piece(7, 40)]


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_every_kind_of_file_is_one_that_the_daemon_plays(
    file_of: Callable[[Quantisation], Path], quantisation: Quantisation
) -> None:
    model = read_network(file_of(quantisation))
    assert model.card.quantisation == quantisation
    engine = LstmEngine(StepGraph(model), seed=1)
    for pitch in (60, 62, 64):
        engine.prime(MusicEvent(0.1, Velocity(80), Pitch(pitch)))
    assert all(np.isfinite(np.frombuffer(part, np.float32)).all() for part in engine.snapshot().before)


def test_a_card_says_what_the_file_is(network: EventNetwork, float_file: Path) -> None:
    card = read_network(float_file).card
    assert card.sha256 == hashlib.sha256(float_file.read_bytes()).hexdigest()
    assert (card.name, card.description, card.licence) == ("float32", "a small one", "CC0")
    assert card.trained_on == ["nobody in particular"]
    assert card.arguments == {"seed": 3}
    assert card.spec == network.spec
    assert card.parameters == network.count_params()
    assert card.held_out == measure(float_file, network.spec, HELD_OUT)
    assert card.bits_per_event == pytest.approx(card.held_out.bits_per_event, abs=1e-4)
    assert card.tools["tensorflow"] == tf.__version__


def test_a_disk_without_room_for_the_files_in_between_is_told_in_a_sentence(
    network: EventNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = TrainedRun(network, {}, runs.Music("", [], is_shippable=True))
    with small_disk(tmp_path / "disk", kilobytes=16) as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        with pytest.raises(ExportError, match="disk cannot hold the files in between"):
            export(run, Music([], HELD_OUT), tmp_path, "float32", Title("homeless", "", "CC0"))


def test_a_disk_that_is_full_leaves_nothing_half_written(network: EventNetwork, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=16) as disk:
        run = TrainedRun(network, {}, runs.Music("", [], is_shippable=True))
        with pytest.raises(ExportError, match="no space left on device"):
            export(run, Music([], HELD_OUT), disk, "float32", Title("too large", "", "CC0"))
        assert not {MODEL_FILE, CARD_FILE} & {path.name for path in disk.iterdir()}
