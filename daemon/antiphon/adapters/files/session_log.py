"""Session logs: beside a recording, all that the improviser was told, to the bit, so that it can be replayed.

A log is a heading and the lines of :mod:`antiphon.adapters.files.transcript_lines`, compressed with gzip. It
is brought to the disk in pieces that can be read each as it comes, so what a power cut leaves is a log that
ends early. Nothing here knows what the lines mean.
"""

import os
import platform
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from antiphon import __version__
from antiphon.adapters.files.transcript_lines import entry_in, line_of
from antiphon.core.transcript import Beginning, Entry, Step
from antiphon.errors import SessionLogError, reason_of
from antiphon.whole_file import sync_folder

SUFFIX = ".session"

FORMAT = 1

LARGEST_LOG_BYTES = 30_000_000
"""A log that is larger ends there: a night and more without a pause."""

LARGEST_WITHOUT_MUSIC_BYTES = 3_000_000
"""What is kept in memory until there is music: hours of a MIDI clock that ticks."""

LONGEST_LINE_BYTES = 1_000_000

_GZIP = 31
"""Window bits of zlib that stand for the format of gzip, in its largest window."""

_LEVEL = 6


class Heading(Struct, frozen=True):
    """What wrote a log, and where.

    Attributes:
        session_log: version of the format.
        antiphon: version of the daemon.
        python: version of what ran it.
        runtime: name and version of what runs the model files; empty where there is none.
        machine: kind of processor, such as ``x86_64``.
        began: the local date and time.
    """

    session_log: int
    antiphon: str
    python: str
    runtime: str
    machine: str
    began: str


def heading(began: datetime) -> Heading:
    """Return what is written of this machine."""
    when = began.isoformat(timespec="seconds")
    return Heading(
        FORMAT, __version__, platform.python_version(), _runtime_installed(), platform.machine(), when
    )


@cache
def _runtime_installed() -> str:
    """Return the name and version of the runtime, which is not loaded for that."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import, and seldom asked for

    for name in ("ai-edge-litert", "tflite-runtime"):
        with suppress(PackageNotFoundError):
            return f"{name} {version(name)}"
    return ""


class SessionLog:
    """A log that grows: in memory at first, and on the disk as soon as it has a place there.

    Attributes:
        path: of its file; None while it has none.
    """

    def __init__(self, heading: Heading) -> None:
        self.path: Path | None = None
        self._file: BinaryIO | None = None
        self._unwritten = bytearray()
        self._gzip = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._bytes = 0
        self._take(self._gzip.compress(msgspec.json.encode(heading) + b"\n"))

    @property
    def is_full(self) -> bool:
        return self._bytes > (LARGEST_LOG_BYTES if self._file else LARGEST_WITHOUT_MUSIC_BYTES)

    def append(self, entry: Entry) -> None:
        """Write an entry, which is on the disk after the next :meth:`sync`."""
        self._take(self._gzip.compress(line_of(entry)))

    def place(self, path: Path) -> None:
        """Give it a file; where it has one, another name for that.

        Raises:
            OSError: it cannot be written; nothing of it is left then.
        """
        if self.path is not None:
            os.link(self.path, path)
            return
        self._file = path.open("xb", buffering=0)
        try:
            self.sync()
            sync_folder(path.parent)
        except OSError:
            self._file.close()
            path.unlink(missing_ok=True)
            raise
        self.path = path

    def sync(self) -> None:
        """Bring all that was appended to the disk.

        Raises:
            OSError: it cannot be written.
        """
        self._take(self._gzip.flush(zlib.Z_SYNC_FLUSH))
        self._write()

    def close(self) -> None:
        """End the log; one that is not ended can be read as well, as far as it goes.

        Raises:
            OSError: it cannot be written.
        """
        self._take(self._gzip.flush(zlib.Z_FINISH))
        try:
            self._write()
        finally:
            if self._file is not None:
                self._file.close()

    def _take(self, data: bytes) -> None:
        self._unwritten += data
        self._bytes += len(data)

    def _write(self) -> None:
        if self._file is None:
            return
        while self._unwritten:
            del self._unwritten[: self._file.write(self._unwritten)]
        os.fsync(self._file.fileno())


@dataclass(frozen=True, slots=True)
class LoggedSession:
    """What a log holds.

    Attributes:
        steps: in order.
        is_whole: whether it was ended by whoever wrote it; else the last of it may be missing.
    """

    path: Path
    heading: Heading
    beginning: Beginning
    steps: tuple[Step, ...]
    is_whole: bool


def read_session_log(path: Path) -> LoggedSession:
    """Read a log.

    Raises:
        SessionLogError: it cannot be read, is none, is damaged, or is of another version.
    """
    try:
        with path.open("rb") as file:
            lines = _Lines(file)
            told = _heading_in(next(lines, b""), path)
            entries = [_entry_in(line, number, path) for number, line in enumerate(lines, 2)]
    except FileNotFoundError as error:
        raise SessionLogError(
            f"there is no session log {path}; one lies beside each recording, with the same name"
        ) from error
    except OSError as error:
        raise SessionLogError(f"{path} cannot be read: {reason_of(error)}") from error
    except zlib.error as error:
        raise SessionLogError(
            f"{path} is damaged, or is no session log; name one that lies beside a recording"
        ) from error
    match entries:
        case [Beginning() as beginning, *steps] if all(isinstance(step, Step) for step in steps):
            whole = tuple(step for step in steps if isinstance(step, Step))
            return LoggedSession(path, told, beginning, whole, lines.is_whole)
    raise SessionLogError(
        f"{path} is damaged: it does not begin with what the session began with; copy it again"
    )


def _heading_in(line: bytes, path: Path) -> Heading:
    try:
        told = msgspec.json.decode(line, type=Heading)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SessionLogError(
            f"{path} is no session log; one ends in {SUFFIX} and lies beside its recording"
        ) from error
    if told.session_log != FORMAT:
        raise SessionLogError(
            f"{path} is a session log of version {told.session_log}, and this antiphon reads {FORMAT}; "
            f"replay it with antiphon {told.antiphon}"
        )
    return told


def _entry_in(line: bytes, number: int, path: Path) -> Entry:
    try:
        return entry_in(line)
    except ValueError as error:
        raise SessionLogError(
            f"line {number} of {path} means nothing to this antiphon; "
            "the file is damaged, or from another version"
        ) from error


class _Lines(Iterator[bytes]):
    """The whole lines of a compressed file; half a line at its end is left out.

    Raises:
        zlib.error: it is damaged, or no such file.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._gzip = zlib.decompressobj(_GZIP)
        self._lines: list[bytes] = []
        self._rest = b""

    @property
    def is_whole(self) -> bool:
        return self._gzip.eof and not self._rest

    def __next__(self) -> bytes:
        while not self._lines:
            compressed = self._gzip.unconsumed_tail or self._file.read(1 << 16)
            if not compressed or self._gzip.eof:
                raise StopIteration
            *lines, self._rest = (self._rest + self._gzip.decompress(compressed, 1 << 20)).split(b"\n")
            if len(self._rest) > LONGEST_LINE_BYTES:
                raise zlib.error("no line ends")
            self._lines = lines[::-1]
        return self._lines.pop()
