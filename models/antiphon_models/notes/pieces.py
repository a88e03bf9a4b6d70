"""Pieces of music as event arrays, read from MIDI files with the sustain pedal folded in.

The one place where a corpus becomes what the network is trained on. It knows nothing of networks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from symusic import Score

LONGEST_NOTE = 10.0
"""Seconds after which a note is released: a pedal that a file forgot to lift must not hold on."""

SHORTEST_NOTE = 0.005
"""Seconds that a note of no length is given, so that its release follows its onset."""

PEDAL_DOWN = 64
SUSTAIN_PEDAL = 64
ALL_SOUND_OFF, ALL_NOTES_OFF = 120, 123

ON_THE_GRID = 0.5
"""Share of onsets on a twelfth of a beat from which a file counts as written and not played."""

UNSET, FIRST, SECOND = 0, 1, 2
"""Who plays an event: nobody in particular, or one of two hands, staves or players."""

PLAYERS = {"you": FIRST, "antiphon": SECOND}
"""The tracks of a session that the daemon recorded: two instruments, each with a pedal of its own."""

Note = tuple[float, float, int, int, int]
"""Onset and release in seconds, pitch, velocity, part."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Events in order of time.

    ``dt``: (events,) float32 seconds since the previous event, 0 for the first.
    ``velocity``: (events,) uint8, 0 is a release.
    ``pitch``: (events,) uint8 MIDI note number.
    ``part``: (events,) uint8, 1 or 2 where two hands, staves or players are told apart, else 0.
    ``is_gridded``: whether the onsets lie on a metrical grid, as in a score, not where somebody played them.
    """

    name: str
    dt: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.uint8]
    pitch: npt.NDArray[np.uint8]
    part: npt.NDArray[np.uint8]
    is_gridded: bool

    def __len__(self) -> int:
        return len(self.dt)

    def excerpt(self, start: int, stop: int) -> "Piece":
        """Return the events from ``start`` up to ``stop``, as far as there are as many."""
        span = slice(start, stop)
        dt, velocity, pitch, part = self.dt[span], self.velocity[span], self.pitch[span], self.part[span]
        return Piece(self.name, dt, velocity, pitch, part, self.is_gridded)


class UnreadableError(ValueError):
    """A file holds nothing that could be played.

    ``reason`` is of few kinds, so that files can be counted by it; ``detail`` is whatever the parser said.
    """

    def __init__(self, name: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{name}: {reason} ({detail})" if detail else f"{name}: {reason}")
        self.reason = reason
        self.detail = detail


def read_piece(path: Path, is_melody_first: bool = False) -> Piece:
    """Read a MIDI file of any tempo map; percussion is left out.

    Two voices are two parts. Where ``is_melody_first``, all voices after the first accompany it and are the
    second part.

    Raises:
        UnreadableError: the file holds no notes, or symusic cannot parse it.
    """
    try:
        score = Score(str(path))
        in_seconds = score.to("second")
    except Exception as error:  # symusic raises whatever its C++ parser threw
        raise UnreadableError(path.name, "not a readable MIDI file", " ".join(str(error).split())) from error
    tracks = [track for track in in_seconds.tracks if not track.is_drum]
    voices = [track for track in tracks if len(track.notes)]
    if not voices:
        reason = "no notes" if in_seconds.note_num() == 0 else "percussion only"
        raise UnreadableError(path.name, reason)
    if {track.name for track in tracks} <= PLAYERS.keys():
        notes = [
            note
            for voice in voices
            for note in sustained(_notes(voice, _player(voice, voices)), _pedal([voice]))
        ]
    else:
        parts = _parts(len(voices), is_melody_first)
        notes = [note for voice, part in zip(voices, parts, strict=True) for note in _notes(voice, part)]
        notes = sustained(notes, _pedal(tracks))
    if not notes:
        raise UnreadableError(path.name, "no notes")
    return _as_piece(path.stem, restruck(sorted(notes)), _is_gridded(score))


def _parts(voices: int, is_melody_first: bool) -> list[int]:
    """Two voices are two hands, two staves, or a melody and its chords; of more, nobody knows."""
    if voices == 2 or (voices > 2 and is_melody_first):
        return [FIRST] + [SECOND] * (voices - 1)
    return [UNSET] * voices


def _player(voice: Any, voices: Sequence[Any]) -> int:
    return PLAYERS[voice.name] if len(voices) > 1 else UNSET


def _notes(track: Any, part: int) -> list[Note]:
    """Return the notes of a track; those that still sound when all are switched off end there."""
    fields = track.notes.numpy()
    onset = fields["time"].astype(np.float64)
    release = onset + np.maximum(fields["duration"], SHORTEST_NOTE)
    controls = track.controls.numpy()
    off = np.sort(controls["time"][np.isin(controls["number"], (ALL_SOUND_OFF, ALL_NOTES_OFF))])
    cut = np.append(off, np.inf)[np.searchsorted(off, onset, side="right")]
    release = np.minimum(release, np.maximum(cut, onset + SHORTEST_NOTE))
    columns = onset.tolist(), release.tolist(), fields["pitch"].tolist(), fields["velocity"].tolist()
    return [(*note, part) for note in zip(*columns, strict=True) if note[3] > 0 and note[2] >= 0]


def _pedal(tracks: Iterable[Any]) -> list[tuple[float, bool]]:
    moves: list[tuple[float, bool]] = []
    for track in tracks:
        controls = track.controls.numpy()
        sustains = controls["number"] == SUSTAIN_PEDAL
        is_down = controls["value"][sustains] >= PEDAL_DOWN
        moves += zip(controls["time"][sustains].tolist(), is_down.tolist(), strict=True)
    return sorted(moves)


def _is_gridded(score: Score) -> bool:
    onsets = np.concatenate([track.notes.numpy()["time"] for track in score.tracks if len(track.notes)])
    return bool(np.mean(onsets % max(1, score.tpq // 12) == 0) > ON_THE_GRID)


def sustained(notes: Sequence[Note], pedal: Iterable[tuple[float, bool]]) -> list[Note]:
    """Let each note sound until its key and the pedal, whose moves are sorted by time, are up."""
    spans = _pedal_spans(pedal)
    if not spans:
        return list(notes)
    downs, ups = np.array(spans).T
    releases = np.array([release for _, release, *_ in notes])
    span = np.searchsorted(downs, releases, side="right") - 1
    ends = np.where(span >= 0, np.maximum(releases, ups[span]), releases)
    return [(note[0], end, *note[2:]) for note, end in zip(notes, ends.tolist(), strict=True)]


def restruck(notes: Iterable[Note]) -> list[Note]:
    """End each note where its pitch is struck again, or where it has sounded for too long.

    ``notes`` are sorted by onset. Of two onsets of a pitch at one time the first is kept.
    """
    sounding: dict[int, Note] = {}
    folded: list[Note] = []
    for onset, release, pitch, velocity, part in notes:
        earlier = sounding.get(pitch)
        if earlier is not None:
            if onset - earlier[0] < 1e-3:
                continue
            folded.append((earlier[0], min(earlier[1], onset), *earlier[2:]))
        sounding[pitch] = (onset, min(release, onset + LONGEST_NOTE), pitch, velocity, part)
    return folded + list(sounding.values())


def _pedal_spans(pedal: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Return (down, up) in seconds for each time the pedal was held."""
    spans: list[tuple[float, float]] = []
    down_since: float | None = None
    for time, is_down in pedal:
        if is_down and down_since is None:
            down_since = time
        elif not is_down and down_since is not None:
            spans.append((down_since, time))
            down_since = None
    return spans


def _as_piece(name: str, notes: list[Note], is_gridded: bool) -> Piece:
    """Order onsets and releases by time: at one time releases first, then upwards in pitch."""
    onset, release, pitch, velocity, part = (np.array(column) for column in zip(*notes, strict=True))
    times, pitches = np.concatenate([onset, release]), np.concatenate([pitch, pitch])
    is_onset = np.arange(len(times)) < len(notes)
    order = np.lexsort((pitches, is_onset, np.round(times, 4)))
    return Piece(
        name,
        dt=np.diff(times[order], prepend=times[order[:1]]).clip(0).astype(np.float32),
        velocity=np.concatenate([velocity, np.zeros_like(velocity)])[order].astype(np.uint8),
        pitch=pitches[order].astype(np.uint8),
        part=np.concatenate([part, part])[order].astype(np.uint8),
        is_gridded=is_gridded,
    )
