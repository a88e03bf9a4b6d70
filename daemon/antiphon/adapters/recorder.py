"""Keeps what is played: both parts of every session as one ``.mid`` file with two named tracks.

A session begins with the first thing that is played and ends when nothing is for ten minutes, when it
grows too long for one file, or at the close. While it lasts every message goes as one line into a
journal, which is brought to the disk twice a second, so a power cut costs a second of music at most. At
its end the journal becomes the ``.mid`` file and is removed; journals that a crash left become ``.mid``
files at the next start.

The music never waits for the disk: everything here is done by one thread behind a bounded queue. When the
disk is full or read-only, recording stops with one warning until the next session; what has been
written stays.

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
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Thread
from typing import Final, Literal, TypeAlias

from antiphon.adapters.midi_files import (
    QUESTION_CHANNEL,
    NamedPart,
    TimedMessage,
    bytes_heard,
    bytes_played,
    reason_of,
    write_performance,
)
from antiphon.core.commands import Command
from antiphon.core.events import Event, InputLost
from antiphon.core.units import Part, Seconds
from antiphon.errors import MidiFileError

QUIET_ENDS_A_SESSION: Seconds = 600.0
LONGEST_FILE: Seconds = 2 * 3600.0
LARGEST_JOURNAL_BYTES = 3_000_000
"""About a hundred thousand messages; mido turns them into a file in a few seconds on a Raspberry Pi."""

BETWEEN_SYNCS: Seconds = 0.5
QUEUE_LENGTH = 10_000
LONGEST_CLOSE: Seconds = 20.0

TRACK_NAMES: Final[dict[Part, str]] = {"you": "you", "it": "antiphon"}

_OURS = re.compile(r"antiphon-(\d{4}-\d\d-\d\d-\d{6})(?:-(\d+))?\.(mid|journal)")
_LINE = re.compile(
    rb"(\d+\.\d{6}) (you|it) ([89abe][0-9a-f](?:[0-7][0-9a-f]){2}|[cd][0-9a-f][0-7][0-9a-f])\n"
)
_ALL_NOTES_OFF = bytes((0xB0 | QUESTION_CHANNEL - 1, 123, 0))
_MESSAGES_IN_A_ROW = 50
_REST: Seconds = 0.0005

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one line of the journal says; ``at`` is on the clock of the daemon."""

    at: Seconds
    part: Part
    data: bytes


_Queued: TypeAlias = _Entry | Literal["close"]


class Recorder:
    """Writes what it is told about into files of ``folder``, of which the oldest are deleted.

    ``folder`` is created when the first session begins. Its recordings may take ``megabytes`` together;
    only files named as recordings are counted or deleted, so one that is renamed is kept. ``clock`` says
    the local date and time, for the names. A session ends after ``quiet`` seconds without music.
    """

    def __init__(
        self,
        folder: Path,
        megabytes: float,
        clock: Callable[[], datetime] = datetime.now,
        quiet: Seconds = QUIET_ENDS_A_SESSION,
    ) -> None:
        self._queue: Queue[_Queued] = Queue(QUEUE_LENGTH)
        self._overflowed = False
        self._writer = _Writer(folder, megabytes, clock, quiet, self._queue)
        self._thread = Thread(target=self._writer.run, name="recorder", daemon=True)
        self._thread.start()

    def heard(self, event: Event, at: Seconds) -> None:
        """Keep what the player did ``at`` monotonic seconds; never waits."""
        data = _ALL_NOTES_OFF if isinstance(event, InputLost) else bytes_heard(event)
        if data is not None:
            self._put(_Entry(at, "you", data))

    def played(self, command: Command, at: Seconds) -> None:
        """Keep what was sent as an answer ``at`` monotonic seconds; never waits.

        What is only passed through from the player has been heard already and is left out.
        """
        data = bytes_played(command)
        if data is not None:
            self._put(_Entry(at, "it", data))

    def close(self) -> Path | None:
        """End the session and return its file, or None where nothing was played or could be written.

        A disk that does not answer is given up after a while; the journal then stays for the next start.
        """
        try:
            self._queue.put("close", timeout=LONGEST_CLOSE)
        except Full:
            _log.warning("the recording is not finished, because the disk does not answer")
            return None
        self._thread.join(LONGEST_CLOSE)
        if self._thread.is_alive():
            _log.warning("the recording is not finished yet and will be at the next start")
            return None
        return self._writer.finished

    def _put(self, entry: _Entry) -> None:
        try:
            self._queue.put_nowait(entry)
        except Full:
            if not self._overflowed:
                self._overflowed = True
                _log.warning("the disk is too slow for the recording, which has gaps from here on")


class _Writer:
    """The thread's side of a recorder: all of its files, and nothing that the music waits for."""

    def __init__(
        self,
        folder: Path,
        megabytes: float,
        clock: Callable[[], datetime],
        quiet: Seconds,
        queue: Queue[_Queued],
    ) -> None:
        self.finished: Path | None = None
        self._folder = folder
        self._most_bytes = int(megabytes * 1e6)
        self._clock = clock
        self._quiet = quiet
        self._queue = queue
        self._journal: _Journal | None = None
        self._stopped = False

    def run(self) -> None:
        recover(self._folder)
        self._make_room()
        while (queued := self._next()) != "close":
            if queued is None:
                self._rest()
            elif not self._stopped:
                self._keep(queued)
        self._end_session()

    def _next(self) -> _Queued | None:
        """Return what is queued next, or None when it is time to sync or to end the session."""
        timeout = None
        if self._stopped:
            timeout = self._quiet
        elif self._journal is not None:
            timeout = BETWEEN_SYNCS if self._journal.unsynced else self._quiet
        try:
            return self._queue.get(timeout=timeout)
        except Empty:
            return None

    def _rest(self) -> None:
        if self._stopped or self._journal is None or not self._journal.unsynced:
            self._end_session()
            return
        try:
            self._journal.sync()
        except OSError as error:
            self._stop(error)

    def _keep(self, entry: _Entry) -> None:
        try:
            if self._journal is not None and self._journal.is_full(entry.at):
                self._end_session()
            if self._journal is None:
                self._journal = _Journal.begun(self._folder, self._clock(), entry.at)
            self._journal.append(entry)
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        _log.warning("recording stops, the music goes on: %s: %s", self._folder, reason_of(error))
        self._stopped = True

    def _end_session(self) -> None:
        self._stopped = False
        if self._journal is None:
            return
        journal, self._journal = self._journal, None
        self.finished = None
        try:
            self.finished = _finish(journal.path)
        finally:
            journal.close()
        self._make_room()

    def _make_room(self) -> None:
        try:
            _delete_oldest(self._folder, self._most_bytes, self.finished)
        except OSError as error:
            _log.warning("old recordings cannot be deleted: %s: %s", self._folder, reason_of(error))


class _Journal:
    """A journal that grows. Every line is with the system at once, and on the disk after ``sync``."""

    def __init__(self, path: Path, descriptor: int, began_at: Seconds) -> None:
        self.path = path
        self.unsynced = False
        self._descriptor = descriptor
        self._began_at = began_at
        self._synced_at = began_at
        self._bytes = 0

    @classmethod
    def begun(cls, folder: Path, now: datetime, at: Seconds) -> "_Journal":
        """Begin a journal under a name that neither a journal nor a recording has."""
        folder.mkdir(parents=True, exist_ok=True)
        for path in _names(folder, now):
            if path.with_suffix(".mid").exists():
                continue
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                continue
            if _locked(descriptor) and os.fstat(descriptor).st_nlink > 0:
                return cls(path, descriptor, at)
            # A daemon that starts just now took the empty journal for one that was left.
            os.close(descriptor)
        raise AssertionError("names never end")

    def is_full(self, at: Seconds) -> bool:
        """Tell whether what happens at this moment belongs into another file."""
        return at - self._began_at > LONGEST_FILE or self._bytes > LARGEST_JOURNAL_BYTES

    def append(self, entry: _Entry) -> None:
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
    for path in _ours(folder, ".journal"):
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError as error:
            _log.warning("%s cannot be recovered: %s", path, reason_of(error))
            continue
        try:
            recording = _finish(path) if _locked(descriptor) else None
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


def _finish(journal: Path) -> Path | None:
    """Turn a journal into a recording; it stays where that fails, so that nothing is lost."""
    recording = journal.with_suffix(".mid")
    try:
        if not any(True for _ in _entries(journal)):
            journal.unlink()
            return None
        parts: tuple[Part, ...] = ("you", "it")
        write_performance(
            recording, [NamedPart(TRACK_NAMES[part], _Messages(journal, part)) for part in parts]
        )
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


@dataclass(frozen=True, slots=True)
class _Messages:
    """The messages of one part of a journal, read when asked for; what sounds at its end is released."""

    journal: Path
    part: Part

    def __iter__(self) -> Iterator[TimedMessage]:
        last: Seconds = 0.0
        down: set[tuple[int, int]] = set()
        for number, entry in enumerate(_entries(self.journal)):
            if number % _MESSAGES_IN_A_ROW == 0:
                # The interpreter is given back to the music, which may be playing meanwhile.
                time.sleep(_REST)
            last = max(last, entry.at)
            if entry.part == self.part:
                _follow(entry.data, down)
                yield TimedMessage(entry.at, entry.data)
        yield from (TimedMessage(last, bytes((0x80 | channel, pitch, 64))) for channel, pitch in sorted(down))


def _follow(data: bytes, down: set[tuple[int, int]]) -> None:
    """Keep track of which notes, as channel and pitch, are down after a message."""
    kind, channel = data[0] & 0xF0, data[0] & 0x0F
    if kind == 0x90 and data[2] > 0:
        down.add((channel, data[1]))
    elif kind in (0x80, 0x90):
        down.discard((channel, data[1]))


def _entries(journal: Path) -> Iterator[_Entry]:
    """Yield what the whole lines of a journal say; a power cut may have left half a line, or zeros."""
    with journal.open("rb") as lines:
        for line in lines:
            entry = _entry(line)
            if entry is not None:
                yield entry


def _entry(line: bytes) -> _Entry | None:
    matched = _LINE.fullmatch(line)
    if matched is None:
        return None
    at, part, data = matched.groups()
    return _Entry(float(at), "you" if part == b"you" else "it", bytes.fromhex(data.decode("ascii")))


def _names(folder: Path, now: datetime) -> Iterator[Path]:
    stem = f"antiphon-{now:%Y-%m-%d-%H%M%S}"
    yield folder / f"{stem}.journal"
    number = 2
    while True:
        yield folder / f"{stem}-{number}.journal"
        number += 1


def _ours(folder: Path, suffix: str) -> list[Path]:
    """Return our files of one kind, oldest first by name."""
    try:
        paths: Iterable[Path] = list(folder.iterdir())
    except OSError:
        return []
    matched = [
        (match, path) for path in paths if (match := _OURS.fullmatch(path.name)) and path.suffix == suffix
    ]
    return [path for _, path in sorted((_age_in_name(match), path) for match, path in matched)]


def _age_in_name(match: re.Match[str]) -> tuple[str, int]:
    return match[1], int(match[2] or 1)


def _delete_oldest(folder: Path, most_bytes: int, newest: Path | None) -> None:
    recordings = _ours(folder, ".mid")
    sizes = {path: path.stat().st_size for path in recordings}
    excess = sum(sizes.values()) - most_bytes
    for path in recordings:
        if excess <= 0:
            return
        if path != newest:
            path.unlink()
            excess -= sizes[path]
            _log.info("deleted the oldest recording %s to make room", path)
