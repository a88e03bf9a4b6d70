"""Piano rolls as the sequences of events that the network reads, and back.

A roll says which keys sound in each frame, so a key that is held and one that is struck again look the
same: the events of a roll are its changes. In each frame the releases come before the onsets, and each of
the two goes upwards in pitch. With that order a roll of a known length and its events are one to one.

This module knows nothing of networks.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.io

from antiphon_models.errors import TrainingError
from antiphon_models.notes.splits import Split

Roll = npt.NDArray[np.bool_]
"""(frames, keys): which keys sound."""


class RollError(TrainingError):
    """A matrix file that is missing or is not one of piano rolls."""


class Keyboard(NamedTuple):
    """The keys that a roll has columns for: the MIDI note number of the first, and how many."""

    lowest: int = 21
    keys: int = 88


PIANO = Keyboard()


class Change(NamedTuple):
    """A key goes down or up, some frames after the change before it (the first: after the first frame)."""

    frames: int
    is_onset: bool
    key: int


def read_rolls(path: Path, split: Split) -> list[Roll]:
    """Return the rolls of a split from a MATLAB file of ``traindata``, ``validdata`` and ``testdata``.

    Raises:
        RollError: there is no such file, or it holds something else.
    """
    try:
        cells = scipy.io.loadmat(str(path), appendmat=False, variable_names=[f"{split}data"])[f"{split}data"]
    except (OSError, KeyError, ValueError, NotImplementedError, scipy.io.matlab.MatReadError) as error:
        raise RollError(f"{path} is no matrix file with {split}data: {error}; download it again") from error
    rolls = [np.asarray(cell) > 0 for cell in cells.ravel()]
    if not all(roll.ndim == 2 and roll.shape[1] == PIANO.keys and len(roll) for roll in rolls):
        raise RollError(
            f"{path} holds a matrix in {split}data that is not of frames x {PIANO.keys} keys; "
            "download it again"
        )
    return rolls


def changes_of(roll: Roll) -> list[Change]:
    """Return the changes of a roll in their one order; before its first frame nothing sounds."""
    before = np.zeros_like(roll[:1])
    steps = np.diff(np.concatenate([before, roll]).astype(np.int8), axis=0)
    frame, key = np.nonzero(steps)
    is_onset = steps[frame, key] > 0
    order = np.lexsort((key, is_onset, frame))
    since = np.diff(frame[order], prepend=0)
    return [
        Change(int(frames), bool(onset), int(key))
        for frames, onset, key in zip(since, is_onset[order], key[order], strict=True)
    ]


def roll_of(changes: list[Change], frames: int, keys: int) -> Roll:
    """Return the roll of a number of frames that has these changes."""
    roll = np.zeros((frames, keys), np.bool_)
    frame = 0
    for change in changes:
        frame += change.frames
        roll[frame:, change.key] = change.is_onset
    return roll
