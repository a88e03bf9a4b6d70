"""A folder of notes, as ``antiphon prepare`` leaves it: the pieces of three splits, read where they are used.

    dataset.json           what there is; written last, so where it stands everything else does
    index.bin              a row for each piece, in the order of the splits: where its events and name lie
    names.txt              the names, one after the other
    dt.bin velocity.bin pitch.bin part.bin    the events of all pieces, one field each
    report.txt             what was left out, and why
    ledger.sqlite          what has been read; of no concern to anybody but the next preparation

Everything but ``dataset.json`` is mapped into memory, so opening a folder costs the same however large it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, overload

import msgspec
import numpy as np
import numpy.typing as npt

from antiphon_models.errors import DatasetError
from antiphon_models.notes.event_files import FIELDS, mapped
from antiphon_models.notes.ledger import NAME as LEDGER
from antiphon_models.notes.pieces import Piece
from antiphon_models.notes.splits import SPLITS, Split

MANIFEST: Final = "dataset.json"
INDEX: Final = "index.bin"
NAMES: Final = "names.txt"
REPORT: Final = "report.txt"
FORM: Final = 1

INDEX_ROW: Final = np.dtype(
    [("start", "<i8"), ("name_start", "<i8"), ("events", "<i4"), ("name_bytes", "<i2"), ("is_gridded", "?")]
)


class Amount(msgspec.Struct, frozen=True):
    """How much there is of one split."""

    pieces: int = 0
    events: int = 0


class Manifest(msgspec.Struct, frozen=True):
    """What a folder of notes holds.

    Attributes:
        form: of the files; another number is of another version.
        splits: how much there is of each, in the order of the index.
        credits: who is to be thanked for the music.
        is_shippable: whether its licences let a model that learnt from it be shipped.
        fingerprint: the same for the same music in the same splits, whatever its files are called.
        stored_events: how many events the files hold at least.
        left_out: how many files or tunes were left out, by reason, most first.
        files: how many there is music of, duplicates among them.
    """

    form: int
    splits: dict[Split, Amount]
    credits: list[str]
    is_shippable: bool
    fingerprint: str
    stored_events: int
    left_out: dict[str, int]
    files: int = 0


@dataclass(frozen=True, slots=True)
class _Stored:
    """The mapped files of a folder."""

    index: npt.NDArray[np.void]
    names: npt.NDArray[np.uint8]
    fields: dict[str, npt.NDArray[Any]]

    def piece(self, row: int) -> Piece:
        start, name_start, events, name_bytes, is_gridded = self.index[row].item()
        name = self.names[name_start : name_start + name_bytes].tobytes().decode("utf-8")
        events_of = {
            field: np.asarray(values[start : start + events]) for field, values in self.fields.items()
        }
        return Piece(name, **events_of, is_gridded=is_gridded)


class Pieces(Sequence[Piece]):
    """The pieces of one split; each is read from the disk when it is asked for."""

    def __init__(self, stored: _Stored, rows: range) -> None:
        self._stored = stored
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Piece: ...
    @overload
    def __getitem__(self, index: slice) -> "Pieces": ...
    def __getitem__(self, index: int | slice) -> "Piece | Pieces":
        if isinstance(index, slice):
            return Pieces(self._stored, self._rows[index])
        return self._stored.piece(self._rows[index])

    def __iter__(self) -> Iterator[Piece]:
        return map(self._stored.piece, self._rows)

    @property
    def lengths(self) -> npt.NDArray[np.int32]:
        """Return the events of each piece, without reading any."""
        return np.asarray(self._stored.index["events"][self._rows.start : self._rows.stop : self._rows.step])


class Dataset:
    """What ``antiphon prepare`` has made of folders of music."""

    def __init__(self, manifest: Manifest, stored: _Stored) -> None:
        self.manifest = manifest
        self._stored = stored

    @classmethod
    def open(cls, folder: Path) -> "Dataset":
        """Open a folder of notes; nothing but its table of contents is read.

        Raises:
            DatasetError: it is missing, unfinished or damaged.
        """
        manifest = read_manifest(folder)
        try:
            return cls(manifest, _stored(folder, manifest))
        except (OSError, ValueError) as error:
            raise DatasetError(f"{folder} is damaged ({error}); remove it and prepare it again") from error

    def pieces(self, split: Split) -> Pieces:
        """Return the pieces of a split, by name."""
        start = 0
        for each in SPLITS:
            count = self.manifest.splits[each].pieces
            if each == split:
                return Pieces(self._stored, range(start, start + count))
            start += count
        raise KeyError(split)


def read_manifest(folder: Path) -> Manifest:
    """Return what a folder of notes holds.

    Raises:
        DatasetError: it is missing, unfinished or damaged.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise DatasetError(
            f"there is no folder {folder}; make it with antiphon prepare FOLDER --out {folder}"
        )
    if not path.is_file():
        raise DatasetError(
            f"{folder} is not finished; repeat antiphon prepare FOLDER --out {folder}, and see what it says"
            if (folder / LEDGER).exists()
            else f"{folder} holds no notes; make some: antiphon prepare {folder} --out NOTES, and name NOTES"
        )
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise DatasetError(f"{path} is damaged; remove {folder} and prepare it again") from error
    if manifest.form != FORM or set(manifest.splits) != set(SPLITS):
        raise DatasetError(f"{folder} is of another version of Antiphon; prepare it again")
    return manifest


def _stored(folder: Path, manifest: Manifest) -> _Stored:
    """Map the files.

    Raises:
        OSError, ValueError: one is missing, or not as long as the manifest says.
    """
    pieces = sum(amount.pieces for amount in manifest.splits.values())
    index = np.memmap(folder / INDEX, INDEX_ROW, mode="r")
    names = np.memmap(folder / NAMES, np.uint8, mode="r")
    if len(index) != pieces or int(index["name_start"][-1]) + int(index["name_bytes"][-1]) != len(names):
        raise ValueError(f"{INDEX} and {NAMES} do not belong to {MANIFEST}")
    return _Stored(index, names, {field: mapped(folder, field, manifest.stored_events) for field in FIELDS})
