"""What can be shown on a terminal, in a file, and in between."""

import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from fcntl import ioctl
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TextIO

import pytest

from antiphon import screen

SENTENCE = (
    "no MIDI system here: /dev/snd/seq does not exist (load it with modprobe snd-seq), "
    "and no JACK server runs"
)


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:
        yield stream
    os.close(ours)


def resize(terminal: TextIO, columns: int) -> None:
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


@pytest.mark.parametrize(("columns", "filled"), [(40, 40), (80, 80), (100, 100), (200, 100), (0, 80)])
def test_a_terminal_is_filled_as_far_as_lines_can_be_read(
    terminal: TextIO, columns: int, filled: int
) -> None:
    resize(terminal, columns)
    assert screen.width(terminal) == filled


def test_a_file_has_80_columns(tmp_path: Path) -> None:
    with (tmp_path / "told.txt").open("w", encoding="utf-8") as file:
        assert screen.width(file) == 80


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_colours_are_for_a_terminal_that_has_them_and_whoever_wants_them(
    terminal: TextIO, environ: dict[str, str], colours: bool
) -> None:
    assert screen.has_colours(terminal, environ) == colours
    assert not screen.has_colours(StringIO(), environ)


def test_a_sentence_is_folded_between_words_on_a_terminal_and_nowhere_else(terminal: TextIO) -> None:
    resize(terminal, 80)
    folded = screen.folded(SENTENCE, terminal)
    assert max(map(len, folded.splitlines())) <= 80
    assert " ".join(folded.split("\n")) == SENTENCE
    assert screen.folded(SENTENCE, StringIO()) == SENTENCE


def test_the_encoding_is_the_streams_own_where_the_locale_is_of_today(tmp_path: Path) -> None:
    with TextIOWrapper((tmp_path / "told").open("wb"), encoding="latin-1") as stream:
        assert screen.encoding(stream) in ("latin-1", "iso8859-1", "ANSI_X3.4-1968")


@pytest.mark.parametrize(("locale", "encoding"), [("C", "ascii"), ("C.UTF-8", "utf-8")])
def test_the_locale_c_is_taken_at_its_word(locale: str, encoding: str) -> None:
    code = "import codecs, sys; from antiphon.screen import encoding; "
    code += "print(codecs.lookup(encoding(sys.stdout)).name)"
    environ = os.environ | {"LC_ALL": locale, "PYTHONPATH": os.pathsep.join(sys.path)}
    environ.pop("PYTHONIOENCODING", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, text=True, capture_output=True, check=True
    )
    assert done.stdout == f"{encoding}\n"
