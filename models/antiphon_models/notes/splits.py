"""Into which split a piece belongs: by the lists of whoever published it, else by its own notes.

A corpus may hold ``splits.json``: an object with the keys ``train``, ``valid`` and ``test``, each a list of
file names relative to its folder. A piece that no list names is drawn by a hash of its keys in their order,
so adding music never moves a piece, and two performances of the same notes never lie on both sides.

Of a handful of pieces the draw may hold out none. Then the one with the lowest draw goes into ``valid``,
so that there is something to measure on. More music may let it be learnt from; it never holds out what has
been learnt from.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec
import numpy as np

from antiphon_models.errors import CorpusError
from antiphon_models.notes.pieces import Piece

Split = Literal["train", "valid", "test"]

SPLITS: tuple[Split, ...] = get_args(Split)

STRONGEST_FIRST: tuple[Split, ...] = ("test", "valid", "train")
"""What is listed twice is held out: nobody may learn from what another list measures with."""

LISTS = "splits.json"

_VALID_PERCENT, _TEST_PERCENT = 5, 5


def keys_digest(piece: Piece) -> bytes:
    """Return a hash (16 bytes) of the keys that are pressed, in their order, whenever and however loud."""
    return hashlib.blake2b(piece.pitch[piece.velocity > 0].tobytes(), digest_size=16).digest()


def content_digest(piece: Piece) -> bytes:
    """Return a hash (16 bytes) of every event of a piece, whatever its name."""
    hashed = hashlib.blake2b(bytes([piece.is_gridded]), digest_size=16)
    for field in (piece.dt, piece.velocity, piece.pitch, piece.part):
        hashed.update(np.ascontiguousarray(field).tobytes())
    return hashed.digest()


def drawn_split(digest: bytes) -> Split:
    """Return the split of a piece that no list names: 90 in 100 are learnt, 5 each are held out."""
    drawn = _drawn(digest)
    if drawn < _TEST_PERCENT:
        return "test"
    return "valid" if drawn < _TEST_PERCENT + _VALID_PERCENT else "train"


def held_out_after_all(digests: Iterable[bytes]) -> bytes | None:
    """Return which of some pieces goes into the valid split, where none is drawn for it.

    Returns None where one is, and where there is one piece only: that is learnt from.
    """
    lowest: tuple[int, bytes] | None = None
    there_are_several = False
    for digest in digests:
        if drawn_split(digest) == "valid":
            return None
        each = _drawn(digest), digest
        there_are_several |= lowest is not None and each != lowest
        lowest = each if lowest is None else min(lowest, each)
    return lowest[1] if lowest is not None and there_are_several else None


def _drawn(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big") % 100


class _Form(msgspec.Struct):
    train: list[str] = []
    valid: list[str] = []
    test: list[str] = []


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a corpus: the split of each file that they name, relative to ``folder``."""

    folder: Path
    split_of: dict[str, Split]

    @classmethod
    def read(cls, path: Path) -> "Lists":
        """Read a ``splits.json``; a file that is named twice goes where it is held out.

        Raises:
            CorpusError: it cannot be read, or is not of this form.
        """
        try:
            form = msgspec.json.decode(path.read_bytes(), type=_Form)
        except (OSError, msgspec.MsgspecError) as error:
            raise CorpusError(
                f"{path} cannot be used ({error}); it holds lists of file names under train, valid and test"
            ) from error
        split_of: dict[str, Split] = {}
        for split in reversed(STRONGEST_FIRST):
            split_of.update(dict.fromkeys(getattr(form, split), split))
        return cls(path.parent, split_of)

    def find(self, path: Path) -> Split | None:
        """Return the split of a file below the folder, None where no list names it."""
        return self.split_of.get(path.relative_to(self.folder).as_posix())

    def missing(self) -> Iterator[Path]:
        """Yield the files that are named and not there."""
        for name in self.split_of:
            if not (self.folder / name).is_file():
                yield self.folder / name
