"""Chords: which one sounds, and which one is meant by a few keys. Nothing here knows who plays."""

from collections.abc import Set
from functools import lru_cache

from msgspec import Struct

from antiphon.core.keys import above
from antiphon.core.units import PITCH_CLASSES, Pitch

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "9": (0, 2, 4, 7, 10),
    "m9": (0, 2, 3, 7, 10),
    "maj9": (0, 2, 4, 7, 11),
}
"""Semitones above the root; of two that sound the same, the earlier one is meant."""


class Chord(Struct, frozen=True):
    """A root, as a pitch class, and a quality such as ``m7``."""

    root: int
    quality: str

    @property
    def name(self) -> str:
        """The name, such as ``F#m7``."""
        return f"{PITCH_CLASSES[self.root]}{self.quality}"

    @property
    def pitch_classes(self) -> frozenset[int]:
        return above(self.root, QUALITIES[self.quality])


def chord_of(pitches: Set[Pitch]) -> Chord | None:
    """Return the chord that pitches are, on whichever root, the lowest first; None where they are none."""
    if not pitches:
        return None
    return _chord_of(frozenset(pitch % 12 for pitch in pitches), min(pitches) % 12)


def chord_meant_by(pitches: Set[Pitch]) -> Chord | None:
    """Return the chord that a left hand means; None where it means none.

    One key is a major chord, with a minor third a minor one; more keys are the simplest chord on the lowest
    that has all of them.
    """
    if not pitches:
        return None
    bass = min(pitches) % 12
    classes = frozenset(pitch % 12 for pitch in pitches)
    exact = _chord_of(classes, bass)
    return exact if exact is not None else _simplest_with(classes, bass)


@lru_cache(maxsize=256)
def _chord_of(classes: frozenset[int], bass: int) -> Chord | None:
    for root in (bass, *sorted(classes - {bass})):
        for quality, semitones in QUALITIES.items():
            if above(root, semitones) == classes:
                return Chord(root, quality)
    return None


def _simplest_with(classes: frozenset[int], bass: int) -> Chord | None:
    for quality, semitones in QUALITIES.items():
        if classes <= above(bass, semitones):
            return Chord(bass, quality)
    return None
