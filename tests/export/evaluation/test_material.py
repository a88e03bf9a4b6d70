"""The music that is measured: folders of notes and of music, and what is said where there is none."""

import json
from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.evaluation.material import MaterialError, Portion, opened
from antiphon_models.errors import TrainingError
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources
from small_corpus import write_piece


def music(folder: Path, **splits: int) -> Path:
    """Write pieces, so many of each split, and the list that says so."""
    folder.mkdir()
    lists: dict[str, list[str]] = {"train": [], "valid": [], "test": []}
    for split, count in splits.items():
        for number in range(count):
            path = write_piece(folder / f"{split}-{number}.mid", seed=hash_of(split, number))
            lists[split].append(path.name)
    (folder / "splits.json").write_text(json.dumps(lists))
    return folder


def hash_of(split: str, number: int) -> int:
    return 100 * len(split) + ord(split[1]) + number


def notes(folder: Path, out: Path) -> Path:
    prepare(sources(folder), out, credits=[], workers=1)
    return out


def names(pieces: object) -> list[str]:
    return [Path(piece.name).stem for piece in pieces]  # type: ignore[attr-defined]


def test_of_notes_the_valid_split_is_measured_and_the_test_split_continued(tmp_path: Path) -> None:
    folder = notes(music(tmp_path / "music", train=3, valid=1, test=1), tmp_path / "notes")
    found = opened(folder)
    assert found.portion == "valid"
    assert names(found.measured) == ["valid-0"]
    assert names(found.continued) == ["test-0"]
    assert found.continued_from == "test"
    assert found.learnt is not None
    assert names(found.learnt) == ["train-0", "train-1", "train-2"]


def test_of_a_folder_of_music_everything_is_measured_and_nothing_is_taken_for_learnt(tmp_path: Path) -> None:
    found = opened(music(tmp_path / "music", train=2, valid=1, test=1))
    assert found.portion == "all"
    assert names(found.measured) == ["train-0", "train-1", "valid-0", "test-0"]
    assert found.continued is found.measured
    assert found.learnt is None


def test_a_folder_of_few_pieces_is_split_as_it_is_when_it_is_prepared(tmp_path: Path) -> None:
    folder = music(tmp_path / "music", train=5)
    (folder / "splits.json").unlink()
    read, prepared = opened(folder, "valid"), opened(notes(folder, tmp_path / "notes"))
    assert names(read.measured) == names(prepared.measured)
    assert len(read.measured) == 1
    assert read.learnt is not None
    assert prepared.learnt is not None
    assert names(read.learnt) == names(prepared.learnt)


def test_what_was_learnt_may_be_named(tmp_path: Path) -> None:
    learnt = music(tmp_path / "learnt", train=2)
    found = opened(music(tmp_path / "music", test=1), "test", learnt)
    assert names(found.measured) == ["test-0"]
    assert found.learnt is not None
    assert names(found.learnt) == ["train-0", "train-1"]


def test_without_a_train_split_nothing_is_taken_for_learnt(tmp_path: Path) -> None:
    found = opened(music(tmp_path / "music", valid=2), "valid")
    assert found.learnt is None


@pytest.mark.parametrize(
    ("portion", "sentence"),
    [("test", "has no piece in its test split; try --split all"), ("valid", "no piece in its valid split")],
)
def test_an_empty_split_is_told(tmp_path: Path, portion: Portion, sentence: str) -> None:
    with pytest.raises(MaterialError, match=sentence):
        opened(music(tmp_path / "music", train=1), portion)


def test_an_empty_folder_and_one_that_is_not_there_are_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(TrainingError):
            opened(folder)


def test_training_music_without_a_train_split_is_told(tmp_path: Path) -> None:
    folder = music(tmp_path / "music", valid=1)
    with pytest.raises(MaterialError, match="has no train split"):
        opened(folder, "valid", folder)


def test_what_cannot_be_read_and_what_is_there_twice_is_left_out(tmp_path: Path) -> None:
    write_piece(tmp_path / "a.mid", seed=1)
    (tmp_path / "b.mid").write_bytes((tmp_path / "a.mid").read_bytes())
    (tmp_path / "c.mid").write_bytes(b"no music")
    found = opened(tmp_path)
    assert len(found.measured) == 1
    assert found.left_out == {"not a readable MIDI file": 1}
    (tmp_path / "a.mid").unlink()
    (tmp_path / "b.mid").unlink()
    with pytest.raises(MaterialError, match="holds no music that can be read; the first: "):
        opened(tmp_path)
