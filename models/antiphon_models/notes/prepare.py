"""Folders of music become a folder of notes: read in parallel, once, and placed into splits.

Reading can be cut short at any moment, and the same command goes on where it was. While anything remains to
be read there is no ``dataset.json``, so nothing that is half done can be taken for the whole. Memory does not
grow with the number of files: what has been read goes to the disk, and the ledger keeps the books there.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

from antiphon_models.errors import CorpusError, DatasetError, reason
from antiphon_models.folders import taken
from antiphon_models.notes import ledger, placement
from antiphon_models.notes.catalogue import write_catalogue
from antiphon_models.notes.crew import reports
from antiphon_models.notes.dataset import MANIFEST, Dataset, Manifest
from antiphon_models.notes.event_files import FIELDS, EventFiles, path_of
from antiphon_models.notes.ledger import Ledger, Unread
from antiphon_models.notes.reading import Read, Refused, read_file
from antiphon_models.notes.sources import Source
from antiphon_models.stages import Progress, unseen

CRASHED = {"crashed": "the reader crashed at it", "hung": "the reader did not get through it in a minute"}
"""What is said of a file that ended a process."""


def prepare(
    sources: Iterable[Source],
    out: Path,
    credits: Sequence[str],
    is_shippable: bool = False,
    workers: int | None = None,
    progress: Progress = unseen,
    seconds_between_commits: float = 1.0,
) -> Manifest:
    """Read the sources into the folder ``out`` and return what it then holds.

    What ``out`` already holds of the same files is kept; what is of other files goes. What is read within
    ``seconds_between_commits`` is lost when it is cut short. ``progress`` is told of files.

    Raises:
        CorpusError: there is no music, or none to learn from.
        FolderError: ``out`` cannot be made, or holds other things.
        DatasetError: ``out`` cannot be written, or is in use.
    """
    sources = _some(sources)
    with _troubles_told(out):
        ours = {ledger.NAME, *(path_of(out, field).name for field in FIELDS)}
        with taken(out, ours), closing(_opened(out)) as book:
            differs = book.take_stock(sources)
            if not differs and (kept := _finished(out, credits, is_shippable)) is not None:
                return kept
            (out / MANIFEST).unlink(missing_ok=True)
            book.commit(book.stored)
            _read_all(book, out, workers or _cores(), progress, seconds_between_commits)
            placement.note_duplicates(book, out)
            book.commit(book.stored)
            return write_catalogue(book, out, credits, is_shippable)


def _some(sources: Iterable[Source]) -> Iterator[Source]:
    """Return the sources, of which there is one at least: nothing is written for none."""
    found = iter(sources)
    first = next(found, None)
    if first is None:
        raise CorpusError("there is no .mid, .midi or .abc file in what was named; name a folder of music")
    return chain([first], found)


def _opened(out: Path) -> Ledger:
    """Open the ledger; where it is of another form, or most of what is stored is of no piece, begin anew."""
    book = Ledger(out)
    if book.is_of_this_form and book.of_pieces * 2 >= book.stored:
        return book
    book.close()
    # The manifest goes first and the ledger before what it speaks of, so that no moment looks complete.
    for name in (MANIFEST, ledger.NAME, ledger.JOURNAL):
        (out / name).unlink(missing_ok=True)
    for field in FIELDS:
        path_of(out, field).unlink(missing_ok=True)
    return Ledger(out)


def _finished(out: Path, credits: Sequence[str], is_shippable: bool) -> Manifest | None:
    """Return what a finished folder holds, None where it has to be placed again."""
    try:
        manifest = Dataset.open(out).manifest
    except DatasetError:
        return None
    is_same = manifest.credits == list(credits) and manifest.is_shippable == is_shippable
    return manifest if is_same else None


def _read_all(book: Ledger, out: Path, workers: int, progress: Progress, between_commits: float) -> None:
    files, done = book.count()
    progress(done, files)
    committed_at = time.monotonic()
    with (
        closing(EventFiles(out, book.stored)) as events,
        closing(reports(_read, book.unread(), workers)) as told,
    ):
        for job, outcome, end in told:
            if isinstance(outcome, Read):
                book.note_piece(job.id, outcome, events.append(outcome.piece))
            elif outcome is not None:
                book.note_refusal(job.id, outcome)
            if end in CRASHED:
                book.note_refusal(job.id, Refused(CRASHED[end]))
            if end is not None:
                book.note_read(job.id)
                done += 1
                progress(done, files)
            if time.monotonic() - committed_at >= between_commits:
                events.sync()
                book.commit(events.end)
                committed_at = time.monotonic()
        events.sync()
        book.commit(events.end)


def _read(job: Unread) -> Iterator[Read | Refused]:
    return read_file(job.path)


def _cores() -> int:
    """Return on how many cores this process may run, which may be fewer than there are."""
    return len(os.sched_getaffinity(0))


@contextmanager
def _troubles_told(out: Path) -> Iterator[None]:
    """Turn what the disk and the ledger complain of into a sentence."""
    try:
        yield
    except OSError as error:
        raise DatasetError(_what_the_disk_says(out, error)) from error
    except sqlite3.Error as error:
        raise DatasetError(_what_the_ledger_says(out, error)) from error


def _what_the_disk_says(out: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return _full(out)
    return f"{out} cannot be written ({reason(error)}); name another folder with --out"


def _what_the_ledger_says(out: Path, error: sqlite3.Error) -> str:
    # The extended codes of SQLite carry the kind of trouble in their lowest byte.
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY:
            return f"another antiphon prepare is writing into {out}; wait until it is done"
        case sqlite3.SQLITE_FULL:
            return _full(out)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"{out / ledger.NAME} is damaged ({error}); remove {out} and prepare it again"
        case _:
            return f"{out / ledger.NAME} cannot be written ({error}); name another folder with --out"


def _full(out: Path) -> str:
    return f"the disk of {out} is full; make room and give the same command again, which goes on from there"
