"""A folder of notes: opened in no time, read where it is used, refused where it is not whole."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING
from small_corpus import write_piece

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import DatasetError
from antiphon_models.notes.dataset import INDEX, MANIFEST, NAMES, Dataset
from antiphon_models.notes.pieces import read_piece
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources

LISTS = {"train": ["d.mid", "a.mid", "c.mid"], "valid": ["b.mid"]}


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "music"
    folder.mkdir()
    for seed, name in enumerate("abcd"):
        write_piece(folder / f"{name}.mid", seed, notes=20 + seed)
    (folder / "splits.json").write_text(json.dumps(LISTS))
    return folder


@pytest.fixture(scope="module")
def prepared(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "notes"
    prepare(sources(music), out, ["Anna", "Bela"], workers=1)
    return out


@pytest.fixture
def notes(prepared: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(prepared, tmp_path / "notes"))


def test_the_pieces_of_a_split_are_those_of_the_files_by_name(prepared: Path, music: Path) -> None:
    pieces = Dataset.open(prepared).pieces("train")
    assert [piece.name for piece in pieces] == ["music/a.mid", "music/c.mid", "music/d.mid"]
    assert pieces.lengths.tolist() == [40, 44, 46]
    for piece, name in zip(pieces, "acd", strict=True):
        read = read_piece(music / f"{name}.mid")
        for field in ("dt", "velocity", "pitch", "part"):
            stored, expected = getattr(piece, field), getattr(read, field)
            assert stored.dtype == expected.dtype
            assert np.array_equal(stored, expected)
        assert piece.is_gridded is read.is_gridded is True


def test_pieces_are_a_sequence(prepared: Path) -> None:
    dataset = Dataset.open(prepared)
    train = dataset.pieces("train")
    assert len(train) == 3
    assert train[-1].name == "music/d.mid"
    assert [piece.name for piece in train[1:]] == ["music/c.mid", "music/d.mid"]
    assert train[::2].lengths.tolist() == [40, 46]
    with pytest.raises(IndexError):
        train[3]
    assert [piece.name for piece in dataset.pieces("valid")] == ["music/b.mid"]
    assert list(dataset.pieces("test")) == []


def test_events_are_mapped_and_not_read(prepared: Path) -> None:
    piece = Dataset.open(prepared).pieces("train")[0]
    assert not piece.dt.flags.owndata
    assert not piece.dt.flags.writeable


def test_credits_are_kept(prepared: Path) -> None:
    assert Dataset.open(prepared).manifest.credits == ["Anna", "Bela"]


def test_a_missing_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"there is no folder .*; make it with antiphon prepare FOLDER"):
        Dataset.open(tmp_path / "missing")


def test_a_folder_of_something_else_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no notes; make some: antiphon prepare"):
        Dataset.open(tmp_path)


def test_without_its_manifest_a_folder_is_not_finished(notes: Path) -> None:
    (notes / MANIFEST).unlink()
    with pytest.raises(DatasetError, match="is not finished; repeat antiphon prepare"):
        Dataset.open(notes)


@pytest.mark.parametrize("name", ["dt.bin", "part.bin", INDEX, NAMES])
@pytest.mark.parametrize("size", [None, 0, 20])
def test_a_file_that_is_missing_or_too_short_is_damage(notes: Path, name: str, size: int | None) -> None:
    if size is None:
        (notes / name).unlink()
    else:
        with (notes / name).open("r+b") as file:
            file.truncate(size)
    with pytest.raises(DatasetError, match=r"is damaged .*; remove it and prepare it again"):
        Dataset.open(notes)


@pytest.mark.parametrize(("content", "sentence"), [("{}", "is damaged"), ("", "is damaged")])
def test_a_manifest_that_cannot_be_read_is_damage(notes: Path, content: str, sentence: str) -> None:
    (notes / MANIFEST).write_text(content)
    with pytest.raises(DatasetError, match=sentence):
        Dataset.open(notes)


def test_a_folder_of_another_version_is_told_in_a_sentence(notes: Path) -> None:
    manifest = json.loads((notes / MANIFEST).read_text())
    (notes / MANIFEST).write_text(json.dumps({**manifest, "form": 99}))
    with pytest.raises(DatasetError, match="of another version of Antiphon; prepare it again"):
        Dataset.open(notes)
