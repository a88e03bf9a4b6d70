"""The engine in the examples, installed as it says itself, and asked of the command as anybody would."""

import os
import re
import subprocess
import sys
import textwrap
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from midi_fixtures import write_scale
from visiting_package import install

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "own_engine.py"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder for Python's path in which the example is installed by the lines that it shows."""
    source = EXAMPLE.read_text(encoding="utf-8")
    lines = re.search(
        r"(?:^    .*\n|^\n)*^    \[project\.entry-points.*\n(?:    .+\n)+", source, re.MULTILINE
    )
    assert lines is not None
    project = tomllib.loads(textwrap.dedent(lines[0]))["project"]
    [[group, entries]] = project["entry-points"].items()
    install(tmp_path / "site", project["name"], group, entries, own_engine=source)
    return tmp_path / "site"


def antiphon(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    home = {"HOME": str(site.parent), "PYTHONPATH": os.pathsep.join([str(site), *sys.path])}
    command = [sys.executable, "-m", "antiphon", *arguments]
    return subprocess.run(
        command, env=os.environ | home, text=True, capture_output=True, timeout=120, check=False
    )


def pitches(path: Path) -> list[int]:
    return [note.pitch for note in notes_heard(read_performance(path))]


def test_the_example_is_short_enough_to_be_read_at_once() -> None:
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 60


def test_it_is_listed_and_plays_what_it_says(site: Path, tmp_path: Path) -> None:
    question, answer = write_scale(tmp_path / "question.mid"), tmp_path / "answer.mid"
    assert "mirror  antiphon-mirror 1.0" in antiphon(site, "models").stdout
    done = antiphon(site, "respond", str(question), "-o", str(answer), "--engine", "mirror")
    assert (done.returncode, done.stdout) == (0, f"{answer}\n"), done.stderr
    asked, answered = pitches(question), pitches(answer)
    steps = [after - before for before, after in pairwise(asked)]
    upside_down = [before - after for before, after in pairwise(answered)]
    assert upside_down[: len(steps)] == steps


def test_where_it_is_not_installed_it_is_none_of_those_to_choose_from(tmp_path: Path) -> None:
    done = antiphon(tmp_path / "nothing", "config", "--engine", "mirror")
    assert done.returncode == 2
    assert done.stderr == (
        'antiphon: engine.kind from --engine is "mirror", but must be one of lstm, markov, blend, rbm, '
        "char-lstm\n"
    )


def test_one_that_is_damaged_costs_a_sentence(site: Path, tmp_path: Path) -> None:
    (site / "own_engine.py").write_text("import no_such_module")
    question = write_scale(tmp_path / "question.mid")
    done = antiphon(site, "respond", str(question), "-o", str(tmp_path / "a.mid"), "--engine", "mirror")
    assert done.returncode == 4
    assert done.stderr == (
        "antiphon: the engine mirror of antiphon-mirror 1.0 cannot be used: No module named "
        "'no_such_module'; reinstall or remove that package\n"
    )
    assert antiphon(site, "models").returncode == 0
