"""Folders that a command writes into: new, empty, or its own from another time."""

from collections.abc import Collection
from pathlib import Path

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
