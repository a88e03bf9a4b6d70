"""Real music of the test lists is answered, all of it, and well within the rules.

make test PYTEST_OPTIONS="--corpora FOLDER tests/test_corpora.py"
"""

import json
import os
from itertools import islice
from pathlib import Path

import pytest

from antiphon.adapters.engines.opening import open_engine
from antiphon.adapters.files.reading import read_performance
from antiphon.config import load
from antiphon.core.performance import Note, notes_played
from antiphon.respond import continuation

FILES = 100
FOLDERS = ("pianorolls", "mutopia-keyboard", "openewld", "giantmidi-sample", "piano-midi-de", "nottingham")
LONGEST_NOTE = 3.0


def files_of_the_test_lists(corpora: Path) -> list[Path]:
    """Return a hundred files, as many of each folder as there are, in turn."""
    lists = [
        [
            corpora / folder / name
            for name in json.loads((corpora / folder / "splits.json").read_text())["test"]
        ]
        for folder in FOLDERS
    ]
    longest = max(map(len, lists))
    in_turn = (files[index] for index in range(longest) for files in lists if index < len(files))
    return list(islice(in_turn, FILES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    corpora = metafunc.config.getoption("--corpora")
    if corpora is None:
        mark = pytest.mark.skip(
            reason="the corpora are not part of the project; name their folder with --corpora"
        )
        metafunc.parametrize("path", [pytest.param(Path(), marks=mark, id="no corpora")])
    else:
        metafunc.parametrize("path", files_of_the_test_lists(corpora), ids=lambda path: path.stem[:40])


def answer(path: Path, seed: int) -> list[Note]:
    sets = ["play.seconds=6", "play.lowest=36", "play.highest=96", f"play.longest_note={LONGEST_NOTE}"]
    config = load(None, sets, os.environ).config
    commands = list(continuation(open_engine(config, seed), config.settings, read_performance(path)))
    return notes_played(commands)


def test_a_piece_is_answered_in_range_and_differently_by_seed(path: Path) -> None:
    first, second = answer(path, seed=1), answer(path, seed=2)
    assert first
    assert first != second
    assert all(36 <= note.pitch <= 96 for note in first + second)
    assert max(note.release - note.onset for note in first + second) <= LONGEST_NOTE + 1e-6
