"""The curves of a run as lines of JSON, and as TensorBoard draws them where tensorboardX is installed.

A run that is taken up again goes on where its checkpoint was: what had been written after that is dropped,
because it will be written anew.
"""

import json
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, cast

from antiphon_models.errors import reason
from antiphon_models.training.checkpoints import CheckpointError, write_bytes


class Curves:
    """Writes lines of figures by step. Use as a context manager."""

    FILE = "curve.jsonl"
    TENSORBOARD = "tensorboard"

    def __init__(self, folder: Path, step: int) -> None:
        """Go on after a step; what is there of later ones is dropped.

        Raises:
            CheckpointError: the folder cannot be written.
        """
        self._path = folder / self.FILE
        kept = [json.dumps(line) + "\n" for line in read_curve(folder) if line["step"] <= step]
        write_bytes(self._path, "".join(kept).encode())
        has_board = find_spec("tensorboardX") is not None
        with _troubles_told(self._path):
            self._file = _appending(self._path)
            self._board = _Board(folder / self.TENSORBOARD, step) if has_board else None

    def write(self, line: Mapping[str, float]) -> None:
        """Add a line; ``step`` is one of its figures.

        Raises:
            CheckpointError: the disk is full.
        """
        with _troubles_told(self._path):
            _append(self._file, json.dumps(dict(line)).encode() + b"\n")
            if self._board:
                self._board.write(line)

    def __enter__(self) -> "Curves":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._board:
            self._board.close()


@contextmanager
def _troubles_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be written ({reason(error)}); what was saved before is intact: "
            "make room, then repeat the command to go on from it"
        ) from error


def read_curve(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of a run's curve; one that was cut off as it was written is left out."""
    path = folder / Curves.FILE
    if not path.exists():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    return lines


class _Board:
    """A file of TensorBoard's events.

    Written here and not by tensorboardX's own writer, whose thread dies aloud on a full disk.
    """

    def __init__(self, folder: Path, step: int) -> None:
        from tensorboardX.proto.event_pb2 import Event, SessionLog

        folder.mkdir(exist_ok=True)
        self._event = Event
        self._file = _appending(folder / f"events.out.tfevents.{time.time_ns()}")
        self._add(file_version="brain.Event:2")
        # What earlier files hold of later steps is not drawn.
        self._add(step=step + 1, session_log=SessionLog(status=SessionLog.START))

    def write(self, line: Mapping[str, float]) -> None:
        from tensorboardX.proto.summary_pb2 import Summary

        figures = [
            Summary.Value(tag=name, simple_value=figure) for name, figure in line.items() if name != "step"
        ]
        self._add(step=int(line["step"]), summary=Summary(value=figures))

    def close(self) -> None:
        self._file.close()

    def _add(self, **content: Any) -> None:
        """Add a record as TensorFlow frames them: its length, and a checksum of each."""
        from tensorboardX.record_writer import masked_crc32c

        record = self._event(wall_time=time.time(), **content).SerializeToString()
        length = struct.pack("<Q", len(record))
        sums = (struct.pack("<I", masked_crc32c(part)) for part in (length, record))
        _append(self._file, length + next(sums) + record + next(sums))


def _appending(path: Path) -> BinaryIO:
    """Open a file that keeps nothing back, so that closing it cannot fail on a full disk."""
    return cast(BinaryIO, path.open("ab", buffering=0))


def _append(file: BinaryIO, content: bytes) -> None:
    while content:
        content = content[file.write(content) :]
