"""A table: what followed each context in much music, and the distributions that it makes.

Each context refines the one that it is nested in, by the predictive rule of a Pitman-Yor process (Teh, A
hierarchical Bayesian language model based on Pitman-Yor processes, 2006):

    p(x | context) = (c(x) - D + (theta + D t) p(x | the coarser one)) / (theta + n)

with ``n`` outcomes of ``t`` kinds. A pitch is an interval from the onset before, weighed by how usual it is.

A file is numpy's ``.npz``. Counts are kept as eighths of their binary logarithm, which is a twelfth at most
from the truth and makes a file a quarter as large.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.markov.contexts import DEPTHS, INTERVAL, RANK, UNISON, WIDTHS, Keys

FORM = 1
"""Of the file; another number is of another version."""

DISCOUNT = 0.5
THETA = 100.0
"""How often a context must have been seen to weigh as much as the coarser one."""

USUALNESS = 0.5
"""Power of how usual a pitch is by which an interval that leads there is weighed."""

REMEMBERED = 4096
"""Distributions that are kept once they were made; a tune comes back to the same contexts."""

FOUND = 16384
"""Contexts of which it is kept which distribution is theirs."""

EIGHTHS = 8.0

GATES = 14
"""Gates of a context: by powers of two of how often it was seen, and whether always the same followed."""

LEVELS = 7, 6, 8, 3
"""How many contexts a style has for each field."""

Floats = npt.NDArray[np.float64]
Made = tuple[Floats, Floats]
"""The chances of the values of a field, and their sums up to each."""

Known = TypeVar("Known")
Kept = TypeVar("Kept")


KINDS_OF_ARRAYS = {
    "depth": (np.uint8, 1),
    "keys": (np.int64, 1),
    "kinds": (np.uint8, 1),
    "values": (np.uint8, 1),
    "logs": (np.uint8, 1),
    "usual": (np.float32, 1),
    "gates": (np.float32, 3),
}
"""Of each array of a file: what its numbers are, and in how many dimensions they lie."""


class TableError(ValueError):
    """A file holds no table that can be read."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, as arrays.

    ``depth``: (contexts,) of each, 8 times its field plus how fine it is.
    ``keys``: (contexts,) int64, ascending within a depth.
    ``kinds``: (contexts,) how many values each was followed by.
    ``values``, ``logs``: (kinds in all,) uint8, each value and its count in eighths of the binary logarithm.
    ``usual``: (128,) share of the onsets on each pitch.
    ``gates``: (gates, 2) what a player's style begins with, see :mod:`antiphon_models.markov.gates`.
    """

    depth: npt.NDArray[np.uint8]
    keys: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
    values: npt.NDArray[np.uint8]
    logs: npt.NDArray[np.uint8]
    usual: npt.NDArray[np.float32]
    gates: npt.NDArray[np.float32]


def depth_number(field: int, fineness: int) -> int:
    """Return by which number a file calls the contexts of a field that are so fine."""
    return 8 * field + fineness


def written(counts: Counts) -> bytes:
    """Return the content of a file."""
    file = io.BytesIO()
    # Differences of sorted keys are small, and compress well.
    keys = np.diff(counts.keys, prepend=0)
    arrays: dict[str, Any] = {name: getattr(counts, name) for name in Counts.__slots__} | {"keys": keys}
    np.savez_compressed(file, form=np.array(FORM), **arrays)
    return file.getvalue()


def read_counts(path: Path) -> Counts:
    """Read a file.

    Raises:
        TableError: it is none of this version, or damaged.
        OSError: it cannot be read.
    """
    try:
        # Where a file is damaged, numpy leaves it open that it has opened itself.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if int(file["form"]) != FORM:
                raise TableError("it is of another version")
            counts = Counts(*(file[name] for name in Counts.__slots__))
    except (OSError, TableError):
        raise
    except Exception as error:  # a damaged file makes numpy and zipfile raise whatever they stumble over
        raise TableError(str(error)) from error
    if not _fits_together(counts):
        raise TableError("its parts do not fit together")
    return replace(counts, keys=np.cumsum(counts.keys))


def _fits_together(counts: Counts) -> bool:
    """Tell whether counts, as they are in a file, are what a table can be made of."""
    arrays = {name: getattr(counts, name) for name in Counts.__slots__}
    # What has not the form of an array comes out of such a file as bytes.
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        return False
    if any((array.dtype, array.ndim) != KINDS_OF_ARRAYS[name] for name, array in arrays.items()):
        return False
    if len({len(counts.keys), len(counts.depth), len(counts.kinds)}) > 1:
        return False
    if len({counts.kinds.sum(dtype=np.int64), len(counts.values), len(counts.logs)}) > 1:
        return False
    if counts.usual.shape != (vocab.PITCHES,) or counts.gates.shape != (sum(LEVELS), GATES, 2):
        return False
    fields = counts.depth // depth_number(1, 0)
    if fields.max(initial=0) >= len(WIDTHS):
        return False
    widths = np.repeat(np.array(WIDTHS)[fields], counts.kinds)
    shares = np.concatenate([counts.usual, counts.gates.ravel()])
    return bool((counts.values < widths).all() and np.isfinite(shares).all() and (shares > 0).all())


class Table:
    """Distributions over the fields of an event, of music that was learnt from once."""

    def __init__(self, counts: Counts) -> None:
        self.gates: npt.NDArray[np.float32] = counts.gates
        self._values = counts.values
        self._counts = np.exp2(counts.logs / EIGHTHS)
        self._starts = np.append(0, np.cumsum(counts.kinds, dtype=np.int64)).tolist()
        self._found: dict[int, Mapping[int, int]] = {}
        for depth in range(depth_number(RANK, DEPTHS[RANK])):
            rows = np.flatnonzero(counts.depth == depth)
            self._found[depth] = dict(zip(counts.keys[rows].tolist(), rows.tolist(), strict=True))
        self._usual = counts.usual.astype(np.float64) ** USUALNESS
        evenly = [np.full(width, 1.0 / width) for width in WIDTHS]
        self._evenly: list[Made] = [(each, np.cumsum(each)) for each in evenly]
        self._made: dict[int, Made] = {}
        self._made_for: list[dict[int, Made]] = [{} for _ in WIDTHS]
        self._pitches: dict[tuple[int, int], Floats] = {}

    @classmethod
    def read(cls, path: Path) -> "Table":
        """Read the table of a file.

        Raises:
            TableError: it is none of this version, or damaged.
            OSError: it cannot be read.
        """
        return cls(read_counts(path))

    def distribution(self, field: int, keys: Keys) -> Floats:
        """Return the chances of the values of a field in nested contexts; the array is not to be changed."""
        made = self._made_for[field].get(keys[-1])
        return self._find(field, keys)[0] if made is None else made[0]

    def rising(self, field: int, keys: Keys) -> Floats:
        """Return the sums of these chances up to each value, to draw from; not to be changed either."""
        made = self._made_for[field].get(keys[-1])
        return self._find(field, keys)[1] if made is None else made[1]

    def pitches(self, keys: Keys, before: int) -> Floats:
        """Return the chances of all pitches of an onset, (128,), given the one before; not to be changed."""
        known = keys[-1], before
        made = self._pitches.get(known)
        if made is None:
            start = UNISON - before
            made = self.distribution(INTERVAL, keys)[start : start + vocab.PITCHES] * self._usual
            made = _kept(self._pitches, known, made / made.sum(), REMEMBERED)
        return made

    def _find(self, field: int, keys: Keys) -> Made:
        """Return the distribution of the finest of some contexts that there is."""
        # Contexts are nested: the finest key says all that the others say.
        rows = self._rows(field, keys)
        made = self._refined(field, rows)
        return _kept(self._made_for[field], keys[-1], made, FOUND)

    def _rows(self, field: int, keys: Keys) -> list[int]:
        """Return which contexts there are, from coarse to fine."""
        rows = []
        for fineness, key in enumerate(keys):
            row = self._found[depth_number(field, fineness)].get(key)
            if row is None:
                break
            rows.append(row)
        return rows

    def _refined(self, field: int, rows: Sequence[int]) -> Made:
        if not rows:
            return self._evenly[field]
        made = self._made.get(rows[-1])
        if made is None:
            finer = self._finer(self._refined(field, rows[:-1])[0], rows[-1])
            made = _kept(self._made, rows[-1], (finer, np.cumsum(finer)), REMEMBERED)
        return made

    def _finer(self, coarser: Floats, row: int) -> Floats:
        values = self._values[self._starts[row] : self._starts[row + 1]]
        counts = self._counts[self._starts[row] : self._starts[row + 1]]
        total = THETA + counts.sum()
        finer: Floats = coarser * ((THETA + DISCOUNT * len(values)) / total)
        finer[values] += (counts - DISCOUNT) / total
        return finer


def _kept(kept: dict[Known, Kept], known: Known, value: Kept, most: int) -> Kept:
    if len(kept) >= most:
        kept.clear()
    kept[known] = value
    return value


def in_eighths(counts: npt.NDArray[np.integer]) -> npt.NDArray[np.uint8]:
    """Return counts of at least 1 as eighths of their binary logarithms."""
    return np.asarray(np.minimum(np.rint(EIGHTHS * np.log2(counts)), 255), np.uint8)


def bits(chance: float) -> float:
    """Return how surprising an event of some chance is."""
    return -math.log2(max(chance, 1e-12))
