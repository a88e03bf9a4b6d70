"""Notes on a grid of sixteenths, as frames of struck and held keys."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from antiphon_models.rbm.spec import HELD, STRUCK, RbmSpec

Frames: TypeAlias = npt.NDArray[np.bool_]
"""(steps, 2, keys): which keys are struck, and which are held from before."""


class GridNote(NamedTuple):
    """A note that is struck at a step and sounds until another, which lies after it."""

    begins: int
    ends: int
    pitch: int


def folded(pitch: int, spec: RbmSpec) -> int:
    """Return the key for a pitch at home: its own, or that of the nearest octave that has one."""
    key = pitch - spec.lowest
    if key < 0:
        return key % 12
    return key if key < spec.keys else spec.keys - 12 + (key - spec.keys) % 12


def frames_of(notes: Iterable[GridNote], steps: int, transposed: int, spec: RbmSpec) -> Frames:
    """Return frames in which notes sound; a key that is struck again ends the note before.

    Args:
        notes: in the order in which they begin. One that begins before step 0 is held there.
        steps: how many; what lies beyond is left out.
        transposed: semitones by which they are.
        spec: the range.
    """
    frames = np.zeros((steps, 2, spec.keys), np.bool_)
    for begins, ends, pitch in notes:
        key = folded(pitch + transposed, spec)
        frames[max(begins, 0) : max(ends, 0), HELD, key] = True
        if 0 <= begins < steps:
            frames[begins, :, key] = False
            frames[begins, STRUCK, key] = True
            frames[begins + 1 : ends, STRUCK, key] = False
    return frames


def notes_of(frames: Frames) -> list[GridNote]:
    """Return the notes of frames by key, ``pitch`` being the key.

    One held from the first step on begins at -1; one that is held at the last ends after it. What is held
    without having sounded before is none.
    """
    notes: list[GridNote] = []
    struck, held = frames[:, STRUCK], frames[:, HELD] & ~frames[:, STRUCK]
    for key in np.flatnonzero(struck.any(0) | held[0]).tolist():
        begins = [*([-1] if held[0, key] else []), *np.flatnonzero(struck[:, key]).tolist()]
        for each in begins:
            gaps = np.flatnonzero(~held[each + 1 :, key])
            notes.append(GridNote(each, each + 1 + int(gaps[0]) if len(gaps) else len(frames), key))
    return sorted(notes)
