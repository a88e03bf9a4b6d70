"""A question to the network: how the next event is to be drawn, and what it may be.

Its fields are inputs of the graph that ``antiphon_models.spec`` describes. What is asked again and again is
made once, and never changed.
"""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from antiphon.core.engine import Constraints
from antiphon.core.guide import Guide
from antiphon.core.units import Part, Pitch
from antiphon_models import vocab
from antiphon_models.guide import WIDTH, guide
from antiphon_models.spec import IMPOSSIBLE

Floats: TypeAlias = npt.NDArray[np.float32]

PARTS: dict[Part | None, int] = {None: 0, "you": 1, "it": 2}
"""The network's number for each."""

FIELDS = 3
"""dt, velocity, pitch: drawn in this order."""

NOISE_WIDTH = vocab.DT_BINS + vocab.VELOCITY_CLASSES + vocab.PITCHES

FORBIDDEN = 3 * IMPOSSIBLE
"""Counts for more than the network's own masks, which may leave nothing of what is allowed; a float16 still
holds the sum of all.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """How one event is to be drawn."""

    asked: int
    guide: Floats
    temperature: Floats
    log_min_p: Floats
    noise: Floats
    dt: Floats
    class_: Floats
    onsets: Floats
    releases: Floats


def ask(constraints: Constraints, noise: npt.NDArray[np.float64]) -> Question:
    """Return the question for an event under constraints.

    Args:
        constraints: what may come, and at which temperature; at 0 the likeliest is taken, but for the noise.
        noise: Gumbel noise for dt, velocity and pitch, (1, 223).
    """
    return Question(
        asked=PARTS[constraints.asked],
        guide=guide_input(constraints.guide),
        temperature=temperatures(constraints.temperature or 1.0),
        log_min_p=least_worth(constraints.min_p),
        noise=noise.astype(np.float32),
        dt=allowed_dt(constraints.shortest_dt, constraints.longest_dt),
        class_=allowed_classes(bool(constraints.onsets), bool(constraints.releases)),
        onsets=allowed_pitches(constraints.onsets),
        releases=allowed_pitches(constraints.releases),
    )


@lru_cache(maxsize=64)
def guide_input(wish: Guide) -> Floats:
    """Return a guide as the network hears it, (1, 19)."""
    return guide(wish.density, wish.loudness, wish.register, wish.pitch_classes)[None]


@cache
def temperatures(temperature: float) -> Floats:
    """Return the temperature of each field, (1, 3).

    It is for velocity and pitch only. Rare times are mostly long ones, so to favour the likely ones makes
    the music hurry and never breathe: over 32 pieces the answers had 1.9 times the density of the questions
    with dt at 0.9, and 1.4 times at 1.
    """
    return np.array([[1.0, temperature, temperature]], np.float32)


@cache
def least_worth(min_p: float) -> Floats:
    """Return the threshold of each field, (1, 3); time has none, as it has no temperature."""
    threshold = math.log(min_p) if min_p > 0 else IMPOSSIBLE
    return np.array([[IMPOSSIBLE, threshold, threshold]], np.float32)


def allowed_dt(shortest: float, longest: float) -> Floats:
    """Allow the bins whose centre lies between two times, or else the one nearest to the shortest."""
    allowed = np.full((1, vocab.DT_BINS), FORBIDDEN, np.float32)
    first, last = int(np.searchsorted(GRID, shortest)), int(np.searchsorted(GRID, longest, side="right"))
    if first < last:
        allowed[0, first:last] = 0.0
    else:
        allowed[0, vocab.dt_bin(shortest)] = 0.0
    return allowed


@cache
def allowed_classes(onsets: bool, releases: bool) -> Floats:
    """Allow onsets, a release, or both."""
    allowed = np.full((1, vocab.VELOCITY_CLASSES), 0.0 if onsets else FORBIDDEN, np.float32)
    allowed[0, vocab.RELEASE] = 0.0 if releases else FORBIDDEN
    return allowed


@lru_cache(maxsize=1024)
def allowed_pitches(pitches: frozenset[Pitch]) -> Floats:
    """Allow some pitches, (1, 128)."""
    allowed = np.full((1, vocab.PITCHES), FORBIDDEN, np.float32)
    allowed[0, list(pitches)] = 0.0
    return allowed


GRID = np.array(vocab.DT_GRID)
OPEN = Question(
    asked=0,
    guide=np.zeros((1, WIDTH), np.float32),
    temperature=np.ones((1, FIELDS), np.float32),
    log_min_p=np.full((1, FIELDS), IMPOSSIBLE, np.float32),
    noise=np.zeros((1, NOISE_WIDTH), np.float32),
    dt=np.zeros((1, vocab.DT_BINS), np.float32),
    class_=np.zeros((1, vocab.VELOCITY_CLASSES), np.float32),
    onsets=np.zeros((1, vocab.PITCHES), np.float32),
    releases=np.zeros((1, vocab.PITCHES), np.float32),
)
"""A question whose answer nobody reads, for steps that only take an event in."""
