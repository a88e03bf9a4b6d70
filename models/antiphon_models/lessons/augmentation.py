"""How a piece is varied each time it is played to a pupil, so that it learns music and not pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.lessons.dice import Purpose, dice
from antiphon_models.lessons.windows import Events, Playlist
from antiphon_models.notes.pieces import Piece


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a piece is moved each time it is played.

    Attributes:
        down, up: semitones.
        tempo: of the natural logarithm of the speed, either way.
        velocity: likewise of the loudness.
        looseness: seconds; the standard deviation of the moments of a piece that lies on a grid.
        anonymous: how often two parts are not told apart.
    """

    down: int = 6
    up: int = 5
    tempo: float = 0.08
    velocity: float = 0.15
    looseness: float = 0.012
    anonymous: float = 0.5

    def apply(self, piece: Piece, rng: np.random.Generator) -> Events:
        """Return the piece as it is played this time."""
        lowest = max(-self.down, -int(piece.pitch.min()))
        highest = min(self.up, vocab.PITCHES - 1 - int(piece.pitch.max()))
        order, dt = np.arange(len(piece)), piece.dt * np.exp(rng.uniform(-self.tempo, self.tempo))
        if piece.is_gridded and self.looseness and rng.random() < 0.5:
            order, dt = loosened(dt, piece.pitch, self.looseness * rng.random(), rng)
        loudness = piece.velocity * np.exp(rng.uniform(-self.velocity, self.velocity))
        velocity = np.where(piece.velocity > 0, np.clip(np.rint(loudness), 1, 127), 0)
        part = piece.part.astype(np.int32)
        if rng.random() < self.anonymous:
            part = np.zeros_like(part)
        elif rng.random() < 0.5:
            part = np.where(part > 0, 3 - part, 0)
        pitch = piece.pitch.astype(np.int32) + int(rng.integers(lowest, highest + 1))
        return in_vocabulary(dt, velocity[order], pitch[order], part[order])


def loosened(
    dt: npt.NDArray[np.floating],
    pitch: npt.NDArray[np.integer],
    deviation: float,
    rng: np.random.Generator,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Move each event a little in time, as a hand would; return their new order and times between.

    The events of one pitch keep their order, so that every release still follows its onset.
    """
    at = np.cumsum(dt, dtype=np.float64) + rng.normal(0.0, deviation, len(dt))
    for each in np.unique(pitch):
        of_pitch = pitch == each
        at[of_pitch] = np.maximum.accumulate(at[of_pitch])
    order = np.argsort(at, kind="stable")
    return order, np.diff(at[order], prepend=at[order[:1]])


def in_vocabulary(
    dt: npt.NDArray[np.floating],
    velocity: npt.NDArray[np.number],
    pitch: npt.NDArray[np.integer],
    part: npt.NDArray[np.integer],
) -> Events:
    """Return seconds, velocities, pitches and parts as the integers that the network hears."""
    louder = 1 + velocity.astype(np.int32) // vocab.VELOCITY_STEP
    return np.stack(
        [
            np.searchsorted(vocab.DT_EDGES, dt, side="left"),
            np.where(velocity > 0, louder, vocab.RELEASE),
            pitch,
            part,
        ],
        axis=1,
    ).astype(np.int32)


def as_played(piece: Piece) -> Events:
    """Return the events of a piece as the integers that the network hears, varied in nothing."""
    return in_vocabulary(piece.dt, piece.velocity, piece.pitch, piece.part)


def endless(
    pieces: Sequence[Piece], augmentation: Augmentation, seed: int, lane: int = 0, lanes: int = 1
) -> Playlist:
    """Return the endless playlist of one of several lanes, among which all pieces are dealt out.

    The pieces are shuffled anew for each round of dealing, so each comes once in a round, and each is varied
    anew each time.
    """

    def play(turn: int) -> Events:
        round_, index = divmod(lane + lanes * turn, len(pieces))
        piece = pieces[shuffled(len(pieces), seed, round_)[index]]
        return augmentation.apply(piece, dice(seed, Purpose.VARIATION, lane, turn))

    return play


@lru_cache(maxsize=8)
def shuffled(pieces: int, seed: int, round_: int) -> npt.NDArray[np.intp]:
    """Return the order of a round; lanes are seldom further apart than a few rounds."""
    return dice(seed, Purpose.ORDER, round_).permutation(pieces)


def once(pieces: Sequence[Piece]) -> Playlist:
    """Return the playlist of each piece once, as it was played, the parts not told apart."""

    def play(turn: int) -> Events | None:
        if turn >= len(pieces):
            return None
        piece = pieces[turn]
        return in_vocabulary(piece.dt, piece.velocity, piece.pitch, np.zeros(len(piece), np.int32))

    return play
