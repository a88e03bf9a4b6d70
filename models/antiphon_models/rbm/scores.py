"""Folders of written music as frames, read on the grid that the files themselves have."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from os import fsdecode
from pathlib import Path

import numpy as np
import numpy.typing as npt
from symusic import Score

from antiphon_models.notes.sources import Source
from antiphon_models.notes.splits import Split, drawn_split
from antiphon_models.rbm.frames import Frames, GridNote, frames_of
from antiphon_models.rbm.home import pitch_classes, way_home
from antiphon_models.rbm.spec import RbmSpec
from antiphon_models.stages import Progress, unseen

STEPS_PER_BEAT = 4

SECTION = 128
"""Steps in which music has one key: eight bars of four beats."""

ON_THE_GRID = 0.5
"""Share of onsets on a sixteenth from which a file counts as written on it."""

LONGEST_NOTE = 64
"""Steps after which a note ends: four bars."""

Ticks = npt.NDArray[np.int64]


class OffTheGridError(ValueError):
    """A file that holds no notes, or whose notes do not lie on the grid of its beats."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of all pieces of a split, and of which pieces nothing could be read."""

    frames: list[Frames] = field(default_factory=list)
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class Music:
    """What a machine learns from and what it is measured on."""

    splits: dict[Split, Sections]
    refused: dict[str, int]


def read_music(sources: Iterable[Source], spec: RbmSpec, progress: Progress = unseen) -> Music:
    """Read all of the sources that may be read; of the others, count the reasons."""
    found: dict[Split, list[list[Frames]]] = {"train": [], "valid": [], "test": []}
    refused: dict[str, int] = {}
    listed = list(sources)
    for number, source in enumerate(listed, start=1):
        try:
            split, sections = _read(source, spec)
            found[split].append(sections)
        except OffTheGridError as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
        progress(number, len(listed))
    splits: dict[Split, Sections] = {
        split: Sections([each for piece in pieces for each in piece], len(pieces))
        for split, pieces in found.items()
    }
    return Music(splits, refused)


def fingerprint(music: Music) -> str:
    """Return the same for the same music in the same splits."""
    hashed = hashlib.blake2b(digest_size=8)
    for split, sections in music.splits.items():
        hashed.update(split.encode())
        for frames in sections.frames:
            hashed.update(np.packbits(frames).tobytes())
    return hashed.hexdigest()


def _read(source: Source, spec: RbmSpec) -> tuple[Split, list[Frames]]:
    if source.refusal is not None:
        raise OffTheGridError(source.refusal)
    path = Path(fsdecode(source.path))
    notes = grid_notes(path)
    digest = hashlib.blake2b(bytes(note.pitch for note in notes), digest_size=16).digest()
    return source.listed or drawn_split(digest), sections_of(notes, spec)


def grid_notes(path: Path) -> list[GridNote]:
    """Return the notes of a MIDI file on its grid of sixteenths, in the order in which they begin.

    Raises:
        OffTheGridError: the file holds no notes, cannot be parsed, or was played and not written.
    """
    try:
        score = Score(str(path))
    except Exception as error:  # symusic raises whatever its C++ parser threw
        raise OffTheGridError("not a readable MIDI file") from error
    voices = [track.notes.numpy() for track in score.tracks if not track.is_drum and len(track.notes)]
    if not voices:
        raise OffTheGridError("no notes")
    begins, lasts, pitch = (
        np.concatenate([voice[name] for voice in voices]).astype(np.int64)
        for name in ("time", "duration", "pitch")
    )
    step = score.tpq / STEPS_PER_BEAT
    if _share_on_the_grid(begins / step) < ON_THE_GRID:
        raise OffTheGridError("not written on a grid of sixteenths")
    first = np.rint(begins / step).astype(np.int64)
    end = np.clip(np.rint((begins + lasts) / step).astype(np.int64), first + 1, first + LONGEST_NOTE)
    return sorted(GridNote(*note) for note in np.stack([first, end, pitch], 1).tolist())


def _share_on_the_grid(steps: npt.NDArray[np.float64]) -> float:
    return float(np.mean(np.abs(steps - np.rint(steps)) < 0.05))


def sections_of(notes: list[GridNote], spec: RbmSpec) -> list[Frames]:
    """Return a piece in sections of eight bars, each at home; the last one may be shorter."""
    steps = max(note.ends for note in notes)
    sections = []
    for start in range(0, steps, SECTION):
        end = min(start + SECTION, steps)
        here = [
            GridNote(note.begins - start, min(note.ends, end) - start, note.pitch)
            for note in notes
            if note.begins < end and note.ends > start
        ]
        if end - start >= spec.steps and here:
            sections.append(frames_of(here, end - start, _way_home(here), spec))
    return sections


def _way_home(notes: list[GridNote]) -> int:
    pitches = np.array([note.pitch for note in notes])
    lengths = np.array([note.ends - max(note.begins, 0) for note in notes], np.float64)
    return way_home(pitch_classes(pitches, lengths))
