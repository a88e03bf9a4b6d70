"""The events of all pieces, one flat file per field, that only ever grow at their ends.

What lies beyond a committed end is of a run that was cut short, and is overwritten. Nothing before it is ever
changed, so a program that has mapped the files keeps what it has.
"""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

from antiphon_models.errors import DatasetError
from antiphon_models.notes.pieces import Piece

FIELDS: Final[dict[str, npt.DTypeLike]] = {"dt": "<f4", "velocity": "u1", "pitch": "u1", "part": "u1"}
"""The fields of an event as they lie on the disk."""


def path_of(folder: Path, field: str) -> Path:
    """Return the file of a field."""
    return folder / f"{field}.bin"


def mapped(folder: Path, field: str, events: int) -> npt.NDArray[Any]:
    """Return the first ``events`` of a field, mapped into memory and not to be written.

    Raises:
        OSError, ValueError: the file is not there, or shorter than that.
    """
    if not events:
        return np.zeros(0, FIELDS[field])
    return np.memmap(path_of(folder, field), FIELDS[field], mode="r", shape=(events,))


def stored(folder: Path, field: str, start: int, events: int) -> npt.NDArray[Any]:
    """Return a part of a field, read into memory."""
    dtype = np.dtype(FIELDS[field])
    return np.fromfile(path_of(folder, field), dtype, count=events, offset=start * dtype.itemsize)


class EventFiles:
    """The files of a folder, open to append to; ``end`` is the number of events.

    Raises:
        DatasetError: they are shorter than that.
    """

    def __init__(self, folder: Path, end: int) -> None:
        self.end = end
        self._open_files = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        try:
            for field in FIELDS:
                self._files[field] = self._open_files.enter_context(_opened(path_of(folder, field)))
                _cut(self._files[field], end * np.dtype(FIELDS[field]).itemsize)
        except BaseException:
            self._open_files.close()
            raise

    def append(self, piece: Piece) -> int:
        """Write the events of a piece after all others and return where they start."""
        start = self.end
        for field, file in self._files.items():
            file.write(np.ascontiguousarray(getattr(piece, field), FIELDS[field]).tobytes())
        self.end += len(piece)
        return start

    def sync(self) -> None:
        """Bring everything to the disk."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Close the files; what was not brought to the disk may be lost."""
        self._open_files.close()


def _opened(path: Path) -> BinaryIO:
    return path.open("r+b" if path.exists() else "w+b")


def _cut(file: BinaryIO, size: int) -> None:
    """Cut off what a run that was cut short has left."""
    if file.seek(0, os.SEEK_END) < size:
        raise DatasetError(f"{file.name} has lost its end; remove its folder and prepare again")
    file.truncate(size)
    file.seek(size)
