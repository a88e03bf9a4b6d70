"""The journal of a session: what is written while it lasts, and how it becomes a recording.

A journal is a text file: a line each for ``seconds since the first message``, ``part`` and the message
in hex. It is locked while it grows, so that a second daemon does not take it for one that was left.
"""

import fcntl
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from antiphon.adapters.files.writing import NamedPart, TimedMessage, write_performance
from antiphon.core.units import Part, Seconds
from antiphon.errors import MidiFileError, reason_of
from antiphon.whole_file import sync_folder

LONGEST_FILE: Seconds = 2 * 3600.0
LARGEST_JOURNAL_BYTES = 3_000_000
"""About a hundred thousand messages; mido turns them into a file in a few seconds on a Raspberry Pi."""

BETWEEN_SYNCS: Seconds = 0.5

TRACK_NAMES: Final[dict[Part, str]] = {"you": "you", "it": "antiphon"}

_OURS = re.compile(r"antiphon-(?:[a-z0-9-]+-)?(\d{4}-\d\d-\d\d-\d{6})(?:-(\d+))?\.(mid|journal|session)")
_LINE = re.compile(
    rb"(\d+\.\d{6}) (you|it) ([89abe][0-9a-f](?:[0-7][0-9a-f]){2}|[cd][0-9a-f][0-7][0-9a-f])\n"
)
_MESSAGES_IN_A_ROW = 50
_REST: Seconds = 0.0005

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line of the journal says; ``at`` is on the clock of the daemon."""

    at: Seconds
    part: Part
    data: bytes

    @property
    def is_onset(self) -> bool:
        return self.data[0] & 0xF0 == 0x90 and self.data[2] > 0


class Journal:
    """A journal that grows. Every line is with the system at once, and on the disk after ``sync``."""

    def __init__(self, path: Path, descriptor: int, began_at: Seconds) -> None:
        self.path = path
        self.unsynced = False
        self._descriptor = descriptor
        self._began_at = began_at
        self._synced_at = began_at
        self._bytes = 0

    @classmethod
    def begun(cls, folder: Path, now: datetime, at: Seconds, partner: str = "") -> "Journal":
        """Begin a journal under a name that neither a journal nor a recording has.

        It has the name of the partner that is recorded, unless that is the main one.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for path in _names(folder, now, partner):
            if path.with_suffix(".mid").exists():
                continue
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                continue
            if _locked(descriptor) and os.fstat(descriptor).st_nlink > 0:
                sync_folder(folder)
                return cls(path, descriptor, at)
            # A daemon that starts just now took the empty journal for one that was left.
            os.close(descriptor)
        raise AssertionError("names never end")

    def is_full(self, at: Seconds) -> bool:
        """Tell whether what happens at this moment belongs into another file."""
        return at - self._began_at > LONGEST_FILE or self._bytes > LARGEST_JOURNAL_BYTES

    def append(self, entry: Entry) -> None:
        since = max(0.0, entry.at - self._began_at)
        line = f"{since:.6f} {entry.part} {entry.data.hex()}\n".encode("ascii")
        written = os.write(self._descriptor, line)
        if written < len(line):
            # The disk has just become full: the rest says so as an error.
            os.write(self._descriptor, line[written:])
        self._bytes += len(line)
        self.unsynced = True
        if entry.at - self._synced_at >= BETWEEN_SYNCS:
            self.sync()
            self._synced_at = entry.at

    def sync(self) -> None:
        os.fsync(self._descriptor)
        self.unsynced = False

    def close(self) -> None:
        os.close(self._descriptor)


def recover(folder: Path) -> list[Path]:
    """Turn the journals that a crash left in ``folder`` into recordings and return these.

    A journal that another daemon is writing is left alone.
    """
    recovered = []
    for path in files_of_ours(folder, ".journal"):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            _log.warning("%s cannot be recovered: %s", path, reason_of(error))
            continue
        try:
            recording = finish(path) if _locked(descriptor) else None
        finally:
            os.close(descriptor)
        if recording is not None:
            _log.warning("recovered a session that ended without a close: %s", recording)
            recovered.append(recording)
    return recovered


def _locked(descriptor: int) -> bool:
    """Lock a journal and tell whether that went well; the lock ends with the descriptor or the process."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def finish(journal: Path) -> Path | None:
    """Turn a journal into a recording; it stays where that fails, so that nothing is lost.

    One without a note, such as of a daemon that only lifted the pedal as it ended, is removed.
    """
    recording = journal.with_suffix(".mid")
    try:
        if not any(entry.is_onset for entry in entries_in(journal)):
            journal.unlink()
            return None
        write_performance(recording, both_parts(partial(entries_in, journal)))
        journal.unlink()
    except MidiFileError as error:
        _log.warning("%s; the session stays in %s until the next start", error, journal)
        return None
    except FileNotFoundError:
        # Another daemon has just finished it.
        return None
    except OSError as error:
        _log.warning("%s cannot be finished: %s", journal, reason_of(error))
        return None
    return recording


def both_parts(entries: Callable[[], Iterable[Entry]]) -> list[NamedPart]:
    """Return what the entries say as the two tracks of a recording; what sounds at their end is released.

    Args:
        entries: returns them anew whenever it is called: a long session is not held in memory.
    """
    parts: tuple[Part, ...] = ("you", "it")
    return [NamedPart(TRACK_NAMES[part], _Messages(entries, part)) for part in parts]


@dataclass(frozen=True, slots=True)
class _Messages:
    """The messages of one part."""

    entries: Callable[[], Iterable[Entry]]
    part: Part

    def __iter__(self) -> Iterator[TimedMessage]:
        last: Seconds = 0.0
        down: set[tuple[int, int]] = set()
        for number, entry in enumerate(self.entries()):
            if number % _MESSAGES_IN_A_ROW == 0:
                # The interpreter is given back to the music, which may be playing meanwhile.
                time.sleep(_REST)
            last = max(last, entry.at)
            if entry.part == self.part:
                _follow(entry, down)
                yield TimedMessage(entry.at, entry.data)
        yield from (TimedMessage(last, bytes((0x80 | channel, pitch, 64))) for channel, pitch in sorted(down))


def _follow(entry: Entry, down: set[tuple[int, int]]) -> None:
    """Keep track of which notes, as channel and pitch, are down after a message."""
    kind, channel = entry.data[0] & 0xF0, entry.data[0] & 0x0F
    if entry.is_onset:
        down.add((channel, entry.data[1]))
    elif kind in (0x80, 0x90):
        down.discard((channel, entry.data[1]))


def entries_in(journal: Path) -> Iterator[Entry]:
    """Yield what the whole lines of a journal say; a power cut may have left half a line, or zeros."""
    with journal.open("rb") as lines:
        for line in lines:
            entry = _entry(line)
            if entry is not None:
                yield entry


def _entry(line: bytes) -> Entry | None:
    matched = _LINE.fullmatch(line)
    if matched is None:
        return None
    at, part, data = matched.groups()
    return Entry(float(at), "you" if part == b"you" else "it", bytes.fromhex(data.decode("ascii")))


def _names(folder: Path, now: datetime, partner: str) -> Iterator[Path]:
    stem = f"antiphon-{partner and f'{partner}-'}{now:%Y-%m-%d-%H%M%S}"
    yield folder / f"{stem}.journal"
    number = 2
    while True:
        yield folder / f"{stem}-{number}.journal"
        number += 1


def began_by_name(path: Path) -> datetime:
    """Return when a recording or a journal of ours began, by the local time in its name."""
    return datetime.strptime(age_by_name(path)[0], "%Y-%m-%d-%H%M%S")


def files_of_ours(folder: Path, suffix: str) -> list[Path]:
    """Return our files of one kind, oldest first by name."""
    try:
        paths: Iterable[Path] = list(folder.iterdir())
    except OSError:
        return []
    ours = [path for path in paths if path.suffix == suffix and _OURS.fullmatch(path.name)]
    return sorted(ours, key=age_by_name)


def age_by_name(path: Path) -> tuple[str, int]:
    """Return what puts files of ours in order, the oldest first."""
    matched = _OURS.fullmatch(path.name)
    assert matched is not None, f"{path.name} is none of ours"
    return matched[1], int(matched[2] or 1)
