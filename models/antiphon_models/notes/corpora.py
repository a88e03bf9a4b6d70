"""Which pieces of the published corpora a shipped model may learn from, and who is to be credited.

A corpus is a folder with ``splits.json`` (lists of file names by split) and, in some, ``index.json``
(facts of each file). Only pieces whose licence lets the trained weights be shipped are listed.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from antiphon_models.errors import CorpusError
from antiphon_models.notes.sources import Source, sources
from antiphon_models.notes.splits import LISTS

NOT_FREE = "not free enough to ship what was learnt from it"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of MIDI files and the rule that says which of them are free to learn from."""

    folder: str
    credit: str
    is_free: Callable[[dict[str, Any]], bool] = lambda facts: True

    def sources(self, root: Path) -> Iterator[Source]:
        """Return the files of the corpus; one that is not free, or of which nothing is known, is refused.

        Raises:
            CorpusError: the corpus is not there, or its lists or its index are not of the form.
        """
        folder = root / self.folder
        if not (folder / LISTS).is_file():
            raise CorpusError(f"{folder / LISTS} is missing; name the folder that holds the four corpora")
        facts = _facts(folder / "index.json")
        within = folder.resolve()

        def judged(source: Source) -> Source:
            name = Path(os.path.relpath(os.fsdecode(source.path), within)).as_posix()
            stays = source.refusal is not None or self.is_free(facts.get(name, {}))
            return source if stays else replace(source, refusal=NOT_FREE)

        return map(judged, sources(folder))


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


def shippable(root: Path) -> Iterator[Source]:
    """Return the files of the four corpora, of which those that are not free are refused.

    Raises:
        CorpusError: one of them is not there, or not of the form.
    """
    return chain.from_iterable([corpus.sources(root) for corpus in FREE_CORPORA])


def credits() -> list[str]:
    """Return who is to be thanked for the music of the four corpora."""
    return [corpus.credit for corpus in FREE_CORPORA]


def _facts(index: Path) -> dict[str, dict[str, Any]]:
    """Return what is known of each file; of a corpus that is wholly free there is no index."""
    if not index.exists():
        return {}
    try:
        return msgspec.json.decode(index.read_bytes(), type=dict[str, dict[str, Any]])
    except (OSError, msgspec.MsgspecError) as error:
        raise CorpusError(f"{index} cannot be used ({error}); copy the corpus again") from error
