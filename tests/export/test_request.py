"""What is wrong with an export is said before anything is done."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.errors import ExportError
from antiphon_export.request import Request
from antiphon_models.errors import DatasetError, FolderError
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources
from antiphon_models.spec import Spec
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import WEIGHTS, Music, RunError, claim
from small_corpus import write_piece


@pytest.fixture
def asked(tmp_path: Path) -> Request:
    claim(tmp_path / "run", Spec(), Recipe(), Music("", [], is_shippable=False))
    (tmp_path / "run" / WEIGHTS).touch()
    for number in range(2):
        (tmp_path / "music").mkdir(exist_ok=True)
        write_piece(tmp_path / "music" / f"{number}.mid", number)
    return Request(tmp_path / "run", hold_out(tmp_path, "valid"), tmp_path / "out", ["float32"])


def hold_out(folder: Path, split: str) -> Path:
    lists = {"train": ["0.mid"], split: ["1.mid"]}
    (folder / "music" / "splits.json").write_text(json.dumps(lists))
    prepare(sources(folder / "music"), folder / "notes", ["a neighbour"], workers=1)
    return folder / "notes"


def test_nothing_is_said_against_what_can_be_had(asked: Request) -> None:
    asked.check()
    assert not asked.out.exists()
    asked.out.mkdir()
    (asked.out / "card.json").touch()
    asked.check()


def test_a_run_without_weights_is_refused(asked: Request) -> None:
    (asked.run / WEIGHTS).unlink()
    with pytest.raises(RunError, match="has come to no weights yet"):
        asked.check()


def test_notes_that_are_none_or_hold_nothing_out_are_refused(asked: Request, tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        replace(asked, notes=tmp_path).check()
    hold_out(tmp_path, "test")
    with pytest.raises(ExportError, match="holds no piece in its valid split"):
        asked.check()
    assert not asked.out.exists()


def test_a_folder_that_holds_other_things_is_refused(asked: Request) -> None:
    with pytest.raises(FolderError, match="run holds other things; name a new folder"):
        replace(asked, out=asked.run).check()
