"""What the music to come is to be like: as dense, loud and high as what the player played, and in their key.

A guide is what the engine is told; an impression is where it comes from.
"""

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import fmean
from typing import Literal, TypeAlias

from msgspec import Struct

from antiphon.core.settings import GuideSettings
from antiphon.core.units import PITCH_CLASSES, Pitch, Seconds, Velocity

REMEMBERED = 128
"""Onsets of the player that make the impression, the last ones."""

FEWEST = 8
"""Onsets below which nothing can be said of how dense the music is, and in which key."""

LIVELIEST = 40.0
"""Onsets a second that count as the most: a single chord has no density."""

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""How often the pitch classes occur above the tonic: J. Albrecht and D. Shanahan, "The Use of Large Corpora
to Train a New Type of Key-Finding Algorithm", Music Perception 31 (2013).
"""

Mode: TypeAlias = Literal["major", "minor"]

PROFILES: Mapping[Mode, tuple[float, ...]] = {"major": MAJOR, "minor": MINOR}

MAJOR_TRIAD, MINOR_TRIAD = (0, 4, 7), (0, 3, 7)


class Guide(Struct, frozen=True, gc=False):
    """What the music to come is to be like; None leaves it free.

    Attributes:
        density: onsets per second.
        loudness: mean velocity of the onsets.
        register: mean pitch of the onsets, a MIDI note number.
        pitch_classes: share of the onsets on C, C#, ..., B.
    """

    density: float | None = None
    loudness: float | None = None
    register: float | None = None
    pitch_classes: tuple[float, ...] | None = None


UNGUIDED = Guide()


@dataclass(frozen=True, slots=True)
class _Onset:
    after: Seconds | None
    """Since the onset before it in the same phrase, None for the first."""
    pitch: Pitch
    velocity: Velocity


class Impression:
    """What the player's music has been like lately."""

    def __init__(self) -> None:
        self._onsets: deque[_Onset] = deque(maxlen=REMEMBERED)
        self._last: Seconds | None = None

    def begin_phrase(self) -> None:
        """Count the silence before the next onset as no part of the music."""
        self._last = None

    def hear(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> None:
        """Take in an onset of the player's."""
        self._onsets.append(_Onset(None if self._last is None else now - self._last, pitch, velocity))
        self._last = now

    @property
    def key(self) -> str | None:
        """The key that the music is in, such as ``A minor``; None while too few onsets were heard."""
        return key_of(self._pitch_classes()) if len(self._onsets) >= FEWEST else None

    def guide(self, wanted: GuideSettings) -> Guide:
        """Return what the settings ask for; where they follow the player, what has been heard."""
        heard = self._heard()
        return Guide(
            density=_wanted(wanted.density, heard.density),
            loudness=_wanted(wanted.loudness, heard.loudness),
            register=_wanted(wanted.register, heard.register),
            pitch_classes=heard.pitch_classes if wanted.key == "heard" else pitch_classes_of(wanted.key),
        )

    def _heard(self) -> Guide:
        if not self._onsets:
            return UNGUIDED
        is_enough = len(self._onsets) >= FEWEST
        return Guide(
            density=self._density() if is_enough else None,
            # One note says how loud and how high it is to be; of the rest it takes a few.
            loudness=fmean(onset.velocity for onset in self._onsets),
            register=fmean(onset.pitch for onset in self._onsets),
            pitch_classes=self._pitch_classes() if is_enough else None,
        )

    def _pitch_classes(self) -> tuple[float, ...]:
        classes = Counter(onset.pitch % 12 for onset in self._onsets)
        return tuple(classes[each] / len(self._onsets) for each in range(12))

    def _density(self) -> float | None:
        times = [onset.after for onset in self._onsets if onset.after is not None]
        return len(times) / max(sum(times), len(times) / LIVELIEST) if times else None


def _wanted(setting: float, heard: float | None) -> float | None:
    """Return what a number of the settings asks for: 0 follows the player, -1 leaves the music free."""
    return heard if setting == 0 else setting if setting > 0 else None


@cache
def pitch_classes_of(key: str) -> tuple[float, ...] | None:
    """Return how often each pitch class occurs in a key such as ``F# minor``; None for ``free``."""
    tonic, _, mode = key.partition(" ")
    if not mode:
        return None
    profile = MAJOR if mode == "major" else MINOR
    above = PITCH_CLASSES.index(tonic[0]) + tonic.count("#") - tonic.count("b")
    return tuple(profile[(each - above) % 12] for each in range(12))


@dataclass(frozen=True, slots=True)
class _Key:
    tonic: int
    mode: Mode


def home_of(pitch_classes: tuple[float, ...] | None) -> frozenset[int]:
    """Return the chord on the tonic of the key that these resemble most; empty where nothing is known."""
    if pitch_classes is None:
        return frozenset()
    key = _closest_key(pitch_classes)
    triad = MAJOR_TRIAD if key.mode == "major" else MINOR_TRIAD
    return frozenset((key.tonic + above) % 12 for above in triad)


def key_of(pitch_classes: tuple[float, ...]) -> str:
    """Return the name of the key that these resemble most, such as ``F# minor``."""
    key = _closest_key(pitch_classes)
    return f"{PITCH_CLASSES[key.tonic]} {key.mode}"


@lru_cache(maxsize=64)
def _closest_key(pitch_classes: tuple[float, ...]) -> _Key:
    """Return the key of the highest correlation among 24.

    C. L. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990).
    """
    likeness = {
        _Key(tonic, mode): sum(
            pitch_classes[(tonic + above) % 12] * weight for above, weight in enumerate(_centred(profile))
        )
        for mode, profile in PROFILES.items()
        for tonic in range(12)
    }
    return max(likeness, key=likeness.__getitem__)


@cache
def _centred(profile: tuple[float, ...]) -> list[float]:
    """Return a profile such that the sum of its products with a histogram grows as their correlation does."""
    mean = fmean(profile)
    return [(weight - mean) / math.dist(profile, [mean] * 12) for weight in profile]
