"""A run of a machine made into a model that the daemon plays."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING
from small_corpus import write_piece

pytest.importorskip("tensorflow", reason=TRAINING)

from antiphon.adapters.engines.budget import ANYTHING
from antiphon.adapters.engines.models import read_model
from antiphon.adapters.engines.rbm.engine import RbmEngine
from antiphon.adapters.engines.rbm.gibbs import GibbsGraph
from antiphon_export.errors import ExportError
from antiphon_export.rbm.exporting import exported
from antiphon_export.request import Request
from antiphon_models.rbm.command import train
from antiphon_models.rbm.spec import RbmCard
from antiphon_models.stages import on_the_terminal
from antiphon_models.wanted import Wanted


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for seed in range(30):
        write_piece(folder / f"{seed}.mid", seed, notes=70)
    return folder


@pytest.fixture(scope="module")
def run(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    train(Wanted(music, out, ["me"], {"steps": 30, "units": 4}))
    return out


def test_a_run_becomes_a_file_with_a_card_and_plays(run: Path, music: Path, tmp_path: Path) -> None:
    request = Request(run, music, tmp_path / "mine", ["int8-per-tensor"])
    (file,) = exported(request, on_the_terminal())
    model = read_model(file.path, RbmCard)
    card = model.card
    assert (card.name, card.trained_on, card.spec.hidden, card.measured_on) == ("mine", ["me"], 4, "")
    assert card.licence.startswith("for personal use")
    assert 0.0 < card.held_out.nats_per_step < 10.0
    assert card.figure.endswith("nats per sixteenth")
    assert np.isfinite(file.lost)
    engine = RbmEngine(GibbsGraph(model), seed=1)
    assert engine.sample(ANYTHING).velocity


def test_music_that_holds_nothing_out_is_refused(run: Path, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    write_piece(tmp_path / "music" / "one.mid", 1)
    with pytest.raises(ExportError, match="holds no written music out"):
        list(exported(Request(run, tmp_path / "music", tmp_path / "out", ["float32"]), on_the_terminal()))
