"""Files that appear whole or not at all, whenever the power goes; and whether one could be written.

Knows nothing of what is in them.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write into, which takes its name once it is complete.

    Both what is in it and its name are on the disk then. Where something is raised, nothing is left behind.

    Args:
        path: of the file, or of a link to it.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    whole = path.resolve()
    if whole.is_dir():
        raise IsADirectoryError(errno.EISDIR, "there is a folder of that name")
    if whole.exists() and not whole.is_file():
        raise OSError(errno.EINVAL, "it is not a file")
    unfinished = whole.with_name(f".{whole.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(whole)
        sync_folder(whole.parent)
    finally:
        # Also where the disk is full: a part that stays would keep it full. Where none could be made, as on
        # a disk that is read-only, there is nothing to remove, and what went wrong is already being told.
        with suppress(OSError):
            unfinished.unlink()


class _OnlyTried(Exception):
    """A file was begun, and is not to be kept."""


def try_to_write(path: Path) -> None:
    """Begin a file and take it back; whatever has the name stays as it is.

    Raises:
        OSError: as :func:`whole_file` would.
    """
    with suppress(_OnlyTried), whole_file(path):
        raise _OnlyTried


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: without that, a power cut brings the former file back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
