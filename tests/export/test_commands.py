"""The commands of this package: options in, figures and sentences out."""

import json
from pathlib import Path

import pytest

from missing import PLOTTING, TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import typer
from typer.testing import CliRunner, Result

from antiphon.errors import ModelError
from antiphon_export.commands import evaluate
from antiphon_models.errors import OptionsError, TrainingError
from small_corpus import write_piece


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(evaluate)
    return CliRunner().invoke(app, [str(each) for each in arguments])


def refusal(*arguments: object) -> str:
    """Return the sentence with which a command ends."""
    result = run(*arguments)
    assert isinstance(result.exception, TrainingError | ModelError)
    sentence = str(result.exception)
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    for seed in range(3):
        write_piece(tmp_path / "music" / f"{seed}.mid", seed=seed, notes=210)
    return tmp_path / "music"


def test_json_holds_what_programs_ask_for(folder: Path, float_file: Path) -> None:
    told = json.loads(run(folder, "--model", float_file, "--answers", 0, "--json").stdout)
    assert told["events"] == 3 * 419
    assert told["bits_per_event"] == pytest.approx(told["dt"] + told["velocity"] + told["pitch"])
    assert {"frequencies", "markov1", "markov2", "markov3"} <= set(told["baselines"])
    assert all(isinstance(bits, float) for bits in told["baselines"].values())


def test_a_report_is_a_page_with_a_picture(folder: Path, float_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason=PLOTTING)
    page = tmp_path / "reports" / "small.md"
    result = run(folder, "--model", float_file, "--train", folder, "--answers", 1, "--report", page)
    assert "drawn on" in result.stdout
    assert "![loss, likeness, and some answers](small.png)" in page.read_text()
    assert page.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_options_that_have_no_place_are_refused_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    for arguments, told in (
        ((), "there is nothing to measure on; name a folder"),
        (("--benchmark", "pianorolls"), "name it with --data"),
        ((folder, "--data", folder), "leave out --data: it goes with --benchmark"),
        ((folder, "--benchmark", "pianorolls", "--data", folder), "leave out FOLDER"),
        ((folder, "--curve", folder), "leave out --curve"),
        ((folder, "--report", tmp_path / "page.png"), "a report is a page with a picture beside it"),
    ):
        result = run(*arguments)
        assert isinstance(result.exception, OptionsError)
        assert told in str(result.exception)
    curve = tmp_path / "curve.jsonl"
    assert f"{curve} cannot be read" in refusal(folder, "--report", tmp_path / "page.md", "--curve", curve)
    assert not (tmp_path / "page.md").exists()


def test_mistakes_are_told_in_a_sentence(folder: Path, float_file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no music" in refusal(tmp_path / "empty")
    assert "there is no folder" in refusal(tmp_path / "nowhere")
    assert "nobody is neither a shipped model" in refusal(folder, "--model", "nobody")
    assert "has no piece in its test split" in refusal(folder, "--model", float_file, "--split", "test")
    assert "cannot be written" in refusal(
        folder, "--model", float_file, "--report", folder / "0.mid" / "a.md"
    )
    assert "is missing" in refusal("--benchmark", "pianorolls", "--data", tmp_path)
