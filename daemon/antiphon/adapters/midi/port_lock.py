"""One daemon per instrument: an advisory lock on a file, which the kernel lets go of when its holder dies.

Only the output is locked. Two daemons may well hear one keyboard; two that play one synth would release each
other's notes.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from antiphon.errors import PortError

SHARED_FOLDER = Path("/run/lock")
"""A service and somebody at the same machine share it, but no runtime folder."""

_OPEN_TO_ALL = 0o666


class PortLock:
    """The right to play on a port, held until :meth:`release` or the end of the process.

    Attributes:
        was_abandoned: whether who had it last died with it, and may have left notes sounding there.
    """

    def __init__(self, file: int, was_abandoned: bool) -> None:
        self.was_abandoned = was_abandoned
        self._file = file

    @classmethod
    def take(cls, system: str, port: str, shared_folder: Path = SHARED_FOLDER) -> "PortLock":
        """Take the lock on a port.

        Args:
            system: tells apart MIDI systems that have ports of the same name.
            port: the port's name.
            shared_folder: where the lock file lies, if it can be written to; else in the user's runtime
                folder, else where temporary files go.

        Raises:
            PortError: another process has it.
        """
        file = _open_lock_file(_file_name(system, port), shared_folder)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(file)
            os.close(file)
            raise PortError(
                f'another antiphon (process {holder or "unknown"}) already plays on "{port}"; '
                "stop it or choose other ports with --in and --out"
            ) from error
        was_abandoned = bool(_holder(file))
        _write_holder(file)
        return cls(file, was_abandoned)

    def release(self) -> None:
        """Let others play. May be called again."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1


def _file_name(system: str, port: str) -> str:
    return f"antiphon-{hashlib.sha256(f'{system}/{port}'.encode()).hexdigest()[:16]}.lock"


def _open_lock_file(name: str, shared_folder: Path) -> int:
    for folder in _folders(shared_folder):
        with suppress(OSError):
            return _open_or_create(folder / name)
    raise PortError(f"no folder for the lock file {name} can be written to; set TMPDIR to one that can")


def _folders(shared_folder: Path) -> Iterator[Path]:
    yield shared_folder
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime)
    yield Path(tempfile.gettempdir())


def _open_or_create(path: Path) -> int:
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    # In a folder that everybody may write to, the kernel refuses O_CREAT on a file that somebody else owns.
    with suppress(FileNotFoundError):
        return os.open(path, flags)
    with suppress(FileExistsError):
        file = os.open(path, flags | os.O_CREAT | os.O_EXCL, _OPEN_TO_ALL)
        os.fchmod(file, _OPEN_TO_ALL)
        return file
    return os.open(path, flags)


def _holder(file: int) -> str:
    """Return the process that has the lock, or had it when it died; nothing where it was released."""
    return os.pread(file, 32, 0).decode(errors="replace").strip()


def _write_holder(file: int) -> None:
    os.ftruncate(file, 0)
    # On a disk that is full nobody can be told who has it; it is held all the same.
    with suppress(OSError):
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
