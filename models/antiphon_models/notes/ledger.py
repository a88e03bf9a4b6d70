"""The book in which a preparation keeps what has been read, so that it can be cut short and go on.

One SQLite file. A row is committed only after the events that it speaks of are on the disk, so whatever the
book says is so, even after a power cut. Nothing is held in memory that grows with the number of files.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from antiphon_models.errors import FolderError
from antiphon_models.notes.reading import FOR_NOW, VERSION, Read, Refused, title
from antiphon_models.notes.sources import Source
from antiphon_models.notes.splits import STRONGEST_FIRST, content_digest, drawn_split, keys_digest

NAME: Final = "ledger.sqlite"
JOURNAL: Final = f"{NAME}-journal"

_FORM: Final = 100 + VERSION
"""Of the tables below, and of how files are read."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, path BLOB UNIQUE, name TEXT, size INTEGER, changed_at INTEGER,
    listed INTEGER, refusal TEXT, is_read INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS pieces (
    id INTEGER PRIMARY KEY, file INTEGER, tune INTEGER, start INTEGER, events INTEGER, is_gridded INTEGER,
    keys BLOB, content BLOB, span REAL
);
CREATE TABLE IF NOT EXISTS refusals (file INTEGER, tune INTEGER, reason TEXT, detail TEXT);
CREATE TABLE IF NOT EXISTS duplicates (piece INTEGER PRIMARY KEY, original INTEGER);
CREATE TABLE IF NOT EXISTS ends (stored INTEGER);
CREATE INDEX IF NOT EXISTS pieces_by_file ON pieces (file);
CREATE INDEX IF NOT EXISTS pieces_by_keys ON pieces (keys, span);
CREATE INDEX IF NOT EXISTS refusals_by_file ON refusals (file);
"""

_HERE: Final = """
CREATE TEMP TABLE here (
    path BLOB PRIMARY KEY, name TEXT, size INTEGER, changed_at INTEGER, listed INTEGER, refusal TEXT
)
"""

_OF_OTHER_FILES: Final = """
SELECT EXISTS (SELECT 1 FROM pieces) AND NOT EXISTS (SELECT 1 FROM files JOIN here USING (path))
"""

_SAME_FILE: Final = "files.path = here.path AND files.size = here.size AND files.changed_at = here.changed_at"

_UPDATE: Final = """
DELETE FROM files WHERE NOT EXISTS (SELECT 1 FROM here WHERE {same});
INSERT INTO files (path, name, size, changed_at, listed, refusal)
    SELECT * FROM here WHERE true
    ON CONFLICT (path) DO UPDATE
    SET name = excluded.name, listed = excluded.listed, refusal = excluded.refusal;
"""

_FORGET_UNREAD: Final = """
DELETE FROM pieces WHERE file NOT IN (SELECT id FROM files WHERE is_read AND refusal IS NULL);
DELETE FROM refusals WHERE file NOT IN (SELECT id FROM files WHERE is_read AND refusal IS NULL);
UPDATE files SET is_read = 0 WHERE refusal IS NOT NULL;
"""


class Unread(NamedTuple):
    """A file that is still to be read."""

    id: int
    path: bytes


class Ledger:
    """The book of one folder; nobody else can open it meanwhile.

    Raises:
        sqlite3.Error: it is in use, damaged, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._book = sqlite3.connect(folder / NAME, timeout=0, isolation_level=None)
        try:
            self._begin()
        except sqlite3.Error:
            self._book.close()
            raise

    def _begin(self) -> None:
        self._book.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._book.execute("PRAGMA temp_store = FILE")
        self._book.create_function("drawn", 1, _drawn, deterministic=True)
        self._book.create_function("title", 2, title, deterministic=True)
        self._book.execute("BEGIN EXCLUSIVE")
        self.is_of_this_form = self._form() in (0, _FORM)
        if self.is_of_this_form:
            for statement in _TABLES.split(";"):
                self._book.execute(statement)
            self._book.execute(f"PRAGMA user_version = {_FORM}")
        self._book.execute("COMMIT")
        self._book.execute("BEGIN")

    def close(self) -> None:
        """Close the book; what was not committed is forgotten."""
        self._book.close()

    def commit(self, stored: int) -> None:
        """Make what was written so count; ``stored`` events are on the disk."""
        self._book.execute("DELETE FROM ends")
        self._book.execute("INSERT INTO ends VALUES (?)", (stored,))
        self._book.execute("COMMIT")
        self._book.execute("BEGIN")

    @property
    def stored(self) -> int:
        """Return how many events the files hold, of which some may no longer be of any piece."""
        return int(self._one("SELECT COALESCE(MAX(stored), 0) FROM ends"))

    @property
    def of_pieces(self) -> int:
        """Return how many of the stored events are of a piece."""
        return int(self._one("SELECT COALESCE(SUM(events), 0) FROM pieces"))

    def take_stock(self, sources: Iterable[Source]) -> bool:
        """Note what is there, forget what is gone or has changed, and tell whether anything differs.

        Raises:
            FolderError: the book is of other files only; nothing has been changed.
        """
        self._book.execute(_HERE)
        self._book.executemany("INSERT OR IGNORE INTO here VALUES (?, ?, ?, ?, ?, ?)", map(_row, sources))
        if self._one(_OF_OTHER_FILES):
            raise FolderError(
                f"{self._folder} holds the notes of other music; name a new folder, or remove that one"
            )
        for_now = ", ".join("?" * len(FOR_NOW))
        retried = self._book.execute(
            "UPDATE files SET is_read = 0 WHERE id IN "
            f"(SELECT file FROM refusals WHERE reason IN ({for_now}))",
            sorted(FOR_NOW),
        ).rowcount
        differs = bool(retried) or self._differs()
        if differs:
            for statement in _UPDATE.format(same=_SAME_FILE).split(";"):
                self._book.execute(statement)
            for statement in _FORGET_UNREAD.split(";"):
                self._book.execute(statement)
        self._book.execute("DROP TABLE here")
        return differs

    def count(self) -> tuple[int, int]:
        """Return how many files there are, and how many of them have been read or need not be."""
        files = self._one("SELECT COUNT(*) FROM files")
        return files, files - self._one("SELECT COUNT(*) FROM files WHERE NOT is_read AND refusal IS NULL")

    def unread(self, at_once: int = 1000) -> Iterator[Unread]:
        """Yield the files that are to be read, a page at a time, while others are being noted."""
        last = 0
        while True:
            page = self._book.execute(
                "SELECT id, path FROM files WHERE id > ? AND NOT is_read AND refusal IS NULL "
                "ORDER BY id LIMIT ?",
                (last, at_once),
            ).fetchall()
            if not page:
                return
            yield from (Unread(*row) for row in page)
            last = page[-1][0]

    def count_read(self) -> int:
        """Return of how many files there is a piece."""
        return int(self._one("SELECT COUNT(DISTINCT file) FROM pieces"))

    def note_piece(self, file: int, read: Read, start: int) -> None:
        """Note a piece whose events begin at ``start``."""
        piece = read.piece
        onsets = piece.dt.cumsum(dtype=float)[piece.velocity > 0]
        self._book.execute(
            "INSERT INTO pieces (file, tune, start, events, is_gridded, keys, content, span) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                file,
                read.tune,
                start,
                len(piece),
                piece.is_gridded,
                keys_digest(piece),
                content_digest(piece),
                float(onsets[-1] - onsets[0]),
            ),
        )

    def note_refusal(self, file: int, refused: Refused) -> None:
        """Note why something in a file is not learnt from."""
        self._book.execute(
            "INSERT INTO refusals VALUES (?, ?, ?, ?)", (file, refused.tune, refused.reason, refused.detail)
        )

    def note_read(self, file: int) -> None:
        """Note that a file has been read to its end."""
        self._book.execute("UPDATE files SET is_read = 1 WHERE id = ?", (file,))

    def note_duplicates(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Note pieces, each with its original, in place of whatever was noted before."""
        self._book.execute("DELETE FROM duplicates")
        self._book.executemany("INSERT INTO duplicates VALUES (?, ?)", pairs)

    def rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield what a query finds; it may use the functions ``title(name, tune)`` and ``drawn(keys)``."""
        yield from self._book.cursor().execute(query, values)

    def _form(self) -> int:
        return int(self._one("PRAGMA user_version"))

    def _differs(self) -> bool:
        files, here, same = (
            self._one("SELECT COUNT(*) FROM files"),
            self._one("SELECT COUNT(*) FROM here"),
            self._one(
                f"SELECT COUNT(*) FROM files JOIN here ON {_SAME_FILE} AND files.name = here.name "
                "AND files.listed IS here.listed AND files.refusal IS here.refusal "
                "WHERE files.is_read OR files.refusal IS NOT NULL"
            ),
        )
        return not files == here == same

    def _one(self, query: str) -> Any:
        return self._book.execute(query).fetchone()[0]


def _row(source: Source) -> tuple[object, ...]:
    listed = None if source.listed is None else STRONGEST_FIRST.index(source.listed)
    return source.path, source.name, source.size, source.changed_at, listed, source.refusal


def _drawn(keys: bytes) -> int:
    return STRONGEST_FIRST.index(drawn_split(keys))
