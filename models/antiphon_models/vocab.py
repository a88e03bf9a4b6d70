"""The vocabulary of one network step: a MIDI event as three small integers.

An event is ``(dt, velocity, pitch)``. ``dt`` is the time since the previous event on a grid that is
fine near zero and coarse near its end; velocity class 0 is a release, the other classes are the
loudness of an onset; pitch is the MIDI note number.

This module is all that the daemon's core knows of the models, so it needs nothing but Python.
"""

import hashlib
from bisect import bisect_left
from itertools import pairwise

PITCHES = 128
PARTS = 3
"""Nobody in particular, one of two hands or players, and the other."""

LINEAR_STEP = 0.010
LINEAR_BINS = 16
DT_BINS = 62
LONGEST_DT = 4.0
VELOCITY_STEP = 4
RELEASE = 0
"""The velocity class of a release."""


def _dt_grid() -> tuple[float, ...]:
    linear = [bin_ * LINEAR_STEP for bin_ in range(LINEAR_BINS)]
    steps = DT_BINS - LINEAR_BINS
    ratio = (LONGEST_DT / linear[-1]) ** (1 / steps)
    return tuple(linear + [linear[-1] * ratio**step for step in range(1, steps + 1)])


DT_GRID: tuple[float, ...] = _dt_grid()
"""Seconds at the centre of each dt bin: 10 ms apart up to 150 ms, then 7.4 % apart up to 4 s."""

DT_EDGES: tuple[float, ...] = tuple((low + high) / 2 for low, high in pairwise(DT_GRID))
"""Seconds between neighbouring bins, ``DT_BINS - 1`` of them."""

VELOCITY_CLASSES = 1 + 128 // VELOCITY_STEP
"""Release, then 32 loudness classes of four MIDI velocities each."""


CHOICES = DT_BINS, VELOCITY_CLASSES, PITCHES
"""How many values dt, velocity and pitch have, in the order in which they are drawn."""


def dt_bin(seconds: float) -> int:
    """Return the bin of a time between events; anything past the grid falls in the last bin."""
    return bisect_left(DT_EDGES, seconds)


def velocity_class(velocity: int) -> int:
    """Return the class of a MIDI velocity, 0 (a release) to 127."""
    return 1 + velocity // VELOCITY_STEP if velocity else RELEASE


def velocity_of(class_: int) -> int:
    """Return the MIDI velocity at the centre of a class, 0 for a release."""
    return VELOCITY_STEP * (class_ - 1) + VELOCITY_STEP // 2 if class_ else 0


def fingerprint() -> str:
    """Return a hash of everything above that a model's weights depend on."""
    described = f"{[round(seconds, 9) for seconds in DT_GRID]} {VELOCITY_STEP} {PITCHES} {PARTS}"
    return hashlib.sha256(described.encode()).hexdigest()[:16]
