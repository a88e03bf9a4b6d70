"""A run on tunes becomes a file that the daemon's engine plays, with a card."""

from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

from antiphon.adapters.engines.kinds import Form
from antiphon.adapters.engines.models import find_model
from antiphon.adapters.engines.tunes.char_graph import CharGraph
from antiphon.adapters.engines.tunes.composing import written
from antiphon.adapters.engines.tunes.scribe import Manner
from antiphon_export.errors import ExportError
from antiphon_export.kinds import Quantisation
from antiphon_export.request import Request
from antiphon_export.tunes.exporting import exported
from antiphon_models.stages import on_the_terminal
from antiphon_models.training.runs import WEIGHTS, RunError
from antiphon_models.tunes.spec import CharCard
from antiphon_models.tunes.texts import texts_of
from small_char_run import write_run
from small_tunes import folder_of_tunes


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_tunes(tmp_path_factory.mktemp("music"))


@pytest.fixture(scope="module")
def run(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    write_run(texts_of(music), folder)
    return folder


def ask(run: Path, music: Path, out: Path, *kinds: Quantisation) -> Request:
    return Request(run, music, out, kinds or ("int8-per-tensor",), licence="GPL-3.0-only")


def test_files_lose_next_to_nothing_and_write_tunes(run: Path, music: Path, tmp_path: Path) -> None:
    request = ask(run, music, tmp_path / "model", "float32", "int8-per-tensor", "int8")
    files = list(exported(request, on_the_terminal()))
    assert files[0].lost == pytest.approx(0.0, abs=1e-3)
    assert all(abs(each.lost) < 0.1 for each in files)
    card = files[1].card
    assert isinstance(card, CharCard)
    assert (card.licence, card.trained_on, card.measured_on) == ("GPL-3.0-only", ["somebody"], "")
    network = CharGraph(find_model(str(tmp_path / "model" / "int8-per-tensor"), CharCard))
    assert written(network, Manner(1.0, 0.0), 1, Form("G", "4/4")).notes


def test_text_that_it_was_not_trained_on_is_named(run: Path, music: Path, tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    folder_of_tunes(other, train=8)
    (file,) = exported(ask(run, other, tmp_path / "model"), on_the_terminal())
    assert file.card.measured_on == f"the valid split of {other}"


def test_what_cannot_be_had_is_refused(run: Path, music: Path, tmp_path: Path) -> None:
    (strange := tmp_path / "strange").mkdir()
    (strange / "a.txt").write_text("Ünheard öf. " * 40)
    with pytest.raises(ExportError, match="never learnt"):
        list(exported(ask(run, strange, tmp_path / "model"), on_the_terminal()))
    with pytest.raises(ExportError, match="int8-full"):
        list(exported(ask(run, music, tmp_path / "model", "int8-full"), on_the_terminal()))
    (run / WEIGHTS).rename(run / "gone")
    try:
        with pytest.raises(RunError, match="no weights yet"):
            list(exported(ask(run, music, tmp_path / "model"), on_the_terminal()))
    finally:
        (run / "gone").rename(run / WEIGHTS)
