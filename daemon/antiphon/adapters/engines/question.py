"""A question to the network: how the next event is to be drawn, and what it may be.

Its fields are inputs of the graph that ``antiphon_models.spec`` describes. What is asked again and again is
made once, and never changed.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from typing import TypeAlias

import msgspec
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

NOISE_WIDTH = sum(vocab.CHOICES)

FORBIDDEN = 3 * IMPOSSIBLE
"""Counts for more than the network's own masks, which may leave nothing of what is allowed; a float16 still
holds the sum of all.
"""

TIME_TEMPERATURE = 0.95
"""Of dt, whatever the temperature is: a little cooler than learnt, an answer is nearly as dense as real
music, and hardly more silent (docs/sampling.md).
"""

EVENTS_AT_ONCE = 16

LEAST = np.float32(1e-9)
"""Exponential noise may be exactly 0, whose logarithm is no number."""


class Manner(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What many questions have in common: whose next event it is, what it is like and how daring.

    Fields are named after the inputs of the graph. No array is changed once it is part of one.
    """

    asked: npt.NDArray[np.int32]
    guide: Floats
    temperature: Floats
    log_min_p: Floats


class Question(msgspec.Struct, frozen=True, eq=False, gc=False):
    """How one event is to be drawn. Its other fields, too, are named after the inputs of the graph."""

    manner: Manner
    noise: Floats
    allow_dt: Floats
    allow_class: Floats
    allow_onset: Floats
    allow_release: Floats


def ask(constraints: Constraints, sounding: Set[int], noise: Floats) -> Question:
    """Return the question for an event under constraints.

    Args:
        constraints: what may come, and at which temperature; at 0 the likeliest is taken, but for the noise.
        sounding: pitches that the network knows to sound. It begins none of these and releases no other, so
            where nothing else is asked for, nothing more need be forbidden.
        noise: Gumbel noise for dt, velocity and pitch, (1, 223).
    """
    onsets, taken, releases = constraints.onsets, constraints.taken, constraints.releases
    return Question(
        manner_of(constraints.asked, constraints.guide, constraints.temperature, constraints.min_p),
        noise,
        allowed_dt(constraints.shortest_dt, constraints.longest_dt),
        allowed_classes(bool(onsets), bool(releases)),
        allowed_range(onsets) if taken <= sounding else allowed_pitches(onsets - taken),
        ANY_PITCH if releases == sounding else allowed_pitches(releases),
    )


@lru_cache(maxsize=64)
def manner_of(asked: Part | None, wish: Guide, temperature: float, min_p: float) -> Manner:
    """Return a manner; at temperature 0 the likeliest is taken, so nothing is divided."""
    return Manner(
        asked=np.array([PARTS[asked]], np.int32),
        guide=guide(wish.density, wish.loudness, wish.register, wish.pitch_classes)[None],
        temperature=temperatures(temperature or 1.0),
        log_min_p=least_worth(min_p),
    )


def temperatures(temperature: float) -> Floats:
    """Return the temperature of each field, (1, 3): what is asked for is for the pitch alone.

    Whatever favours the likely also favours letting go, which is one class beside all the velocities, and
    short times, for the long ones are rare: at 0.5 the answers would be silent for an eighth of their time
    (docs/sampling.md).
    """
    return np.array([[TIME_TEMPERATURE, 1.0, temperature]], np.float32)


def least_worth(min_p: float) -> Floats:
    """Return the threshold of each field, (1, 3): it is for the pitch alone, as the temperature is."""
    threshold = math.log(min_p) if min_p > 0 else IMPOSSIBLE
    return np.array([[IMPOSSIBLE, IMPOSSIBLE, threshold]], np.float32)


class Noise:
    """Gumbel noise, drawn for several events at once: most of what a draw costs is the call.

    Args:
        random: where it comes from.
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._left: Iterator[Floats] = iter(())

    def draw(self) -> Floats:
        """Return the noise for one event, (1, 223)."""
        noise = next(self._left, None)
        if noise is None:
            self._left = iter(gumbel_noise(self._random, EVENTS_AT_ONCE))
            noise = next(self._left)
        return noise


def gumbel_noise(random: np.random.Generator, events: int = 1) -> Floats:
    """Return Gumbel noise, (events, 1, 223): minus the logarithm of exponential noise."""
    noise = random.standard_exponential((events, 1, NOISE_WIDTH), np.float32)
    np.maximum(noise, LEAST, out=noise)
    np.log(noise, out=noise)
    return np.negative(noise, out=noise)


def allowed_dt(shortest: float, longest: float) -> Floats:
    """Allow the bins whose centre lies between two times, or else the one nearest to the shortest."""
    first, end = bisect_left(vocab.DT_GRID, shortest), bisect_right(vocab.DT_GRID, longest)
    if first < end:
        return allowed_bins(first, end)
    nearest = vocab.dt_bin(shortest)
    return allowed_bins(nearest, nearest + 1)


@cache
def allowed_bins(first: int, end: int) -> Floats:
    """Allow the dt bins from one up to, but not including, another."""
    allowed = np.full((1, vocab.DT_BINS), FORBIDDEN, np.float32)
    allowed[0, first:end] = 0.0
    return allowed


@cache
def allowed_classes(onsets: bool, releases: bool) -> Floats:
    """Allow onsets, a release, or both."""
    allowed = np.full((1, vocab.VELOCITY_CLASSES), 0.0 if onsets else FORBIDDEN, np.float32)
    allowed[0, vocab.RELEASE] = 0.0 if releases else FORBIDDEN
    return allowed


def allowed_pitches(pitches: frozenset[Pitch]) -> Floats:
    """Allow some pitches, (1, 128)."""
    allowed = NO_PITCH.copy()
    row = allowed[0]
    for pitch in pitches:
        row[pitch] = 0.0
    return allowed


allowed_range = lru_cache(maxsize=64)(allowed_pitches)
"""The same for pitches that are allowed again and again."""

NO_PITCH = np.full((1, vocab.PITCHES), FORBIDDEN, np.float32)
ANY_PITCH = np.zeros((1, vocab.PITCHES), np.float32)
OPEN = Question(
    manner=Manner(
        asked=np.zeros(1, np.int32),
        guide=np.zeros((1, WIDTH), np.float32),
        temperature=np.ones((1, FIELDS), np.float32),
        log_min_p=np.full((1, FIELDS), IMPOSSIBLE, np.float32),
    ),
    noise=np.zeros((1, NOISE_WIDTH), np.float32),
    allow_dt=np.zeros((1, vocab.DT_BINS), np.float32),
    allow_class=np.zeros((1, vocab.VELOCITY_CLASSES), np.float32),
    allow_onset=ANY_PITCH,
    allow_release=ANY_PITCH,
)
"""A question whose answer nobody reads, for steps that only take an event in."""
