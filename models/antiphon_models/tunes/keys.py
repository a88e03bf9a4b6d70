"""The same tune in other keys, its spelling kept: what was the seventh degree lowered stays that.

A melody moves by steps of the staff and its key signature does the rest; an accidental says how far a note
is from its key, and says so in the other key too.
"""

import re

from antiphon_models.tunes.spelling import FIFTHS, MOST_SIGNS, STEPS, fifths_of

_MOVED = re.compile(
    r"""
    (?P<field>\[?K:(?P<key>[A-G][#b]?[a-z]*)\]?)
  | (?P<other>\[?[XML]:[^\n\]]*\]?)
  | "(?P<root>[A-G][#b]?)(?P<kind>[^"/]*)(?:/(?P<bass>[A-G][#b]?))?"
  | (?P<accidental>\^{1,2}|_{1,2}|=)?(?P<letter>[A-Ga-g])(?P<octave>[,']*)
    """,
    re.VERBOSE,
)
_SIGNS = {"": 0, "#": 1, "b": -1}
_ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_SPELT = {alteration: sign for sign, alteration in _ACCIDENTALS.items()}
_HIGHEST_STEP = 6


def transposed(tune: str, fifths: int) -> str | None:
    """Return a tune, spelt as we spell them, in the key so many fifths up, or down where that is negative.

    It moves to the nearer octave. None where there are more sharps, flats or double accidentals than anybody
    would read.
    """
    steps = _nearer(4 * fifths)
    signs = 0
    parts: list[str] = []
    end = 0
    for found in _MOVED.finditer(tune):
        parts.append(tune[end : found.start()])
        end = found.end()
        if found["field"]:
            signs = fifths_of(found["key"])
            if abs(signs + fifths) > MOST_SIGNS:
                return None
            tonic = re.match("[A-G][#b]?", found["key"])
            assert tonic
            moved = _name(tonic[0], fifths)
            parts.append(found[0].replace(found["key"], moved + found["key"][tonic.end() :]))
        elif found["root"]:
            bass = f"/{_name(found['bass'], fifths)}" if found["bass"] else ""
            parts.append(f'"{_name(found["root"], fifths)}{found["kind"]}{bass}"')
        elif found["letter"]:
            note = _note(found, steps, signs, fifths)
            if note is None:
                return None
            parts.append(note)
        else:
            parts.append(found[0])
    return "".join([*parts, tune[end:]])


def _nearer(steps: int) -> int:
    """Return so many steps of the staff, up or down by octaves until they are at most half of one."""
    return (steps + 3) % 7 - 3


def _name(name: str, fifths: int) -> str:
    """Return the name of a pitch so many fifths up, without double accidentals."""
    place = FIFTHS[name[0]] + 7 * _SIGNS[name[1:]] + fifths
    # Beyond one sharp or flat it takes the other name of the same key of the piano.
    while place > 12:
        place -= 12
    while place < -8:
        place += 12
    sharps, letter = divmod(place + 1, 7)
    return "FCGDAEB"[letter] + {0: "", 1: "#", -1: "b"}[sharps]


def _note(found: re.Match[str], steps: int, signs: int, fifths: int) -> str | None:
    letter = found["letter"]
    octave = letter.islower() + found["octave"].count("'") - found["octave"].count(",")
    octave, step = divmod(7 * octave + STEPS.index(letter.upper()) + steps, 7)
    moved = STEPS[step]
    accidental = ""
    if found["accidental"]:
        off = _ACCIDENTALS[found["accidental"]] - altered(letter.upper(), signs)
        spelling = _SPELT.get(off + altered(moved, signs + fifths))
        if spelling is None:
            return None
        accidental = spelling
    return accidental + letter_in_octave(moved, octave)


def altered(letter: str, signs: int) -> int:
    """Return what a key signature does to a letter: 1 sharpens, -1 flattens it, 0 leaves it."""
    place = FIFTHS[letter] + 1
    return (signs + 6 - place) // 7


def letter_in_octave(letter: str, octave: int) -> str:
    """Return a note; octave 0 is that of middle C, which ABC writes in capitals."""
    if octave > 0:
        return letter.lower() + "'" * (octave - 1)
    return letter + "," * -octave
