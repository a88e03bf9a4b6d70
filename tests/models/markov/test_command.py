"""antiphon train --family markov."""

from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)
pytest.importorskip("rich", reason=TRAINING)

from antiphon.adapters.engines.models import find_model
from antiphon_models.errors import FolderError, OptionsError
from antiphon_models.markov.card import TableCard
from antiphon_models.markov.command import ASK, train
from antiphon_models.markov.table import Table
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources
from antiphon_models.wanted import Wanted
from small_corpus import write_piece

NUMBERS: dict[str, float | None] = {"minutes": None, "learning_rate": None}


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for seed in range(8):
        write_piece(folder / f"{seed}.mid", seed, notes=200)
    prepare(sources(folder), folder / "notes", ["somebody"], False, workers=1)
    return folder / "notes"


def test_a_folder_of_notes_becomes_a_model_that_can_be_opened(notes: Path, tmp_path: Path) -> None:
    train(Wanted(notes, tmp_path / "mine", ["somebody"], NUMBERS))
    model = find_model(str(tmp_path / "mine"), TableCard)
    assert model.card.name == "mine"
    assert model.card.trained_on == ["somebody"]
    assert model.card.licence == ASK
    assert model.card.held_out.bits_per_event < 12
    assert Table.read(model.path)


def test_an_option_that_means_nothing_to_it_is_refused(notes: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="--learning-rate"):
        train(Wanted(notes, tmp_path / "mine", [], NUMBERS | {"learning_rate": 0.1}))


def test_a_folder_of_somebody_else_is_left_alone(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "poem.txt").touch()
    with pytest.raises(FolderError):
        train(Wanted(notes, tmp_path, [], NUMBERS))
