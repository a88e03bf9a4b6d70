"""Which of the pieces in a ledger make up the dataset, and in which split each of them stands.

Pieces that press the same keys in the same order share a split: that of the strongest list that names one of
them (test before valid before train), or the one that their hash draws; where there are no lists and nothing
is drawn for ``valid``, one of them is held out after all. Of those whose moments agree as well,
only one is kept: the one with the strongest list of its own, of several the first by name. So a duplicate is
never on the other side of its original, and adding music moves a piece only where a list now names its notes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models.notes.event_files import stored
from antiphon_models.notes.ledger import Ledger
from antiphon_models.notes.splits import STRONGEST_FIRST, held_out_after_all

AGREEMENT = 0.010
"""Seconds between the onsets of two copies at most: tempo maps are rounded, and times are of 32 bits."""

_OF_THE_SAME_KEYS = """
SELECT keys, span, COALESCE(files.listed, 9) AS rank, title(name, tune), path, pieces.id, start, events
    FROM pieces JOIN files ON files.id = pieces.file
    WHERE keys IN (SELECT keys FROM pieces GROUP BY keys HAVING COUNT(*) > 1)
    ORDER BY keys, span
"""

_PLACED = """
WITH placed AS (
    SELECT pieces.id AS id, COALESCE(
        MIN(files.listed) OVER (PARTITION BY keys), CASE WHEN keys = ? THEN ? END, drawn(keys)
    ) AS split
    FROM pieces JOIN files ON files.id = pieces.file
)
SELECT split, title(name, tune), start, events, is_gridded, content
    FROM placed JOIN pieces USING (id) JOIN files ON files.id = pieces.file
    WHERE pieces.id NOT IN (SELECT piece FROM duplicates)
    ORDER BY split DESC, name, tune, path
"""

_OF_NO_LIST = """
SELECT DISTINCT keys FROM pieces WHERE NOT EXISTS (SELECT 1 FROM files WHERE listed IS NOT NULL)
"""

_LEFT_OUT = """
SELECT refusal AS reason, name AS title, '' AS detail FROM files WHERE refusal IS NOT NULL
UNION ALL
SELECT reason, title(name, tune), detail FROM refusals JOIN files ON files.id = refusals.file
UNION ALL
SELECT 'duplicate', title(copies.name, piece.tune), 'of ' || title(firsts.name, first.tune)
    FROM duplicates
    JOIN pieces AS piece ON piece.id = duplicates.piece JOIN files AS copies ON copies.id = piece.file
    JOIN pieces AS first ON first.id = duplicates.original JOIN files AS firsts ON firsts.id = first.file
ORDER BY reason, title
"""


class Placed(NamedTuple):
    """A piece of the dataset; ``split`` is an index of ``STRONGEST_FIRST``."""

    split: int
    name: str
    start: int
    events: int
    is_gridded: bool
    content: bytes


class LeftOut(NamedTuple):
    """Something that is not learnt from, and why."""

    reason: str
    name: str
    detail: str


class _Member(NamedTuple):
    """One of several pieces of the same keys; in this order the first is the one to keep."""

    rank: int
    name: str
    path: bytes
    id: int
    start: int
    events: int


def note_duplicates(ledger: Ledger, folder: Path) -> None:
    """Find the pieces that are there more than once and note each with the one that is kept."""
    ledger.note_duplicates(pair for run in _runs(ledger) for pair in _pairs(run, folder))


def placed(ledger: Ledger) -> Iterator[Placed]:
    """Yield the pieces that are kept: those to learn from first, then valid, then test, each by name."""
    held_out = held_out_after_all(keys for (keys,) in ledger.rows(_OF_NO_LIST))
    of_valid = STRONGEST_FIRST.index("valid")
    for split, name, start, events, is_gridded, content in ledger.rows(_PLACED, held_out, of_valid):
        yield Placed(split, name, start, events, bool(is_gridded), content)


def left_out(ledger: Ledger) -> Iterator[LeftOut]:
    """Yield what is not learnt from, by reason, then by name."""
    return (LeftOut(*row) for row in ledger.rows(_LEFT_OUT))


def _pairs(run: list[_Member], folder: Path) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a run that are copies, each with its original."""
    if len(run) < 2:
        return
    kept: list[tuple[_Member, npt.NDArray[np.float64]]] = []
    for member in sorted(run):
        at = _onsets(member, folder)
        original = next((one for one, then in kept if _agree(at, then)), None)
        if original is None:
            kept.append((member, at))
        else:
            yield member.id, original.id


def _onsets(member: _Member, folder: Path) -> npt.NDArray[np.float64]:
    """Return the seconds from the first onset of a piece to each of them."""
    dt = stored(folder, "dt", member.start, member.events)
    velocity = stored(folder, "velocity", member.start, member.events)
    at = np.cumsum(dt, dtype=np.float64)[velocity > 0]
    return np.asarray(at - at[0])


def _agree(some: npt.NDArray[np.float64], others: npt.NDArray[np.float64]) -> bool:
    return len(some) == len(others) and bool(np.abs(some - others).max() <= AGREEMENT)


def _runs(ledger: Ledger) -> Iterator[list[_Member]]:
    """Yield pieces of the same keys that also last as long, so that few have to be compared."""
    run: list[_Member] = []
    last: tuple[Any, ...] = (None, 0.0)
    for keys, span, *member in ledger.rows(_OF_THE_SAME_KEYS):
        if keys != last[0] or span - last[1] > AGREEMENT:
            yield run
            run = []
        run.append(_Member(*member))
        last = keys, span
    yield run
