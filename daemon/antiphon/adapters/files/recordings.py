"""The recordings of a folder, for whoever wants to see, hear or take one along.

Each is known by an id that tells nothing of where it lies. A session that is going on is among them: its
journal is read as far as it has come. Everything here waits for the disk, so it is for a thread of its own.
"""

import base64
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from antiphon.adapters.files.journal import (
    TRACK_NAMES,
    Entry,
    Journal,
    began_by_name,
    both_parts,
    entries_in,
    files_of_ours,
)
from antiphon.adapters.files.reading import read_tracks
from antiphon.adapters.files.writing import as_file, write_performance
from antiphon.core.performance import TimedEvent, notes_heard
from antiphon.core.units import Part, Seconds
from antiphon.errors import MidiFileError, RequestError, reason_of

logger = logging.getLogger(__name__)

Parts: TypeAlias = Mapping[Part, Sequence[TimedEvent]]
"""What each part did, in seconds since the recording began."""


class Recording(Struct, frozen=True):
    """What there is to say of a recording.

    Attributes:
        began: by the local time.
        seconds: until the last that is in it.
        heard: notes of the player.
        played: notes of answers.
        is_going_on: whether more may come to it.
    """

    id: str
    began: datetime
    seconds: Seconds
    heard: int
    played: int
    is_going_on: bool


class Recordings:
    """The recordings of one folder, which need not be there yet.

    Args:
        folder: where a recorder keeps them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._described: dict[tuple[str, int], Recording] = {}

    def newest(self, most: int, before: str = "") -> list[Recording]:
        """Return so many at most, the newest first.

        One that cannot be read, or has no note in it, is left out.

        Args:
            before: id of the one after which to go on; empty begins with the newest.
        """
        paths = self._paths()
        if before:
            ids = [_id_of(path) for path in paths]
            paths = paths[ids.index(before) + 1 :] if before in ids else []
        return list(islice(self._each_described(paths), most))

    def recording(self, id_: str) -> tuple[Recording, Parts]:
        """Return a recording and what is in it.

        Raises:
            RequestError: there is none of that id, or it cannot be read.
        """
        path = self._path(id_)
        parts = _parts_in(_content_of(path))
        return _description(path, parts), parts

    def content(self, id_: str) -> tuple[str, bytes]:
        """Return a recording as a ``.mid`` file: its name and what is in it.

        Raises:
            RequestError: there is none of that id, or it cannot be read.
        """
        path = self._path(id_)
        return f"{path.stem}.mid", _content_of(path)

    def keep(self, entries: Sequence[Entry], began: datetime) -> str:
        """Keep music as a recording of its own, and return its id.

        Args:
            entries: what happened, in order, at moments of any clock.
            began: by the local time.

        Raises:
            RequestError: there is no note in it, or it cannot be written.
        """
        if not any(entry.is_onset for entry in entries):
            raise RequestError("nothing was played in that time, so there is nothing to keep")
        first = entries[0].at
        moved = [Entry(entry.at - first, entry.part, entry.data) for entry in entries]
        try:
            # The journal has the name until the recording is whole; after a crash it is found to be empty.
            journal = Journal.begun(self._folder, began, 0.0)
            try:
                write_performance(journal.path.with_suffix(".mid"), both_parts(lambda: moved))
            finally:
                journal.path.unlink()
                journal.close()
        except (OSError, MidiFileError) as error:
            raise RequestError(f"it cannot be kept: {reason_of(error)}") from error
        return _id_of(journal.path)

    def _paths(self) -> list[Path]:
        """Return all there are, the newest first."""
        both = files_of_ours(self._folder, ".mid") + files_of_ours(self._folder, ".journal")
        return sorted(both, key=lambda path: (began_by_name(path), path.name), reverse=True)

    def _path(self, id_: str) -> Path:
        for path in self._paths():
            if _id_of(path) == id_:
                return path
        raise RequestError("there is no such recording; it may have been deleted to make room")

    def _each_described(self, paths: Sequence[Path]) -> Iterator[Recording]:
        for path in paths:
            try:
                description = self._describe(path)
            except (RequestError, OSError) as error:
                logger.debug("%s is not shown: %s", path, reason_of(error))
            else:
                if description.heard or description.played:
                    yield description

    def _describe(self, path: Path) -> Recording:
        key = path.name, path.stat().st_size
        if key not in self._described:
            self._described[key] = _description(path, _parts_in(_content_of(path)))
        return self._described[key]


def _id_of(path: Path) -> str:
    """Return the same for a recording as for its journal."""
    digest = hashlib.blake2b(path.stem.encode(), digest_size=9).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _description(path: Path, parts: Parts) -> Recording:
    return Recording(
        id=_id_of(path),
        began=began_by_name(path),
        seconds=max((timed.at for events in parts.values() for timed in events), default=0.0),
        heard=len(notes_heard(parts["you"])),
        played=len(notes_heard(parts["it"])),
        is_going_on=path.suffix == ".journal",
    )


def _content_of(path: Path) -> bytes:
    """Return a recording as a file, though its session may be going on, or have just ended."""
    try:
        if path.suffix == ".journal":
            return as_file(both_parts(partial(entries_in, path)))
    except FileNotFoundError:
        path = path.with_suffix(".mid")
    except OSError as error:
        raise RequestError(f"the recording cannot be read: {reason_of(error)}") from error
    try:
        return path.read_bytes()
    except OSError as error:
        raise RequestError(f"the recording cannot be read: {reason_of(error)}") from error


def _parts_in(content: bytes) -> Parts:
    try:
        tracks = read_tracks(content, "the recording")
    except MidiFileError as error:
        raise RequestError(str(error)) from error
    return {part: tracks.get(name, []) for part, name in TRACK_NAMES.items()}
