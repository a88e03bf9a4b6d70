"""What commands look like: in a terminal of 80 columns, without colours, in the locale C, and in a pipe."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from antiphon import demonstration
from terminal import ESCAPE, Terminal

PHRASE = Path(demonstration.__file__).with_name("demonstration.mid")

NO_MIDI = ("--set", "midi.api=none")

QUICK: Mapping[str, tuple[str, ...]] = {
    "help": ("--help",),
    "help of run": ("run", "--help"),
    "models": ("models",),
    "config": ("config",),
    "ports": ("ports", *NO_MIDI),
    "respond": ("respond", str(PHRASE), "-o", "answer.mid", "--seconds", "2", "--plot", "answer.txt"),
    "mistakes": ("config", "--set", "play.mode=anwser", "--set", "play.sed=1"),
}
"""Commands that end soon, some of them with an error."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "antiphon", *arguments]


def environ(home: Path, **more: str) -> dict[str, str]:
    usual = {
        name: value for name, value in os.environ.items() if not name.startswith(("ANTIPHON_", "XDG_", "LC_"))
    }
    for name in ("COLUMNS", "LINES", "NO_COLOR", "PYTHONIOENCODING"):
        usual.pop(name, None)
    return usual | {"HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"} | more


def assert_fits(shown: str) -> None:
    assert shown.strip()
    assert "Traceback" not in shown
    # A path is one word, however long.
    assert not [line for line in shown.splitlines() if len(line) > 80 and " " in line.strip()]


@pytest.mark.parametrize("name", QUICK)
def test_in_80_columns_nothing_is_broken_in_mid_word(name: str, here: Path) -> None:
    with Terminal(command(*QUICK[name]), environ(here)) as terminal:
        assert_fits(terminal.until_it_ends())


@pytest.mark.parametrize("name", QUICK)
def test_where_nothing_but_characters_can_be_shown_there_is_nothing_else(name: str, here: Path) -> None:
    with Terminal(command(*QUICK[name]), environ(here, TERM="dumb", LC_ALL="C")) as terminal:
        shown = terminal.until_it_ends()
    assert_fits(shown)
    assert not ESCAPE.search(shown)
    assert shown.isascii()


@pytest.mark.parametrize("name", QUICK)
def test_in_a_pipe_there_are_lines_and_no_escapes_and_a_sentence_is_one_of_them(
    name: str, here: Path
) -> None:
    done = subprocess.run(
        command(*QUICK[name]), env=environ(here), text=True, capture_output=True, check=False, timeout=60
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert all(line.startswith("antiphon: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    ("more", "is_coloured", "is_plain"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"LC_ALL": "C"}, False, True),
    ],
)
def test_the_picture_of_the_demonstration_is_as_the_terminal_can_show_it(
    more: dict[str, str], is_coloured: bool, is_plain: bool, here: Path
) -> None:
    with Terminal([sys.executable, "-c", DRAW, str(PHRASE)], environ(here, **more)) as terminal:
        shown = terminal.until_it_ends()
    assert_fits(ESCAPE.sub("", shown))
    assert bool(ESCAPE.search(shown)) == is_coloured
    assert shown.isascii() == is_plain


DRAW = """
import sys
from pathlib import Path
from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from antiphon.demonstration import show
show(notes_heard(read_performance(Path(sys.argv[1]))), [])
"""


def test_the_first_lines_of_run_say_what_plays_and_where(here: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = ("--set", f"web.port={port}", "--no-record")
    with Terminal(command("run", *NO_MIDI, *page), environ(here, LC_ALL="C", TERM="dumb")) as terminal:
        shown = terminal.until(f"the page is at http://127.0.0.1:{port}/")
    assert_fits(shown)
    assert shown.isascii()
    assert "plays; engine lstm, model default" in shown


def test_the_doctor_fits_too(here: Path) -> None:
    with Terminal(command("doctor", *NO_MIDI), environ(here)) as terminal:
        assert_fits(terminal.until_it_ends())
