"""How far music lies from its home: the transposition after which its key is C major or A minor.

So a machine has to know the harmony of one key only, and plays in twelve.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from antiphon_models.profiles import MAJOR, MINOR

Histogram: TypeAlias = npt.NDArray[np.float64]
"""(12,): how often each pitch class occurs, C first, in whatever unit."""

A = 9
"""Semitones from C up to A, whose minor has the notes of C major."""

FURTHEST = 6
"""Semitones that music is transposed by at most, which is downwards."""


def _profiles() -> Histogram:
    """Return, (2, 12, 12), the centred profile of every key, by the home of its notes."""
    centred = [
        np.roll((profile - np.mean(profile)) / np.std(profile), tonic)
        for profile, tonic in ((np.array(MAJOR), 0), (np.array(MINOR), A))
    ]
    return np.array([[np.roll(each, home) for home in range(12)] for each in centred])


PROFILES = _profiles()


def way_home(classes: Histogram) -> int:
    """Return the semitones, -6 to 5, that take music home; 0 for silence.

    The key is the one of highest correlation: C. L. Krumhansl, "Cognitive Foundations of Musical Pitch"
    (1990).
    """
    if not classes.any():
        return 0
    home = int((PROFILES @ (classes - classes.mean())).max(axis=0).argmax())
    return (FURTHEST - home) % 12 - FURTHEST


def pitch_classes(pitches: npt.NDArray[np.integer], weights: npt.NDArray[np.float64]) -> Histogram:
    """Return the histogram of pitches, each counting by its weight."""
    return np.bincount(pitches % 12, weights=weights, minlength=12).astype(np.float64)
