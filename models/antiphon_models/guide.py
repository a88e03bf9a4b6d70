"""What music may be asked to be like: how dense, how loud, how high, and of which pitch classes.

Each of the four may be left unset. The network learns them from the music that follows, so what is asked
for is what comes; the daemon asks for what it has just heard, or for what the player sets.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

PITCH_CLASSES = 12
WIDTH = 3 * 2 + PITCH_CLASSES + 1
"""Density, loudness and register with a flag each that it is set, the pitch classes and theirs."""

TYPICAL_DENSITY = 4.0
"""Onsets a second that count as neither dense nor sparse."""

MIDDLE_VELOCITY, MIDDLE_PITCH = 64.0, 60.0


def guide(
    density: float | None = None,
    loudness: float | None = None,
    register: float | None = None,
    pitch_classes: Sequence[float] | None = None,
) -> npt.NDArray[np.float32]:
    """Return the network's input, (19,): zeros for what is unset.

    Args:
        density: onsets per second, above 0.
        loudness: mean MIDI velocity of the onsets.
        register: mean MIDI note number of the onsets.
        pitch_classes: share of the onsets that fall on C, C#, ..., B; 12 numbers with the sum 1.
    """
    asked = np.zeros(WIDTH, np.float32)
    if density is not None:
        asked[0:2] = math.log2(density / TYPICAL_DENSITY) / 2, 1.0
    if loudness is not None:
        asked[2:4] = (loudness - MIDDLE_VELOCITY) / 32, 1.0
    if register is not None:
        asked[4:6] = (register - MIDDLE_PITCH) / 12, 1.0
    if pitch_classes is not None:
        asked[6:18] = 4.0 * np.asarray(pitch_classes, np.float32)
        asked[18] = 1.0
    return asked


def likeness(
    seconds: float, velocities: npt.NDArray[np.float64], pitches: npt.NDArray[np.int32]
) -> tuple[float, float, float, npt.NDArray[np.float64]]:
    """Return density, loudness, register and pitch classes of some onsets, at least one of them.

    Args:
        seconds: that they took together, above 0.
        velocities: (onsets,) of them, 1 to 127.
        pitches: (onsets,) MIDI note numbers.
    """
    classes = np.bincount(pitches % PITCH_CLASSES, minlength=PITCH_CLASSES) / len(pitches)
    return len(pitches) / seconds, float(velocities.mean()), float(pitches.mean()), classes
