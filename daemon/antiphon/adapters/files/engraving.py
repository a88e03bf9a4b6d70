"""Music written down as text, in the notation ABC (abcnotation.com, standard 2.1).

Nothing is known of beats in music that was played, so it stands there in free meter, on a grid of sixteenths
of a second. A voice of ABC has one chord at a time: a note is written until it ends or the next begins.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from antiphon.core.keys import Key, key_of
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Seconds

GRID: Seconds = 1 / 16
"""A thirty-second note at 120 quarter notes in a minute."""

HEAD = "X:1\nT:{title}\nM:none\nL:1/32\nQ:1/4=120\nK:{key}\n"

CHORDS_IN_A_LINE = 16
"""After which a bar line ends the line, where accidentals cease to count."""

MAJORS = ("Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#")
MINORS = ("Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m")
"""From six flats to six sharps."""

FLATS, SHARPS = "BEADGCF", "FCGDAEB"
"""In the order in which a signature has them."""

SHARPENED = ("C", "^C", "D", "^D", "E", "F", "^F", "G", "^G", "A", "^A", "B")
FLATTENED = ("C", "_D", "D", "_E", "E", "F", "_G", "G", "_A", "A", "_B", "B")
MIDDLE_OCTAVE = 5
"""Of MIDI, whose note 60 begins it; in ABC its letters are capitals without a mark."""


def engraved(notes: Sequence[Note], title: str = "antiphon", key: Key | None = None) -> str:
    """Return notes as an ABC tune.

    Args:
        notes: by onset, in seconds from the beginning.
        title: of the tune, on one line.
        key: of the signature; None takes the one that the notes resemble most.
    """
    fifths, name = _signature(key or _key_in(notes))
    lines = [*_lines([*_chords(notes)], fifths)]
    return HEAD.format(title=title, key=name) + "|\n".join(lines) + "|]\n"


def _key_in(notes: Sequence[Note]) -> Key:
    classes = [note.pitch % 12 for note in notes]
    found = key_of(tuple(classes.count(each) / len(classes) for each in range(12))) if classes else None
    return found or Key(0, is_minor=False)


def _signature(key: Key) -> tuple[int, str]:
    """Return how many sharps a key has, or flats where that is negative, and what ABC calls it."""
    of_major = (key.tonic + 3) % 12 if key.is_minor else key.tonic
    fifths = (7 * of_major + 5) % 12 - 5
    return fifths, (MINORS if key.is_minor else MAJORS)[fifths + 6]


def _chords(notes: Sequence[Note]) -> Iterator[tuple[int, list[Pitch]]]:
    """Yield chords and, without pitches, rests, each with its length on the grid."""
    slots = [
        (slot, [*together]) for slot, together in groupby(notes, key=lambda note: round(note.onset / GRID))
    ]
    if slots and slots[0][0]:
        yield slots[0][0], []
    begins = [*(slot for slot, _ in slots), None]
    for (slot, together), following in zip(slots, begins[1:], strict=True):
        ended = max(slot + 1, *(round(note.release / GRID) for note in together))
        until = ended if following is None else min(ended, following)
        yield until - slot, sorted({note.pitch for note in together})
        if following is not None and following > until:
            yield following - until, []


def _lines(chords: Sequence[tuple[int, list[Pitch]]], fifths: int) -> Iterator[str]:
    starts = range(0, len(chords) or 1, CHORDS_IN_A_LINE)
    for start in starts:
        bar = _Bar(fifths)
        line = chords[start : start + CHORDS_IN_A_LINE]
        yield " ".join(bar.written(length, pitches) for length, pitches in line)


class _Bar:
    """What is written between two bar lines."""

    def __init__(self, fifths: int) -> None:
        self._spelling = SHARPENED if fifths >= 0 else FLATTENED
        sharps, flats = SHARPS[: max(fifths, 0)], FLATS[: max(-fifths, 0)]
        self._signature = dict.fromkeys(sharps, "^") | dict.fromkeys(flats, "_")
        self._altered: set[str] = set()

    def written(self, length: int, pitches: Sequence[Pitch]) -> str:
        names = [self._name(pitch) for pitch in pitches]
        together = "z" if not names else names[0] if len(names) == 1 else f"[{''.join(names)}]"
        return together if length == 1 else f"{together}{length}"

    def _name(self, pitch: Pitch) -> str:
        octave, pitch_class = divmod(pitch, 12)
        spelt = self._spelling[pitch_class]
        accidental, letter = spelt[:-1], spelt[-1]
        marks = octave - MIDDLE_OCTAVE
        high = letter if marks < 1 else letter.lower() + "'" * (marks - 1)
        return f"{self._told(letter, accidental)}{high}{',' * -marks}"

    def _told(self, letter: str, accidental: str) -> str:
        """Return the accidental where it has to be written: where it is not that of the signature.

        From then on it always is, for programs differ in whether one counts in other octaves.
        """
        if letter not in self._altered and accidental == self._signature.get(letter, ""):
            return ""
        self._altered.add(letter)
        return accidental or "="
