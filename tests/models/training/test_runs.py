"""The folder of a run: taken once, given back to the same run, refused to any other."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import FolderError, TrainingError
from antiphon_models.spec import Spec
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import MUSIC, RECIPE, SPEC, WEIGHTS, Music, RunError, claim, describe

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
    with pytest.raises(TrainingError, match=r"recipe\.json is damaged; train into another folder"):
        claim(tmp_path, SMALL, Recipe(), SONGS)


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "song.mid").touch()
    with pytest.raises(FolderError, match="holds other things; name a new folder"):
        claim(tmp_path, SMALL, Recipe(), SONGS)
    assert [path.name for path in tmp_path.iterdir()] == ["song.mid"]


def test_a_run_is_described_by_what_it_wrote(tmp_path: Path) -> None:
    claim(tmp_path, SMALL, Recipe(seed=5), SONGS)
    with pytest.raises(RunError, match="has come to no weights yet; repeat its command"):
        describe(tmp_path)
    (tmp_path / WEIGHTS).touch()
    described = describe(tmp_path)
    assert (described.spec, described.arguments["seed"], described.music) == (SMALL, 5, SONGS)


@pytest.mark.parametrize("name", [SPEC, RECIPE, MUSIC])
def test_a_folder_without_all_of_its_files_is_none_of_a_run(tmp_path: Path, name: str) -> None:
    claim(tmp_path, SMALL, Recipe(), SONGS)
    (tmp_path / WEIGHTS).touch()
    (tmp_path / name).unlink()
    with pytest.raises(RunError, match=rf"has no {name}; name the folder that antiphon train left"):
        describe(tmp_path)
    with pytest.raises(RunError, match="is not there"):
        describe(tmp_path / "nothing")
    (tmp_path / name).write_bytes(b"{\xff")
    with pytest.raises(RunError, match=rf"{name} is damaged"):
        describe(tmp_path)
    with pytest.raises(RunError, match="is a file"):
        describe(tmp_path / name)


def test_a_run_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    claim(tmp_path, SMALL, Recipe(), SONGS)
    (tmp_path / WEIGHTS).touch()
    (tmp_path / SPEC).write_bytes(msgspec.json.encode(Spec(16, 2, "of old")))
    with pytest.raises(RunError, match="was trained on another vocabulary"):
        describe(tmp_path)
