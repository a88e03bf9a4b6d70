"""Folders that a command writes into: new, empty, or its own from another time; and files that are whole."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from antiphon_models.errors import FolderError, reason

UNFINISHED = "unfinished-"
"""How the names of files begin that are not whole yet."""


def take(folder: Path, signs: Collection[str]) -> None:
    """Make a folder, or make sure that nothing in it is anybody else's.

    Args:
        folder: to write into; those above it are made as well.
        signs: names of which one at least is in a folder of our own.

    Raises:
        FolderError: it cannot be made, or holds other things.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in folder.iterdir() if not entry.name.startswith(UNFINISHED)}
    except OSError as error:
        raise FolderError(f"{folder} cannot be made ({reason(error)}); choose another folder") from error
    if names and names.isdisjoint(signs):
        raise FolderError(f"{folder} holds other things; name a new folder")


@contextmanager
def taken(folder: Path, signs: Collection[str]) -> Iterator[None]:
    """Take a folder for some work; one that was made for it goes again where nothing came into it.

    Raises:
        FolderError: as :func:`take`.
    """
    is_new = not folder.exists()
    take(folder, signs)
    try:
        yield
    finally:
        if is_new:
            _remove_what_is_empty(folder)


def _remove_what_is_empty(folder: Path) -> None:
    """Remove a folder that holds files without a byte at most, as a full disk leaves them."""
    with suppress(OSError):
        if not any(entry.is_dir() or entry.stat().st_size for entry in folder.iterdir()):
            for entry in folder.iterdir():
                entry.unlink()
            folder.rmdir()


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears when it is complete and on the disk; until then what was there stays.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = path.with_name(f"{UNFINISHED}{path.name}")
    try:
        with unfinished.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
