"""Chord symbols such as ``Am7/E``: which pitches one sounds as, and how one is written letter by letter."""

import re
from functools import lru_cache

from antiphon.adapters.engines.tunes.pitch_names import pitch_class
from antiphon.core.chords import QUALITIES

CHORDS = {
    **{kind: QUALITIES[kind] for kind in ("", "m", "7", "m7", "maj7", "6", "m6", "dim", "aug", "sus4")},
    "min": QUALITIES["m"],
    "maj": QUALITIES[""],
}
"""Semitones above the root; of a symbol that is not here, the triad."""

LOWEST_BASS = 40
LOWEST_CHORD = 52

WRITTEN = ("", "m", "7", "m7", "6", "m6")
"""The kinds that are written."""

ROOTS = "ABCDEFG"

_SYMBOL = re.compile(r"([A-G][#b]?)([^/]*)(?:/([A-Ga-g])([#b]?))?$")


def chord_pitches(symbol: str) -> tuple[int, ...]:
    """Return the pitches of a chord symbol, its bass first; none where it is a remark."""
    found = _SYMBOL.match(symbol.strip("() "))
    if not found:
        return ()
    root, kind = pitch_class(found[1]), found[2]
    bass = pitch_class(found[3].upper() + found[4]) if found[3] else root
    third = CHORDS["m"] if kind.startswith("m") and not kind.startswith("maj") else CHORDS[""]
    chord = sorted(LOWEST_CHORD + (root + each - LOWEST_CHORD) % 12 for each in CHORDS.get(kind, third))
    return (LOWEST_BASS + (bass - LOWEST_BASS) % 12, *chord)


@lru_cache(maxsize=512)
def further(begun: str) -> frozenset[str]:
    """Return the characters that may go on with a symbol, or its closing quotation mark."""
    if not begun:
        return frozenset(ROOTS)
    if "/" in begun:
        bass = begun.partition("/")[2]
        return frozenset(ROOTS if not bass else '"#b' if len(bass) == 1 else '"')
    kind = begun[1:].lstrip("#b")
    longer = {each[len(kind)] for each in WRITTEN if each.startswith(kind) and each != kind}
    longer |= {'"', "/"} if kind in WRITTEN else set()
    return frozenset(longer | ({"#", "b"} if len(begun) == 1 else set()))
