"""The commands of this package at the command line: tables, and one sentence for a mistake."""

import inspect
import json
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from antiphon_models import commands
from antiphon_models.errors import CorpusError, OptionsError, TrainingError
from antiphon_models.training.recipe import USUAL
from antiphon_models.typed import pip_install
from missing import TRAINING
from small_corpus import write_corpora, write_piece


def run(*arguments: object) -> str:
    """Run ``prepare`` and return what it prints; raises what it raises."""
    app = typer.Typer()
    app.command()(commands.prepare)
    result = CliRunner().invoke(app, [str(argument) for argument in (*arguments, "--jobs", 1)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def words(line: str) -> list[str]:
    return line.split()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    pytest.importorskip("symusic", reason=TRAINING)
    folder = tmp_path / "music"
    folder.mkdir()
    for seed in range(3):
        write_piece(folder / f"{seed}.mid", seed)
    (folder / "broken.mid").write_bytes(b"a song")
    lists = {"train": ["0.mid", "1.mid", "broken.mid"], "valid": ["2.mid"]}
    (folder / "splits.json").write_text(json.dumps(lists))
    return folder


def test_what_was_read_and_what_was_not_is_shown_in_tables(music: Path, tmp_path: Path) -> None:
    lines = [*map(words, run(music, "--out", tmp_path / "notes").splitlines())]
    assert ["train", "2", "160"] in lines
    assert ["valid", "1", "80"] in lines
    assert words("3 files read") in lines
    assert words("not a readable MIDI file 1") in lines
    assert any(line and line[-1].endswith("notes/report.txt") for line in lines)
    assert words("nothing is held out for test: add music, or name some in a splits.json") in lines


@pytest.mark.parametrize(
    ("options", "credits"),
    [((), [commands.YOUR_OWN]), (("--credit", "Anna", "--credit", "Bela"), ["Anna", "Bela"])],
)
def test_the_music_is_your_own_unless_you_say_whose(
    music: Path, tmp_path: Path, options: tuple[str, ...], credits: list[str]
) -> None:
    from antiphon_models.notes.dataset import Dataset

    run(music, "--out", tmp_path / "notes", *options)
    dataset = Dataset.open(tmp_path / "notes")
    assert dataset.manifest.credits == credits
    assert not dataset.manifest.is_shippable


def test_of_the_published_corpora_only_what_is_free_is_taken_and_everybody_is_credited(
    tmp_path: Path,
) -> None:
    pytest.importorskip("symusic", reason=TRAINING)
    from antiphon_models.notes.corpora import FREE_CORPORA
    from antiphon_models.notes.dataset import Dataset

    printed = run(write_corpora(tmp_path / "data"), "--shippable", "--out", tmp_path / "notes")
    assert words("not free enough to ship what was learnt from it 3") in map(words, printed.splitlines())
    dataset = Dataset.open(tmp_path / "notes")
    assert dataset.manifest.is_shippable
    assert dataset.manifest.credits == [corpus.credit for corpus in FREE_CORPORA]
    assert {piece.name.rpartition("/")[2] for piece in dataset.pieces("train")} == {"learnt.mid"}
    assert len(dataset.pieces("train")) == len(dataset.pieces("valid")) == 4


def test_what_is_shippable_is_credited_to_nobody_else(music: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="--shippable takes one folder and no --credit"):
        run(music, "--shippable", "--credit", "me", "--out", tmp_path / "notes")


def test_a_missing_folder_is_told_in_a_sentence(music: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"there is no folder .*missing; name one that holds"):
        run(music, tmp_path / "missing", "--out", tmp_path / "notes")
    assert not (tmp_path / "notes").exists()


def test_without_training_it_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['symusic'] = None\n"
        "from pathlib import Path; from antiphon_models import commands\n"
        "commands.prepare([Path(sys.argv[1])], Path(sys.argv[1]) / 'notes')"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    line = pip_install("antiphon[train]")
    assert f"training is not installed (symusic is missing); run `{line}`" in ended.stderr


TRAIN = """
import sys
sys.path[:0] = {paths!r}
import typer
from antiphon_models import commands
from antiphon_models.errors import TrainingError
app = typer.Typer(pretty_exceptions_enable=False)
app.command()(commands.train)
try:
    app()
except TrainingError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def train(*arguments: object, lanes: tuple[object, ...] = ("--lanes", 2)) -> "subprocess.Popen[str]":
    """Start ``train`` on a small network in a process of its own, because it chooses what Keras runs on."""
    small: tuple[object, ...] = (*lanes, "--window", 8)
    if "--on" not in arguments:
        small += ("--units", 4, "--layers", 1, "--patience", 0)
    script = TRAIN.format(paths=[path for path in sys.path if path])
    command = [sys.executable, "-c", script, *map(str, (*arguments, *small))]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def told_by(process: "subprocess.Popen[str]", exit_code: int = 0) -> str:
    """Return the last line that a command leaves on standard error."""
    _, told = process.communicate()
    assert process.returncode == exit_code, told
    return told.splitlines()[-1]


@pytest.fixture
def notes(music: Path, tmp_path: Path) -> Path:
    pytest.importorskip("keras", reason=TRAINING)
    run(music, "--out", tmp_path / "notes")
    return tmp_path / "notes"


def test_a_run_tells_where_it_is_and_how_good_and_only_the_same_run_is_let_in_again(
    notes: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    told = told_by(train(notes, "--out", folder, "--steps", 3))
    assert re.fullmatch(
        rf"{folder}: 3 steps in \d+ seconds?, \d+\.\d+ bits per event of the beginnings of held-out pieces",
        told,
    )
    assert {"weights.npz", "spec.json", "recipe.json", "music.json", "curve.jsonl"} <= {
        path.name for path in folder.iterdir()
    }
    assert told_by(train(notes, "--out", folder, "--steps", 3)) == told
    other = told_by(train(notes, "--out", folder, "--steps", 4), exit_code=6)
    assert f"{folder} was begun with steps 3 and not 4; give it the same options" in other


def test_without_a_terminal_a_run_says_where_it_is_and_tensorflow_nothing(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "")
    process = train(notes, "--out", tmp_path / "run", "--steps", 3)
    first, last = process.communicate()[1].splitlines()
    assert re.fullmatch(r"step 1: \d+\.\d+ bits per event, [\d,]+ events/s, \d+ (?:s|min) left", first)
    assert last.startswith(f"{tmp_path / 'run'}: 3 steps in ")


def test_before_it_trains_it_says_that_nothing_can_be_measured_and_how_few_lanes_are_filled(
    tmp_path: Path,
) -> None:
    pytest.importorskip("keras", reason=TRAINING)
    (tmp_path / "music").mkdir()
    write_piece(tmp_path / "music" / "alone.mid", 1)
    run(tmp_path / "music", "--out", tmp_path / "notes")
    process = train(tmp_path / "notes", "--out", tmp_path / "run", "--steps", 1, lanes=())
    unmeasured, few, *_, last = process.communicate()[1].splitlines()
    assert unmeasured.startswith(
        f"nothing in {tmp_path / 'notes'} is held out for valid, so that antiphon exp"
    )
    assert few.startswith("1 piece to learn from: 1 lane side by side; of so little the shipped model learns")
    assert last.endswith(", and nothing was held out to measure it on")
    recipe = json.loads((tmp_path / "run" / "recipe.json").read_text())
    assert recipe["lanes"] == 1


def test_a_run_that_is_stopped_by_hand_says_how_to_go_on(notes: Path, tmp_path: Path) -> None:
    process = train(notes, "--out", tmp_path / "run", "--minutes", 1000)
    assert process.stderr is not None
    assert any(line.startswith("step 1: ") for line in process.stderr)
    process.send_signal(signal.SIGINT)
    assert re.fullmatch(
        r"stopped after step [\d,]+; the same command goes on from there", told_by(process, exit_code=130)
    )
    assert (tmp_path / "run" / "checkpoint.npz").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "holds no notes; make some: antiphon prepare"),
        (("--backend", "jax"), "holds no notes; make some: antiphon prepare"),
    ],
)
def test_a_folder_of_music_is_to_be_prepared_first(
    music: Path, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    pytest.importorskip("keras", reason=TRAINING)
    if options and find_spec("jax") is None:
        sentence = f"jax is not installed; run `{pip_install('jax')}`"
    assert sentence in told_by(train(music, "--out", tmp_path / "run", *options), exit_code=6)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "there is nothing to learn from; name notes to train on, or recordings with --on"),
        (("notes", "--on", "sessions"), "NOTES and --on exclude each other; .* --keep"),
        (("notes", "--from", "default"), "leave out --from: it goes with --on, not with NOTES"),
        (("notes", "--credit", "me"), "leave out --credit: it goes with --on"),
        (("--on", "sessions", "--distribute"), "leave out --distribute: .* done on one machine"),
        (("--on", "sessions", "--units", "64"), "leave out --units: the shape is that of the model"),
        (("--on", "sessions", "--patience", "6"), "leave out --patience: with --on there are no exams"),
        (("notes", "--minutes", "nan"), r"it must be at least 0\.01, not nan"),
        (("notes", "--steps", "0"), "it must be at least 1, not 0"),
        (("notes", "--learning-rate", "0"), "--learning-rate"),
        (("notes", "--units", "100000"), "it must be from 1 to 4096, not 100000"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: tuple[str, ...], sentence: str) -> None:
    app = typer.Typer()
    app.command()(commands.train)
    result = CliRunner().invoke(app, [*arguments, "--out", "run"])
    told = str(result.exception) if isinstance(result.exception, OptionsError) else result.output
    assert re.search(sentence, told)
    assert result.exit_code == 2 or isinstance(result.exception, OptionsError)


def test_of_no_option_it_is_unknown_whether_it_was_given() -> None:
    """What is usual differs between the two ways to train, so it must not stand in the options."""
    options = inspect.signature(commands.train).parameters
    of_the_recipe = [option for name, option in options.items() if hasattr(USUAL, name)]
    assert len(of_the_recipe) == 8
    assert all(option.default is None for option in of_the_recipe)


def test_a_cluster_that_nobody_named_is_told_in_a_sentence(notes: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason=TRAINING)
    told = told_by(train(notes, "--out", tmp_path / "run", "--distribute"), exit_code=6)
    assert told.startswith("--distribute needs TF_CONFIG, which names all workers")


def test_a_model_that_is_not_there_is_told_in_a_sentence(music: Path, tmp_path: Path) -> None:
    pytest.importorskip("keras", reason=TRAINING)
    told = told_by(train("--from", "huge", "--on", music, "--out", tmp_path / "run"), exit_code=6)
    assert told.startswith("huge is neither a shipped model")


def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    heavy = {"numpy", "symusic", "rich.table", "keras"}
    script = f"import sys; import antiphon_models.commands; print({heavy} & {{*sys.modules}})"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"
