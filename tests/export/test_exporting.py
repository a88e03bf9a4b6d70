"""`antiphon export`, from a folder of a training and a folder of notes to files that play."""

import hashlib
import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import typer

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon.adapters.engines.models import MODEL_FILE, read_network
from antiphon_export import commands
from antiphon_export.exporting import ASK, CREDIT, exported
from antiphon_export.kinds import QUANTISATIONS
from antiphon_export.request import Request
from antiphon_models.card import COMPACT_WEIGHTS
from antiphon_models.network import EventNetwork, build
from antiphon_models.notes.dataset import read_manifest
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources
from antiphon_models.stages import on_the_terminal
from antiphon_models.training.origins import find
from antiphon_models.training.runs import Music
from antiphon_models.training.weights import load_weights
from small_corpus import write_piece
from trained_runs import leave_a_run


def write_notes(folder: Path, splits: dict[str, list[str]], is_shippable: bool = False) -> Path:
    """Prepare a little music, of which the splits say what is held out."""
    music = folder / "music"
    music.mkdir(parents=True)
    for seed, name in enumerate(chain.from_iterable(splits.values())):
        write_piece(music / name, seed)
    (music / "splits.json").write_text(json.dumps(splits))
    prepare(sources(music), folder / "notes", ["a neighbour"], is_shippable, workers=1)
    return folder / "notes"


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    splits = {"train": ["a.mid", "b.mid"], "valid": ["c.mid"], "test": []}
    return write_notes(tmp_path_factory.mktemp("shippable"), splits, is_shippable=True)


@pytest.fixture(scope="module")
def run(network: EventNetwork, notes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    music = Music.of(read_manifest(notes))
    return leave_a_run(network, tmp_path_factory.mktemp("trained") / "run", music)


def test_each_of_several_files_goes_into_a_folder_of_its_own(run: Path, notes: Path, tmp_path: Path) -> None:
    request = Request(run, notes, tmp_path / "mine", ["float32", "float16"])
    files = list(exported(request, on_the_terminal()))
    assert [each.path for each in files] == [
        tmp_path / "mine" / quantisation / MODEL_FILE for quantisation in ("float32", "float16")
    ]
    for each in files:
        card = read_network(each.path).card
        assert card == each.card
        assert card.name == "mine"
        assert card.trained_on == ["a neighbour"]
        assert card.licence == CREDIT
        assert card.measured_on == ""
        assert card.arguments["seed"] == 3
        assert each.size == each.path.stat().st_size
        assert abs(each.lost) < 0.005
        assert each.microseconds > 1.0


def test_the_weights_to_train_on_lie_beside_the_file_and_are_those_of_the_card(
    network: EventNetwork, run: Path, notes: Path, tmp_path: Path
) -> None:
    (file,) = exported(Request(run, notes, tmp_path / "mine", ["float32"]), on_the_terminal())
    weights = file.path.parent / COMPACT_WEIGHTS
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == file.card.weights_sha256
    origin = find(str(tmp_path / "mine"))
    assert origin.fingerprint == file.card.weights_sha256
    fresh = build(origin.spec)
    load_weights(fresh, origin.weights)
    for again, trained in zip(fresh.variables, network.variables, strict=True):
        np.testing.assert_allclose(np.asarray(again), np.asarray(trained), rtol=1e-3, atol=1e-6)


def test_what_is_said_goes_onto_the_card(run: Path, notes: Path, tmp_path: Path) -> None:
    request = Request(run, notes, tmp_path, ["float32"], "Ada", "plays like Ada", "CC BY-SA 3.0", events=20)
    [file] = exported(request, on_the_terminal())
    card = read_network(tmp_path / MODEL_FILE).card
    assert (card.name, card.description, card.licence) == ("Ada", "plays like Ada", "CC BY-SA 3.0")
    [whole] = exported(Request(run, notes, tmp_path, ["float32"]), on_the_terminal())
    assert whole.card.figure != file.card.figure


def test_whose_it_is_and_what_may_be_done_with_it_is_what_the_run_says_and_not_other_notes(
    network: EventNetwork, notes: Path, tmp_path: Path
) -> None:
    own = leave_a_run(network, tmp_path / "run", Music("of my own", ["my neighbour"], is_shippable=False))
    [file] = exported(Request(own, notes, tmp_path / "model", ["float32"]), on_the_terminal())
    assert file.card.licence == ASK
    assert file.card.trained_on == ["my neighbour"]
    assert file.card.measured_on == f"the valid split of {notes}"


def test_the_command_prints_what_each_file_is(
    run: Path, notes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer()
    app.command()(commands.export)
    given = [str(run), "--notes", str(notes), "-o", str(tmp_path / "out"), "--quantisation", "float32"]
    app(given, standalone_mode=False)
    heading, line, path = capsys.readouterr().out.splitlines()
    assert heading.split() == ["quantisation", "size", "held", "out", "lost", "step"]
    assert line.startswith("float32")
    assert path == str(tmp_path / "out" / MODEL_FILE)
    assert read_network(Path(path)).card.figure in line


@pytest.mark.parametrize("quantisation", ["int8-per-tensor", "int8-full"])
def test_the_libraries_keep_quiet(run: Path, notes: Path, tmp_path: Path, quantisation: str) -> None:
    """In a process of its own, because they chat once only, and on the file descriptor."""
    paths = [path for path in sys.path if path]
    program = (
        f"import logging, sys; sys.path[:0] = {paths!r}; logging.basicConfig(level=logging.INFO)\n"
        "import typer; from antiphon_export.commands import export\n"
        "app = typer.Typer(); app.command()(export); app()"
    )
    given = [str(run), "--notes", str(notes), "--out", str(tmp_path / "out"), "--quantisation", quantisation]
    ended = subprocess.run(
        [sys.executable, "-c", program, *given], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""


def test_the_kinds_of_the_command_are_those_that_can_be_made() -> None:
    assert tuple(each.value for each in commands.Kind) == QUANTISATIONS


@pytest.mark.parametrize(
    ("obstacle", "told"),
    [
        ("sys.modules['symusic'] = None", "pip install 'antiphon[train]'"),
        ("os.environ['KERAS_BACKEND'] = 'numpy'", "KERAS_BACKEND=tensorflow"),
    ],
)
def test_without_tensorflow_it_says_what_to_do(tmp_path: Path, obstacle: str, told: str) -> None:
    program = (
        f"import os, sys; {obstacle}\n"
        "from pathlib import Path; from antiphon_export.commands import export\n"
        "from antiphon_models.errors import TrainingError\n"
        "try: export(Path('run'), Path('notes'), Path('out'))\n"
        "except TrainingError as error: print(error)"
    )
    told_by = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told in told_by.stdout
    assert len(told_by.stdout.splitlines()) == 1
