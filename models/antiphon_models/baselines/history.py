"""The events of many pieces as columns: what is predicted, and what was heard just before it.

Only events that are predicted have a row, so all but the first of each piece, which is given. Before a piece
lies nothing, which has values of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.lessons.augmentation import as_played
from antiphon_models.notes.pieces import Piece

LONGEST_MEMORY = 3
"""Events before the predicted one that can be asked for."""

NOTHING = (vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES)
"""The dt bin, velocity class and pitch of what lies before a piece."""

FARTHEST = vocab.PITCHES - 1
"""Semitones between two notes at most."""

PACES = 8
"""Classes of dt, coarser than its bins."""

PACE = np.append(np.searchsorted((1, 3, 6, 11, 16, 24, 34), np.arange(vocab.DT_BINS), side="right"), PACES)
"""The class of each bin and of nothing: at once, 20, 50, 100 or 150 ms, 0.27 s, 0.54 s, longer."""

Column = npt.NDArray[np.integer]


class Known(StrEnum):
    """What can be known of an event."""

    DT = "dt"
    PACE = "pace"
    VELOCITY = "velocity"
    IS_ONSET = "is onset"
    PITCH = "pitch"
    INTERVAL = "interval"
    """Semitones from the event before the predicted one."""


class Feature(NamedTuple):
    """Something known of the event ``ago`` steps before the predicted one; 0 is that event itself."""

    kind: Known
    ago: int


SIZES = {
    Known.DT: vocab.DT_BINS + 1,
    Known.PACE: PACES + 1,
    Known.VELOCITY: vocab.VELOCITY_CLASSES + 1,
    Known.IS_ONSET: 3,
    Known.PITCH: vocab.PITCHES + 1,
    Known.INTERVAL: 2 * FARTHEST + 2,
}
"""How many values each can have, nothing included."""


@dataclass(frozen=True, slots=True)
class History:
    """Rows of predicted events, and all events that they follow.

    ``dt``, ``velocity``, ``pitch``: of all events, each piece preceded by ``LONGEST_MEMORY`` times nothing.
    ``rows``: where among them the predicted events are.
    """

    dt: npt.NDArray[np.uint8]
    velocity: npt.NDArray[np.uint8]
    pitch: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.intp]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "History":
        """Return the history of pieces as they were played."""
        nothing = np.tile(np.array(NOTHING, np.uint8), (LONGEST_MEMORY, 1))
        events, rows, end = [np.zeros((0, 3), np.uint8)], [np.zeros(0, np.intp)], 0
        for piece in pieces:
            events += [nothing, as_played(piece)[:, :3].astype(np.uint8)]
            end += LONGEST_MEMORY + len(piece)
            rows.append(np.arange(end - len(piece) + 1, end))
        dt, velocity, pitch = np.ascontiguousarray(np.concatenate(events).T)
        return cls(dt, velocity, pitch, np.concatenate(rows))

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, feature: Feature) -> Column:
        """Return a feature of each row, (rows,), at least 0 and less than its size."""
        at = self.rows - feature.ago
        match feature.kind:
            case Known.DT:
                return self.dt[at]
            case Known.PACE:
                return PACE[self.dt[at]]
            case Known.VELOCITY:
                return self.velocity[at]
            case Known.IS_ONSET:
                velocity = self.velocity[at]
                is_onset: Column = (velocity > vocab.RELEASE).astype(np.uint8) + (velocity == NOTHING[1])
                return is_onset
            case Known.PITCH:
                return self.pitch[at]
            case Known.INTERVAL:
                pitch = self.pitch[at]
                interval: Column = pitch.astype(np.int64) - self.pitch[self.rows - 1] + FARTHEST
                interval[pitch == NOTHING[2]] = 2 * FARTHEST + 1
                return interval

    def sounding(self) -> npt.NDArray[np.uint8]:
        """Return what sounds before each row, (rows, 16): a bit per pitch, as by ``numpy.packbits``."""
        starts = np.flatnonzero(np.diff(self.rows, prepend=-2) > 1)
        ends = np.append(starts, len(self.rows))[1:]
        packed = [np.zeros((0, vocab.PITCHES // 8), np.uint8)]
        for start, end in zip(starts, ends, strict=True):
            span = slice(self.rows[start] - 1, self.rows[end - 1])
            packed.append(_sounding_after(self.velocity[span], self.pitch[span]))
        return np.concatenate(packed)


def _sounding_after(velocity: npt.NDArray[np.uint8], pitch: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return what sounds after each event of a piece; a pitch sounds if its latest event struck it."""
    order = np.arange(1, len(pitch) + 1)
    latest = np.zeros((len(pitch), vocab.PITCHES), np.int32)
    latest[order - 1, pitch] = order
    np.maximum.accumulate(latest, axis=0, out=latest)
    struck = np.append(False, velocity > vocab.RELEASE)
    return np.packbits(struck[latest], axis=1)
