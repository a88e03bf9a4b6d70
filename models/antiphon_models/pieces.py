"""Pieces of music as event arrays, read from MIDI files with the sustain pedal folded in.

The one place where a corpus becomes what the network is trained on. It knows nothing of networks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from symusic import Score

LONGEST_NOTE = 10.0
"""Seconds after which a note is released: a pedal that a file forgot to lift must not hold on."""

SHORTEST_NOTE = 0.005
"""Seconds that a note of no length is given, so that its release follows its onset."""

PEDAL_DOWN = 64
SUSTAIN_PEDAL = 64


ON_THE_GRID = 0.5
"""Share of onsets on a twelfth of a beat from which a file counts as written and not played."""

UNSET, FIRST, SECOND = 0, 1, 2
"""Who plays an event: nobody in particular, or one of two hands, staves or players."""

Note = tuple[float, float, int, int, int]
"""Onset and release in seconds, pitch, velocity, part."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Events in order of time.

    ``dt``: (events,) float32 seconds since the previous event, 0 for the first.
    ``velocity``: (events,) uint8, 0 is a release.
    ``pitch``: (events,) uint8 MIDI note number.
    ``part``: (events,) uint8, 1 or 2 where two hands, staves or players are told apart, else 0.
    ``is_gridded``: whether the onsets lie on a metrical grid, as in a score, and not where somebody played them.
    """

    name: str
    dt: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.uint8]
    pitch: npt.NDArray[np.uint8]
    part: npt.NDArray[np.uint8]
    is_gridded: bool

    def __len__(self) -> int:
        return len(self.dt)


def read_piece(path: Path) -> Piece:
    """Read a MIDI file of any tempo map; percussion is left out.

    Raises:
        ValueError: the file holds no notes, or symusic cannot parse it.
    """
    try:
        score = Score(str(path))
        in_seconds = score.to("second")
    except Exception as error:  # symusic raises whatever its C++ parser threw
        raise ValueError(f"{path.name}: not a readable MIDI file ({error})") from error
    tracks = [track for track in in_seconds.tracks if not track.is_drum]
    voices = [track for track in tracks if len(track.notes)]
    # Two tracks are two hands, two staves, a melody and its chords, or a player and their answers.
    parts = [FIRST, SECOND] if len(voices) == 2 else [UNSET] * len(voices)
    notes = [
        (note.start, note.start + max(note.duration, SHORTEST_NOTE), note.pitch, note.velocity, part)
        for track, part in zip(voices, parts, strict=True)
        for note in track.notes
        if note.velocity
    ]
    pedal = sorted(
        (move.time, move.value >= PEDAL_DOWN)
        for track in tracks
        for move in track.controls
        if move.number == SUSTAIN_PEDAL
    )
    if not notes:
        raise ValueError(f"{path.name}: no notes")
    return _as_piece(path.stem, fold_pedal(sorted(notes), pedal), _is_gridded(score))


def _is_gridded(score: Score) -> bool:
    onsets = np.concatenate([track.notes.numpy()["time"] for track in score.tracks if len(track.notes)])
    return bool(np.mean(onsets % max(1, score.tpq // 12) == 0) > ON_THE_GRID)


def fold_pedal(notes: list[Note], pedal: list[tuple[float, bool]]) -> list[Note]:
    """Let each note sound until its key *and* the pedal are up, or until it is struck again.

    ``notes`` are sorted by onset, ``pedal`` by time. Of two onsets of a pitch at one time the first is kept.
    """
    lifts = _pedal_spans(pedal)
    starts = np.array([down for down, _ in lifts])
    sounding: dict[int, Note] = {}
    folded: list[Note] = []
    for onset, release, pitch, velocity, part in notes:
        span = int(np.searchsorted(starts, release, side="right")) - 1
        if span >= 0:
            release = max(release, lifts[span][1])
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
    events = [(onset, True, pitch, velocity, part) for onset, _, pitch, velocity, part in notes]
    events += [(release, False, pitch, 0, part) for _, release, pitch, _, part in notes]
    events.sort(key=lambda event: (round(event[0], 4), event[1], event[2]))
    times = np.array([event[0] for event in events])
    return Piece(
        name,
        dt=np.diff(times, prepend=times[:1]).clip(0).astype(np.float32),
        velocity=np.array([event[3] for event in events], np.uint8),
        pitch=np.array([event[2] for event in events], np.uint8),
        part=np.array([event[4] for event in events], np.uint8),
        is_gridded=is_gridded,
    )
