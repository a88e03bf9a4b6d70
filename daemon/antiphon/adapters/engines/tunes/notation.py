"""Notes written down as ABC, in the one spelling that the network reads: bar by bar, in a key, on a grid."""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from antiphon.adapters.engines.tunes.pitch_names import MIDDLE_C, SEMITONES, pitch_class
from antiphon.core.units import PITCH_CLASSES
from antiphon_models.tunes.keys import altered, letter_in_octave
from antiphon_models.tunes.spelling import STEPS, fifths_of, key_named, length_told

GRID = 2
"""Steps to a quaver."""

MAJORS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINORS = ("Cm", "C#m", "Dm", "D#m", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")
SPELLINGS = {0: "=", 1: "^", -1: "_"}
WRITABLE = (96, 72, 48, 36, 24, 18, 12, 9, 6, 3)
"""Twelfths of a quaver that one note can be written as, the longest first; others are tied."""


class Written(Struct, frozen=True, gc=False):
    """A note of a melody, in half quavers from its beginning."""

    pitch: int
    begins: int
    ends: int


def abc_key(told: str) -> str:
    """Return the name in ABC of a key such as ``F# minor``, ``D``, ``Em`` or ``A mix``.

    Raises:
        SpellingError: it is none.
    """
    name, _, mode = told.strip().partition(" ")
    if mode.lower() in ("major", "minor"):
        tonic = (PITCH_CLASSES.index(name) if name in PITCH_CLASSES else _class_of(name)) % 12
        return (MAJORS if mode.lower() == "major" else MINORS)[tonic]
    return key_named(told)


def _class_of(name: str) -> int:
    if not re.fullmatch("[A-G][#b]?", name):
        return PITCH_CLASSES.index(key_named(name))
    return pitch_class(name)


def spelt_pitch(pitch: int, signs: int, in_bar: dict[str, int]) -> str:
    """Return a MIDI pitch as ABC, and keep in ``in_bar`` what its accidental does to the rest of the bar."""
    place, alteration = _place(pitch, signs)
    octave, step = divmod(place, 7)
    letter = letter_in_octave(STEPS[step], octave)
    if in_bar.get(letter, altered(STEPS[step], signs)) == alteration:
        return letter
    in_bar[letter] = alteration
    return SPELLINGS[alteration] + letter


def _place(pitch: int, signs: int) -> tuple[int, int]:
    """Return the step of the staff, 0 being middle C, and its alteration, as the key has it if it can."""
    octave, class_ = divmod(pitch - MIDDLE_C, 12)
    choices = []
    for step, letter in enumerate(STEPS):
        for alteration in (-1, 0, 1):
            over, sounding = divmod(SEMITONES[letter] + alteration, 12)
            if sounding == class_:
                off = alteration - altered(letter, signs)
                rather = off != 0, abs(alteration), alteration if signs < 0 else -alteration
                choices.append((rather, 7 * (octave - over) + step, alteration))
    _, place, alteration = min(choices)
    return place, alteration


def bars_of(notes: Sequence[Written], key: str, in_bar: int, upbeat: int = 0, until: int = 0) -> str:
    """Return a melody as ABC, with a bar line at the end of each bar that is full.

    Args:
        notes: of which none overlaps another, in their order.
        key: in ABC.
        in_bar, upbeat, until: half quavers of a bar, of what comes before the first bar line, and of all that
            is to be written, with a rest behind the notes where these end sooner.
    """
    signs = fifths_of(key)
    text: list[str] = []
    accidentals: dict[str, int] = {}
    for pitch, begins, ends in _with_rests(notes, until):
        for start, end in _split_at_bars(begins, ends, in_bar, upbeat):
            pieces = _lengths(end - start)
            for index, length in enumerate(pieces):
                is_last = index == len(pieces) - 1 and end == ends
                letter = "z" if pitch is None else spelt_pitch(pitch, signs, accidentals)
                text.append(letter + length_told(length) + ("-" if pitch is not None and not is_last else ""))
            if (end - upbeat) % in_bar == 0:
                text.append("|")
                accidentals = {}
    return "".join(text)


def _with_rests(notes: Sequence[Written], until: int) -> list[tuple[int | None, int, int]]:
    told: list[tuple[int | None, int, int]] = []
    at = 0
    for note in notes:
        if note.begins > at:
            told.append((None, at, note.begins))
        told.append((note.pitch, note.begins, note.ends))
        at = note.ends
    return [*told, (None, at, until)] if until > at else told


def _split_at_bars(begins: int, ends: int, in_bar: int, upbeat: int) -> list[tuple[int, int]]:
    first = begins + in_bar - (begins - upbeat) % in_bar
    edges = [begins, *range(first, ends, in_bar), ends]
    return list(pairwise(edges))


def _lengths(half_quavers: int) -> list[Fraction]:
    """Return the lengths that a note is written as, in quavers, tied where there are several."""
    left, lengths = half_quavers * 12 // GRID, []
    for each in WRITABLE:
        while left >= each:
            lengths.append(Fraction(each, 12))
            left -= each
    return lengths
