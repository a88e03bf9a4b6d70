"""What the network is given at each step of a roll, what may come next, and windows of that.

The frames are counted in the bins of dt: bin n is n frames, and the last bin is for all that is longer. A
score starts with an event that no music has, the release of a key that does not sound: nothing is known yet.
It ends with the roll, where all that is known is that nothing changed any more.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models import guide, vocab
from antiphon_models.lessons.windows import level
from antiphon_models.pianorolls.frames import PIANO, Keyboard, Roll, changes_of

LONGER = vocab.DT_BINS - 1
"""The bin of dt for this many frames or more."""

START = 60
"""The pitch of the event before all others."""

ONSET = vocab.velocity_class(64)
"""The one class of onset that there is: a roll does not tell how loud."""

FADE = 4.0
"""Frames in which what a key contributes to ``sounding`` falls from just struck towards held long."""

FORBIDDEN, RELEASE, STRIKE = 0, 1, 2
"""What a key may do next."""

Chances = npt.NDArray[np.int8]
"""(..., 128) of the three above."""


class Score(NamedTuple):
    """A roll event by event. Each row of ``events`` but the last predicts the next.

    ``events``: (steps + 1, 4) int32 of dt bin, velocity class, pitch and part; the last row is the end.
    ``sounding``: (steps, 128) float32, what sounds after each event, see :mod:`antiphon_models.spec`.
    ``now``: (steps, 128), what may follow in the same frame.
    ``later``: (steps, 128), what may happen first in a later frame.
    ``frames``: (steps,) int32, how many frames later the next event is; at last, the end.
    ``is_end``: (steps,) bool, True at the last step only.
    """

    events: npt.NDArray[np.int32]
    sounding: npt.NDArray[np.float32]
    now: Chances
    later: Chances
    frames: npt.NDArray[np.int32]
    is_end: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.frames)


class RollWindow(NamedTuple):
    """Scores side by side, a window of each: the fields of a ``windows.Window``, then those of a score."""

    events: npt.NDArray[np.int32]
    sounding: npt.NDArray[np.float32]
    asked: npt.NDArray[np.int32]
    guide: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    fresh: npt.NDArray[np.float32]
    now: Chances
    later: Chances
    frames: npt.NDArray[np.int32]
    is_end: npt.NDArray[np.bool_]


def score_of(roll: Roll, keyboard: Keyboard = PIANO) -> Score:
    """Return the score of a roll."""
    changes = changes_of(roll)
    steps, keys = len(changes) + 1, slice(keyboard.lowest, keyboard.lowest + keyboard.keys)
    events = np.zeros((steps + 1, 4), np.int32)
    events[0, 2] = START
    sounding = np.zeros((steps, vocab.PITCHES), np.float32)
    now, later = (np.zeros((steps, vocab.PITCHES), np.int8) for _ in range(2))
    now[0, keys] = later[0, keys] = STRIKE
    age = np.full(keyboard.keys, np.inf, np.float32)
    for step, change in enumerate(changes, start=1):
        age += change.frames
        age[change.key] = 0.0 if change.is_onset else np.inf
        sounds, pitch = age < np.inf, keyboard.lowest + change.key
        events[step, :3] = min(change.frames, LONGER), ONSET if change.is_onset else vocab.RELEASE, pitch
        sounding[step, keys] = level(-age, FADE)
        later[step, keys] = np.where(sounds, RELEASE, STRIKE)
        in_its_stead = later[step - 1] if change.frames else now[step - 1]
        now[step] = _after(in_its_stead, change.is_onset, pitch)
    to_the_end = len(roll) - sum(change.frames for change in changes)
    frames = np.array([*(change.frames for change in changes), to_the_end], np.int32)
    return Score(events, sounding, now, later, frames, np.arange(steps) == steps - 1)


def _after(in_its_stead: Chances, is_onset: bool, pitch: int) -> Chances:
    """Return what may follow a change in its frame, given all that might have happened in its stead.

    After a release: releases above it, and every onset. After an onset: onsets above it.
    """
    below = np.arange(vocab.PITCHES) <= pitch
    is_over = below | (in_its_stead == RELEASE) if is_onset else below & (in_its_stead == RELEASE)
    return np.where(is_over, FORBIDDEN, in_its_stead).astype(np.int8)


class Lane:
    """Plays scores one after another, a window at a time.

    Attributes:
        turn: of the playlist, counted from 0.
        step: of that score, with which the next window begins.
    """

    def __init__(self, playlist: Callable[[int], Score | None], turn: int = 0, step: int = 0) -> None:
        self._playlist = playlist
        self.turn, self.step = turn, step
        self._score = playlist(turn)

    def play(self, time: int, window: RollWindow, lane: int) -> None:
        """Write up to ``time`` steps into one lane of a window."""
        if self._score is not None and self.step >= len(self._score):
            self.turn, self.step = self.turn + 1, 0
            self._score = self._playlist(self.turn)
        window.fresh[lane] = self.step == 0
        if self._score is None:
            return
        end = min(self.step + time, len(self._score))
        count = end - self.step
        window.events[lane, : count + 1] = self._score.events[self.step : end + 1]
        window.weights[lane, :count] = 1.0
        for field in ("sounding", "now", "later", "frames", "is_end"):
            getattr(window, field)[lane, :count] = getattr(self._score, field)[self.step : end]
        self.step = end


def next_window(lanes: Sequence[Lane], time: int) -> RollWindow | None:
    """Return the next window of all lanes together, None when every playlist has ended."""
    window = _empty(len(lanes), time)
    for index, lane in enumerate(lanes):
        lane.play(time, window, index)
    return window if window.weights.any() else None


def _empty(lanes: int, time: int) -> RollWindow:
    def zeros(*shape: int, of: Any = np.float32) -> npt.NDArray[Any]:
        return np.zeros((lanes, *shape), of)

    return RollWindow(
        events=zeros(time + 1, 4, of=np.int32),
        sounding=zeros(time, vocab.PITCHES),
        asked=zeros(time, of=np.int32),
        guide=zeros(guide.WIDTH),
        weights=zeros(time),
        fresh=zeros(),
        now=zeros(time, vocab.PITCHES, of=np.int8),
        later=zeros(time, vocab.PITCHES, of=np.int8),
        frames=zeros(time, of=np.int32),
        is_end=zeros(time, of=np.bool_),
    )
