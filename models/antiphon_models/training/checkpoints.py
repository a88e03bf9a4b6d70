"""Files that are there whole or not at all, whatever happens while they are written."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from antiphon_models.errors import TrainingError, reason
from antiphon_models.folders import whole_file

Arrays = dict[str, npt.NDArray[Any]]


class CheckpointError(TrainingError):
    """What a run leaves behind cannot be written or read."""


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write named arrays into one file.

    Raises:
        CheckpointError: the disk is full or the folder cannot be written; the file is as it was.
    """
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    write_bytes(path, packed.getvalue())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file; raises as ``write_arrays``."""
    try:
        with whole_file(path) as file:
            file.write(content)
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be written ({reason(error)}); what was there before is intact: "
            "make room, then repeat the command to go on from it"
        ) from error


def read_arrays(path: Path) -> Arrays:
    """Read named arrays.

    Raises:
        CheckpointError: the file is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(
            f"{path} is damaged; delete it to begin again, or train into another folder"
        ) from error
