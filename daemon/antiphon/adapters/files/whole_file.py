"""Files that appear whole or not at all, and whether one could be written, found out before the work.

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
    """Give a file to write into, which takes its name once it is complete and on the disk.

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
