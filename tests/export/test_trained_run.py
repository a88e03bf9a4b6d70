"""What a training left is read again, and what is wrong with it told in one sentence."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.errors import ExportError
from antiphon_export.trained_run import RECIPE_FILE, SPEC_FILE, WEIGHTS_FILE, open_run
from antiphon_models.network import EventNetwork
from antiphon_models.spec import Spec
from trained_runs import leave_a_run

# Keras writes weights through an interface of numpy that numpy means to change.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


@pytest.fixture
def run(network: EventNetwork, tmp_path: Path) -> Path:
    return leave_a_run(network, tmp_path / "run")


def refusal(run: Path) -> str:
    with pytest.raises(ExportError) as refused:
        open_run(run)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_weights_and_arguments_come_back(network: EventNetwork, run: Path) -> None:
    opened = open_run(run)
    assert opened.network.spec == network.spec
    for one, other in zip(network.get_weights(), opened.network.get_weights(), strict=True):
        assert np.array_equal(one, other)
    assert opened.recipe == {"seed": 3, "backend": "tensorflow", "mixed": 1}


@pytest.mark.parametrize("name", [WEIGHTS_FILE, SPEC_FILE, RECIPE_FILE])
def test_a_folder_without_all_of_its_files_is_none_of_a_run(run: Path, name: str) -> None:
    (run / name).unlink()
    assert (
        refusal(run) == f"{run} has no {name}; name the folder that `antiphon train` wrote its weights into"
    )


def test_a_folder_that_is_not_there_or_a_file_is_none_of_a_run(run: Path) -> None:
    assert "is not there" in refusal(run / "nothing")
    assert "is a file" in refusal(run / SPEC_FILE)


@pytest.mark.parametrize("name", [SPEC_FILE, RECIPE_FILE])
def test_a_damaged_description_is_named(run: Path, name: str) -> None:
    (run / name).write_bytes(b"{\xff")
    assert refusal(run).startswith(f"{run / name} is damaged: ")


def test_weights_of_another_shape_are_refused(run: Path) -> None:
    for spec in (Spec(units=8, layers=2), Spec(units=16, layers=3)):
        (run / SPEC_FILE).write_bytes(msgspec.json.encode(spec))
        assert "does not hold the weights that spec.json beside it describes" in refusal(run)


def test_weights_cut_short_are_refused(run: Path) -> None:
    weights = run / WEIGHTS_FILE
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    assert "does not hold the weights" in refusal(run)


def test_another_vocabulary_is_refused(run: Path) -> None:
    spec = json.loads((run / SPEC_FILE).read_text())
    (run / SPEC_FILE).write_text(json.dumps(spec | {"vocabulary": "of old"}))
    assert "was trained on another vocabulary" in refusal(run)
