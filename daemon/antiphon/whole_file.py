"""Files that are there whole or not at all, whenever the power goes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of another at the end, where everything went well.

    Both what is in it and its name are on the disk then. Where something is raised, nothing is left behind.

    Args:
        path: of the file, or of a link to it.

    Raises:
        OSError: the folder is not there or not writable, or the disk is full.
    """
    whole = path.resolve()
    unfinished = whole.with_name(f".{whole.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(whole)
        sync_folder(whole.parent)
    finally:
        # Also where the disk is full: a part that stays would keep it full.
        unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk: without that, a power cut brings the former file back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
