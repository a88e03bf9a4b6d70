"""What becomes of one file of a corpus: pieces, and reasons why something in it is none.

This is what the processes of a crew do; it writes nothing.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from antiphon_models.notes.abc_tunes import as_midi_files, has_one_voice, is_abc2midi_there, tunes_of
from antiphon_models.notes.pieces import Piece, UnreadableError, read_piece

VERSION = 1
"""Counted up when a file is read differently than before, so that everything is read anew."""

SUFFIXES = frozenset({".mid", ".midi", ".abc"})

FEWEST_NOTES = 16
"""A piece of fewer notes has nothing to teach."""

LARGEST_BYTES = 16_000_000
"""More is no music that anybody played: a file like that takes minutes, and gigabytes, to read."""

NO_ABC2MIDI = "abc2midi is not installed (Debian package abcmidi)"
UNOPENED = "cannot be opened"

FOR_NOW = frozenset({NO_ABC2MIDI, UNOPENED})
"""Reasons that may be gone next time though the file has not changed."""


class Refused(NamedTuple):
    """Why a file, or tune ``tune`` of it, is not learnt from."""

    reason: str
    detail: str = ""
    tune: int = 0


class Read(NamedTuple):
    """A piece that was read; ``tune`` counts from 1 in a file of several, and is 0 in one of one piece."""

    piece: Piece
    tune: int = 0


def title(name: str, tune: int) -> str:
    """Return what a piece is called: its file, and which tune of it, where it holds several."""
    return f"{name}#{tune}" if tune else name


def read_file(path: bytes) -> Iterator[Read | Refused]:
    """Yield what a file holds, whatever is wrong with it; ``path`` is bytes, for a name may be no text."""
    file = Path(os.fsdecode(path))
    try:
        if file.stat().st_size > LARGEST_BYTES:
            yield Refused(f"larger than {LARGEST_BYTES // 1_000_000} MB")
        elif file.suffix.lower() == ".abc":
            yield from _read_book(file)
        else:
            yield _read(file)
    except OSError as error:
        yield Refused(UNOPENED, error.strerror or str(error))
    except Exception as error:  # noqa: BLE001  one odd file in a hundred thousand must not end the rest
        yield Refused("the reader stumbles over it", f"{type(error).__name__}: {error}")


def _read(file: Path, tune: int = 0, is_melody_first: bool = False) -> Read | Refused:
    # symusic says of a file that it may not open that it is damaged.
    with file.open("rb"):
        pass
    try:
        piece = read_piece(file, is_melody_first)
    except UnreadableError as error:
        return Refused(error.reason, error.detail, tune)
    notes = int((piece.velocity > 0).sum())
    if notes < FEWEST_NOTES:
        return Refused(f"fewer than {FEWEST_NOTES} notes", f"{notes}", tune)
    return Read(piece, tune)


def _read_book(file: Path) -> Iterator[Read | Refused]:
    if not is_abc2midi_there():
        yield Refused(NO_ABC2MIDI)
        return
    tunes = tunes_of(file.read_bytes())
    if not tunes:
        yield Refused("no tunes", "no line begins with X:")
    for number, (tune, converted) in enumerate(zip(tunes, as_midi_files(tunes), strict=True), start=1):
        if converted is None:
            yield Refused("abc2midi finds no music in it", tune=number)
            continue
        read = _read(converted, number, is_melody_first=has_one_voice(tune))
        # Between the notes of a tune abc2midi leaves a tick, which takes them off the grid that they are on.
        yield Read(replace(read.piece, is_gridded=True), number) if isinstance(read, Read) else read
