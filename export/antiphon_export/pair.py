"""A model file and its card, written so that neither is ever seen without the other that belongs to it.

Both are complete on the disk under other names before either takes its place, so a full disk or an
interrupted export leaves what was there before. A process that is killed in the instant between the two
renamings leaves the new file beside the old card; the daemon compares their hash and refuses them until the
export is repeated.
"""

import os
from pathlib import Path

import msgspec

from antiphon.adapters.engines.models import CARD_FILE, MODEL_FILE
from antiphon_export.errors import ExportError
from antiphon_models.card import COMPACT_WEIGHTS, Card
from antiphon_models.errors import reason

UNFINISHED = ".unfinished"


def write_pair(folder: Path, content: bytes, card: Card, weights: bytes = b"") -> None:
    """Write ``model.tflite`` and ``card.json``, and ``weights.npz`` where there are any.

    ``card`` holds the SHA-256 of ``content`` and of ``weights``.

    Raises:
        ExportError: they cannot be written; what was there before is still there.
    """
    described = msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"
    files = ({COMPACT_WEIGHTS: weights} if weights else {}) | {MODEL_FILE: content, CARD_FILE: described}
    unfinished = [folder / f"{name}{UNFINISHED}" for name in files]
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, each in zip(unfinished, files.values(), strict=True):
            _write_to_the_disk(path, each)
        for path, name in zip(unfinished, files, strict=True):
            path.replace(folder / name)
    except OSError as error:
        raise ExportError(
            f"the model cannot be written into {folder}: {reason(error)}; name another folder with --out"
        ) from error
    finally:
        _remove(unfinished)
        if is_new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _write_to_the_disk(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.parent.is_dir():
            path.unlink(missing_ok=True)
