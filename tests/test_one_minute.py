"""After one minute of a player, their next is less of a surprise: on music of the test lists.

make test PYTEST_OPTIONS="--corpora FOLDER -s tests/test_one_minute.py"
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models import shelf
from antiphon_models.lessons.augmentation import as_played
from antiphon_models.markov.learning import followed
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table, bits
from antiphon_models.notes.pieces import Piece, UnreadableError, read_piece

FOLDERS = ("pianorolls", "mutopia-keyboard", "openewld", "giantmidi-sample", "piano-midi-de", "nottingham")
MINUTE = 60.0
FEWEST = 50
"""Events that each of the two minutes has at least: what is hardly played teaches nothing."""


def pieces_of_two_minutes(corpora: Path) -> Iterator[tuple[str, Piece]]:
    for folder in FOLDERS:
        for name in json.loads((corpora / folder / "splits.json").read_text())["test"]:
            try:
                piece = read_piece(corpora / folder / name)
            except UnreadableError:
                continue
            if piece.dt.sum() >= 2 * MINUTE:
                yield folder, piece


def drop(table: Table, piece: Piece) -> tuple[float, float] | None:
    """Return by which share the bits of the second minute fall: as learning goes on, and where it stops."""
    first, second = np.searchsorted(np.cumsum(piece.dt), (MINUTE, 2 * MINUTE)).tolist()
    if min(first, second - first) < FEWEST:
        return None
    cold, style, frozen = Style(table), Style(table), Style(table)
    sums = np.zeros(3)
    for number, (past, event) in enumerate(followed(as_played(piece)[:second, :3].tolist())):
        if number == first:
            frozen = style.copy()
        if number >= first:
            sums += [sum(map(bits, each.chance(past, event))) for each in (cold, style, frozen)]
        style.learn(past, event)
    return float(1 - sums[1] / sums[0]), float(1 - sums[2] / sums[0])


def test_the_bits_of_the_next_minute_fall_by_a_fifth_in_the_median(pytestconfig: pytest.Config) -> None:
    corpora = pytestconfig.getoption("--corpora")
    if corpora is None:
        pytest.skip("the corpora are not part of the project; name their folder with --corpora")
    table = Table.read(shelf.SHIPPED / "markov" / shelf.TABLE_FILE)
    drops: dict[str, list[tuple[float, float]]] = {folder: [] for folder in FOLDERS}
    for folder, piece in pieces_of_two_minutes(corpora):
        if (found := drop(table, piece)) is not None:
            drops[folder].append(found)
    everything = [each for found in drops.values() for each in found]
    for folder, of_folder in (drops | {"all": everything}).items():
        going_on, frozen = (spread(of_folder, which) for which in (0, 1))
        sys.stdout.write(f"{folder}: {len(of_folder)} pieces; {going_on}, frozen {frozen}\n")
    assert np.median(everything, axis=0)[0] >= 0.2


def spread(found: list[tuple[float, float]], which: int) -> str:
    """Return the median and the quartiles of what was found."""
    low, median, high = np.quantile([each[which] for each in found], (0.25, 0.5, 0.75))
    return f"{median:.1%} [{low:.1%}, {high:.1%}]"
