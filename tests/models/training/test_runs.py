"""The folder of a run: taken once, given back to the same run, refused to any other."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import TrainingError
from antiphon_models.network import build
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import CheckpointError
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import MUSIC, RECIPE, SPEC, WEIGHTS, Music, claim, save_weights
from small_disk import fill, small_disk

# Keras writes weights through an interface of numpy that numpy means to change.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

SMALL = Spec(units=16, layers=2)
SONGS = Music("0123", ["somebody"], True)


def test_a_folder_says_what_is_trained_how_and_on_what(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "first"
    claim(folder, SMALL, Recipe(), SONGS)
    assert msgspec.json.decode((folder / SPEC).read_bytes(), type=Spec) == SMALL
    assert msgspec.json.decode((folder / RECIPE).read_bytes(), type=Recipe) == Recipe()
    assert msgspec.json.decode((folder / MUSIC).read_bytes(), type=Music) == SONGS
    claim(folder, SMALL, Recipe(), SONGS)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"spec": Spec(units=16, layers=3)}, "was begun with layers 2 and not 3; give it the same options"),
        (
            {"recipe": replace(Recipe(), learning_rate=0.1, seed=9)},
            r"was begun with seed 1 and not 9, learning-rate 0\.002 and not 0\.1; give it the same options",
        ),
        ({"music": Music("4567", ["somebody"], True)}, "was begun with other music; train into another"),
    ],
)
def test_a_folder_is_refused_to_another_run(tmp_path: Path, other: dict[str, Any], sentence: str) -> None:
    ours: dict[str, Any] = {"spec": SMALL, "recipe": Recipe(), "music": SONGS}
    claim(tmp_path, **ours)
    with pytest.raises(TrainingError, match=sentence):
        claim(tmp_path, **(ours | other))


def test_a_folder_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    claim(tmp_path, SMALL, Recipe(), SONGS)
    spec = json.loads((tmp_path / SPEC).read_text())
    (tmp_path / SPEC).write_text(json.dumps(spec | {"vocabulary": "of yesterday"}))
    with pytest.raises(TrainingError, match="a version of Antiphon with another vocabulary"):
        claim(tmp_path, SMALL, Recipe(), SONGS)


def test_a_damaged_file_of_a_folder_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / RECIPE).write_text("{")
    with pytest.raises(TrainingError, match=r"recipe\.json is damaged .*; train into another folder"):
        claim(tmp_path, SMALL, Recipe(), SONGS)


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CheckpointError, match=r"file/run cannot be made \(not a directory\); choose another"):
        claim(tmp_path / "file" / "run", SMALL, Recipe(), SONGS)


def test_saved_weights_come_back(tmp_path: Path) -> None:
    saved, other = build(SMALL), build(SMALL)
    save_weights(saved, tmp_path)
    other.load_weights(tmp_path / WEIGHTS)
    for one, another in zip(saved.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(one, another)
    assert [path.name for path in tmp_path.iterdir()] == [WEIGHTS]


def test_on_a_full_disk_the_old_weights_stay(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=400) as disk:
        network = build(SMALL)
        save_weights(network, disk)
        before = (disk / WEIGHTS).read_bytes()
        fill(disk)
        with pytest.raises(CheckpointError, match=r"weights\.weights\.h5 cannot be written"):
            save_weights(network, disk)
        assert (disk / WEIGHTS).read_bytes() == before
        assert sorted(path.name for path in disk.iterdir()) == ["filling", WEIGHTS]
