"""Windows of events, cut so that the network's state can be carried from each to the next.

A batch has a fixed number of lanes. Each lane plays one piece after another, a window at a time, and
says when a new piece begins so that the state is reset there, as it is at the keyboard.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.pieces import Piece
from antiphon_models.spec import FADE, HELD_LONG


@dataclass(frozen=True, slots=True)
class Window:
    """One batch of consecutive events.

    ``events``: (lanes, time + 1, 3) int32 of dt bin, velocity class, pitch; each is predicted from
    the ones before it.
    ``sounding``: (lanes, time, 128) float32, what sounds after each event but the last.
    ``weights``: (lanes, time) float32, 1 where the event to be predicted is of the piece.
    ``fresh``: (lanes,) bool, whether a new piece begins here.
    """

    events: npt.NDArray[np.int32]
    sounding: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    fresh: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a piece is moved each time it is played: semitones up and down, and in tempo."""

    down: int = 6
    up: int = 5
    tempo: float = 0.08

    def apply(self, piece: Piece, rng: np.random.Generator) -> tuple[npt.NDArray[np.float32], int]:
        """Return the piece's dt at a new tempo and a transposition that stays within MIDI."""
        lowest = max(-self.down, -int(piece.pitch.min()))
        highest = min(self.up, vocab.PITCHES - 1 - int(piece.pitch.max()))
        stretch = np.float32(np.exp(rng.uniform(-self.tempo, self.tempo)))
        return piece.dt * stretch, int(rng.integers(lowest, highest + 1))


def as_events(piece: Piece, dt: npt.NDArray[np.float32], transposition: int) -> npt.NDArray[np.int32]:
    """Return (events, 3) of dt bin, velocity class, pitch."""
    velocity = piece.velocity.astype(np.int32)
    return np.stack(
        [
            np.searchsorted(vocab.DT_EDGES, dt, side="left"),
            np.where(velocity > 0, 1 + velocity // vocab.VELOCITY_STEP, vocab.RELEASE),
            piece.pitch.astype(np.int32) + transposition,
        ],
        axis=1,
    ).astype(np.int32)


class Lane:
    """Plays pieces one after another, a window at a time, and keeps track of what sounds."""

    def __init__(self, playlist: Iterator[npt.NDArray[np.int32]]) -> None:
        self._playlist = playlist
        self._events: npt.NDArray[np.int32] = np.zeros((0, 3), np.int32)
        self._position = 0
        self.is_fresh = True

    def next_events(self, time: int) -> npt.NDArray[np.int32] | None:
        """Return up to ``time + 1`` events, the first being the last of the window before."""
        self.is_fresh = self._position + 1 >= len(self._events)
        while self._position + 1 >= len(self._events):
            following = next(self._playlist, None)
            if following is None:
                return None
            self._events, self._position = following, 0
        window = self._events[self._position : self._position + time + 1]
        self._position += time
        return window


def windows(lanes: Sequence[Lane], time: int) -> Iterator[Window]:
    """Yield windows until every lane's playlist has ended."""
    struck = np.full((len(lanes), vocab.PITCHES), -np.inf, np.float32)
    clock = np.zeros((len(lanes), 1), np.float32)
    grid = np.array(vocab.DT_GRID, np.float32)
    every_lane = np.arange(len(lanes))
    while True:
        events = np.zeros((len(lanes), time + 1, 3), np.int32)
        weights = np.zeros((len(lanes), time), np.float32)
        for index, lane in enumerate(lanes):
            cut = lane.next_events(time)
            if cut is not None:
                events[index, : len(cut)] = cut
                weights[index, : len(cut) - 1] = 1.0
        if not weights.any():
            return
        fresh = np.array([lane.is_fresh for lane in lanes])
        struck[fresh] = -np.inf
        sounding = np.zeros((len(lanes), time, vocab.PITCHES), np.float32)
        for step in range(time):
            dt, velocity, pitch = events[:, step].T
            clock += grid[dt][:, None]
            struck[every_lane, pitch] = np.where(velocity > 0, clock[:, 0], -np.inf)
            is_sounding = struck > -np.inf
            sounding[:, step] = is_sounding * (HELD_LONG + (1 - HELD_LONG) * np.exp((struck - clock) / FADE))
        yield Window(events, sounding, weights, fresh)
        struck -= clock
        clock[:] = 0


def endless(
    pieces: Sequence[Piece], augmentation: Augmentation, rng: np.random.Generator
) -> Iterator[npt.NDArray[np.int32]]:
    """Yield every piece in a new order and a new key, over and over."""
    while True:
        for index in rng.permutation(len(pieces)):
            piece = pieces[index]
            yield as_events(piece, *augmentation.apply(piece, rng))


def once(pieces: Sequence[Piece]) -> Iterator[npt.NDArray[np.int32]]:
    """Yield each piece as it was played."""
    for piece in pieces:
        yield as_events(piece, piece.dt, 0)
