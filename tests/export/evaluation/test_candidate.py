"""Models that can be measured: by name, file or training; and what is said of what is none."""

import json
from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import msgspec

from antiphon.adapters.engines.models import read_network
from antiphon.errors import ModelError
from antiphon_export.evaluation.candidate import candidate
from antiphon_models.network import EventNetwork
from antiphon_models.spec import Spec
from antiphon_models.training.evaluate import evaluate
from antiphon_models.training.runs import RunError
from model_files import copy_of_the_default, edit_card, model_of_another_kind, replace_file
from random_pieces import random_piece
from trained_runs import leave_a_run

PIECES = [random_piece(1, 30), random_piece(2, 20)]


@pytest.fixture
def training(network: EventNetwork, tmp_path: Path) -> Path:
    """The folder of a training, as `antiphon train` leaves it."""
    return leave_a_run(network, tmp_path / "training")


def test_a_training_is_measured_by_its_network_and_played_by_a_file_of_it(
    training: Path, network: EventNetwork
) -> None:
    with candidate(str(training)) as model:
        assert model.parameters == network.count_params()
        assert model.measure(PIECES) == evaluate(network, PIECES)
        assert read_network(model.file).card.spec == network.spec
        assert model.curve is None
    assert not model.file.exists()


def test_the_curve_of_a_training_is_at_hand(training: Path) -> None:
    (training / "curve.jsonl").write_text("")
    with candidate(str(training)) as model:
        assert model.curve == training / "curve.jsonl"


def test_a_file_is_measured_as_it_plays_however_it_is_named(tmp_path: Path) -> None:
    file = copy_of_the_default(tmp_path / "model")
    with (
        candidate("default") as by_name,
        candidate(str(file)) as by_file,
        candidate(str(file.parent)) as by_folder,
    ):
        losses = by_name.measure(PIECES[1:])
        assert losses == by_file.measure(PIECES[1:]) == by_folder.measure(PIECES[1:])
        assert losses.bits_per_event > 1.0
        assert by_folder.file == file
        assert by_name.quantisation == read_network(file).card.quantisation


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nobody is neither a shipped model"), candidate("nobody"):
        pass
    with pytest.raises(ModelError, match="there is no model file"), candidate(str(tmp_path / "no.tflite")):
        pass
    with pytest.raises(ModelError, match=r"holds no model\.tflite"), candidate(str(tmp_path)):
        pass


def test_another_vocabulary_is_told(training: Path, tmp_path: Path) -> None:
    (training / "spec.json").write_bytes(msgspec.json.encode(Spec(16, 2, "another")))
    with pytest.raises(RunError, match="another vocabulary"), candidate(str(training)):
        pass
    file = copy_of_the_default(tmp_path / "model")
    spec = json.loads(file.with_name("card.json").read_text())["spec"]
    edit_card(file, spec=spec | {"vocabulary": "another"})
    with pytest.raises(ModelError, match="another vocabulary"), candidate(str(file)):
        pass


def test_a_file_of_another_kind_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    file = copy_of_the_default(tmp_path / "model")
    replace_file(file, model_of_another_kind())
    with pytest.raises(ModelError, match="is not a model that this antiphon can step"), candidate(str(file)):
        pass
