"""Keys and scales: what pitch classes tell of a key, and which of them belong to a scale.

A pitch class is a number, 0 for C to 11 for B, whatever the octave. Nothing here knows who plays.
"""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import mul
from statistics import fmean
from typing import Literal, TypeAlias, overload

from msgspec import Struct

from antiphon.core.units import PITCH_CLASSES
from antiphon_models.profiles import MAJOR, MINOR

MAJOR_TRIAD, MINOR_TRIAD = (0, 4, 7), (0, 3, 7)

ScaleName = Literal[
    "key",
    "major",
    "minor",
    "harmonic minor",
    "melodic minor",
    "dorian",
    "phrygian",
    "lydian",
    "mixolydian",
    "locrian",
    "pentatonic",
    "minor pentatonic",
    "blues",
    "whole tone",
    "octatonic",
    "chord",
]
"""``key`` is the scale of whichever key it is, major or natural minor; ``chord`` the notes of a chord, and
of whichever key it is where that is no chord.
"""

SCALES: Mapping[ScaleName, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "octatonic": (0, 2, 3, 5, 6, 8, 9, 11),
}
"""Semitones above the tonic."""

Mode = Literal["major", "minor"]

Shares: TypeAlias = tuple[float, ...]
"""How much of the music falls on C, C#, ..., B."""


class Key(Struct, frozen=True, gc=False):
    """A major or minor key; the tonic is a pitch class."""

    tonic: int
    is_minor: bool

    @property
    def triad(self) -> frozenset[int]:
        """The pitch classes of the chord on the tonic."""
        return above(self.tonic, MINOR_TRIAD if self.is_minor else MAJOR_TRIAD)

    @property
    def relative(self) -> "Key":
        """The key of the other mode that shares its notes."""
        return Key((self.tonic + (3 if self.is_minor else 9)) % 12, not self.is_minor)

    @property
    def name(self) -> str:
        """The name, such as ``A minor``."""
        return f"{PITCH_CLASSES[self.tonic]} {'minor' if self.is_minor else 'major'}"

    @property
    def shares(self) -> Shares:
        """How often each pitch class occurs in music of this key."""
        profile = MINOR if self.is_minor else MAJOR
        return tuple(profile[(each - self.tonic) % 12] for each in range(12))


def scale_in(key: Key, name: ScaleName) -> frozenset[int]:
    """Return the pitch classes of a scale on the tonic of a key."""
    if name in ("key", "chord"):
        name = "minor" if key.is_minor else "major"
    return above(key.tonic, SCALES[name])


def above(tonic: int, semitones: Sequence[int]) -> frozenset[int]:
    return frozenset((tonic + each) % 12 for each in semitones)


@cache
def key_named(name: str) -> Key | None:
    """Return a key such as ``F# minor`` or ``Bb major``; None where that names none, as ``free`` does."""
    tonic, _, mode = name.partition(" ")
    if not mode:
        return None
    pitch_class = PITCH_CLASSES.index(tonic[0]) + tonic.count("#") - tonic.count("b")
    return Key(pitch_class % 12, mode == "minor")


def key_like(text: str, otherwise: Mode) -> Key | None:
    """Return the key that somebody means by ``D``, ``f#m``, ``Bb minor`` and the like; None where it is none.

    Args:
        text: tonic and mode.
        otherwise: the mode where none is named.
    """
    found = re.fullmatch(r"\s*([A-Ga-g])\s*([#b]?)\s*(major|maj|minor|min|m)?\s*", text)
    if found is None:
        return None
    letter, accidental, mode = found.groups()
    named = "minor" if mode in ("minor", "min", "m") else "major" if mode else otherwise
    return key_named(f"{letter.upper()}{accidental} {named}")


@overload
def key_of(shares: Shares) -> Key: ...
@overload
def key_of(shares: Shares | None) -> Key | None: ...
def key_of(shares: Shares | None) -> Key | None:
    """Return the key that pitch classes resemble most; None where nothing is known of them.

    The highest correlation over 24 keys: C. L. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990).
    """
    return None if shares is None else _likest(shares)


@lru_cache(maxsize=64)
def _likest(shares: Shares) -> Key:
    key, _ = max(_profiles(), key=lambda profile: sum(map(mul, shares, profile[1])))
    return key


@cache
def _profiles() -> Sequence[tuple[Key, Shares]]:
    """Return each key with its profile, which is moved so that its first pitch class is C."""
    return [
        (Key(tonic, is_minor), tuple(profile[(each - tonic) % 12] for each in range(12)))
        for is_minor, profile in ((False, _centred(MAJOR)), (True, _centred(MINOR)))
        for tonic in range(12)
    ]


@cache
def _centred(profile: Shares) -> list[float]:
    """Return a profile such that the sum of its products with a histogram grows as their correlation does."""
    mean = fmean(profile)
    return [(weight - mean) / math.dist(profile, [mean] * 12) for weight in profile]
