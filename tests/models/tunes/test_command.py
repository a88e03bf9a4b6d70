"""antiphon train --family char."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

from antiphon_models.errors import CorpusError, OptionsError
from antiphon_models.training.runs import WEIGHTS
from antiphon_models.tunes.command import train
from antiphon_models.wanted import Wanted
from small_tunes import folder_of_tunes

SMALL = {"steps": 3, "units": 8, "layers": 1, "lanes": 2, "window": 16, "minutes": None}


def test_a_folder_of_tunes_becomes_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (music := tmp_path / "music").mkdir()
    train(Wanted(folder_of_tunes(music), tmp_path / "run", ["me"], SMALL))
    assert (tmp_path / "run" / WEIGHTS).is_file()
    assert "bits per character of held-out text" in capsys.readouterr().err


def test_one_character_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a" * 5000)
    with pytest.raises(CorpusError, match="over and over"):
        train(Wanted(tmp_path, tmp_path / "run", [], SMALL))


def test_options_of_events_are_refused(tmp_path: Path) -> None:
    from typer import Typer

    from antiphon_models.commands import train as command

    app = Typer()
    app.command()(command)
    given = ["--family", "char", str(tmp_path), "--out", str(tmp_path / "run"), "--distribute"]
    result = CliRunner().invoke(app, given)
    assert isinstance(result.exception, OptionsError)
    assert "--distribute" in str(result.exception)
