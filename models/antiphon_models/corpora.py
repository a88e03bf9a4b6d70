"""Which pieces of the published corpora a shipped model may learn from, and who is to be credited.

A corpus is a folder with ``splits.json`` (lists of file names by split) and, in some, ``index.json``
(facts of each file). Only pieces whose licence lets the trained weights be shipped are listed.
"""

import json
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from antiphon_models.pieces import Piece, read_piece

Split = Literal["train", "valid", "test"]


class CorpusError(ValueError):
    """The corpora are not where they were said to be, or hold nothing to learn from."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of MIDI files and the rule that says which of them are free to learn from."""

    folder: str
    credit: str
    is_free: Callable[[dict[str, Any]], bool] = lambda facts: True

    def files(self, root: Path, split: Split) -> list[Path]:
        """Return the paths of the free pieces of one split, in the order of the list.

        Raises:
            CorpusError: the corpus is not there.
        """
        folder = root / self.folder
        lists, index = folder / "splits.json", folder / "index.json"
        if not lists.exists():
            raise CorpusError(f"{lists} is missing; name the folder that holds the four corpora")
        listed: list[str] = json.loads(lists.read_text())[split]
        facts = json.loads(index.read_text()) if index.exists() else {}
        return [folder / name for name in listed if self.is_free(facts.get(name, {}))]


FREE_CORPORA = (
    Corpus(
        "pianorolls",
        "Reproducing-piano rolls, 1905-1932: Stanford University Libraries (MIT)",
        lambda facts: facts.get("pd_tier") == "life70",
    ),
    Corpus(
        "mutopia-keyboard",
        "The Mutopia Project and its typesetters (public domain, CC BY)",
        lambda facts: facts.get("licence") in {"PD", "CC BY"},
    ),
    Corpus(
        "openewld",
        "OpenEWLD lead sheets: F. Simonetta and others, from Wikifonia (MIT)",
        lambda facts: facts.get("pd_tier") == "life70",
    ),
    Corpus(
        "giantmidi-sample",
        "GiantMIDI-Piano: Q. Kong and others, 2020, arXiv:2010.07061 (CC BY 4.0)",
    ),
)


def read_split(
    root: Path, split: Split, report: Callable[[str], None], cache: Path | None = None
) -> list[Piece]:
    """Read the free pieces of one split; files that cannot be read are reported and left out.

    ``cache`` is a folder where the arrays are kept, so that a second run starts at once.

    Raises:
        CorpusError: a corpus is not there, or there is no free piece that can be read.
    """
    kept = cache / f"{split}.npz" if cache else None
    if kept and kept.exists():
        return list(_unpack(kept))
    files = [path for corpus in FREE_CORPORA for path in corpus.files(root, split)]
    pieces = []
    # Not forked: a copy of a process in which TensorFlow has threads may hang.
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        for outcome in pool.map(_read_or_reason, files, chunksize=8):
            if isinstance(outcome, str):
                report(outcome)
            else:
                pieces.append(outcome)
    if not pieces:
        raise CorpusError(f"{root} holds no free piece in its {split} lists")
    if kept:
        _pack(pieces, kept)
    return pieces


def _read_or_reason(path: Path) -> Piece | str:
    try:
        return read_piece(path)
    except ValueError as error:
        return str(error)


def _pack(pieces: list[Piece], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        names=np.array([piece.name for piece in pieces]),
        ends=np.cumsum([len(piece) for piece in pieces]),
        dt=np.concatenate([piece.dt for piece in pieces]),
        velocity=np.concatenate([piece.velocity for piece in pieces]),
        pitch=np.concatenate([piece.pitch for piece in pieces]),
        part=np.concatenate([piece.part for piece in pieces]),
        is_gridded=np.array([piece.is_gridded for piece in pieces]),
    )


def _unpack(path: Path) -> Iterator[Piece]:
    with np.load(path) as held:
        dt, velocity, pitch, part = held["dt"], held["velocity"], held["pitch"], held["part"]
        start = 0
        for name, end, is_gridded in zip(held["names"], held["ends"], held["is_gridded"], strict=True):
            span = slice(start, end)
            yield Piece(str(name), dt[span], velocity[span], pitch[span], part[span], bool(is_gridded))
            start = end
