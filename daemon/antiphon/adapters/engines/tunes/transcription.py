"""What a player played, written down: its top line, in the tempo, the metre and the key that were heard."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean

from msgspec import Struct

from antiphon.adapters.engines.tunes.beat import TOGETHER, Beat, beat_of
from antiphon.adapters.engines.tunes.notation import GRID, Written, abc_key, bars_of
from antiphon.adapters.engines.tunes.scribe import header
from antiphon.core.engine import MusicEvent
from antiphon.core.keys import key_of
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon_models.tunes.spelling import fifths_of

MOST_SIGNS = 4
"""Sharps or flats of keys that the network has read a lot in; from further ones a tune is moved."""

USUAL_REGISTER = 71
"""Mean pitch of the melodies that it has read."""

LONGEST_PAUSE: Seconds = 2.5
"""What came before a longer silence is another phrase."""

PHRASE: Seconds = 16.0
"""Of the end of what was played, that is written down."""

USUAL_VELOCITY = 72


class Transcription(Struct, frozen=True, gc=False):
    """A phrase as the beginning of a tune.

    Attributes:
        text: its header and its bars, the last of them full.
        beat: its tempo and metre.
        key: in ABC.
        shift: semitones from what is written to what was played.
        velocity: mean, of what was played.
        spare: seconds from the last event until the last bar is full; negative where that was before.
    """

    text: str
    beat: Beat
    key: str
    shift: int
    velocity: float
    spare: Seconds


def notes_of(events: Sequence[MusicEvent]) -> tuple[list[Note], Seconds]:
    """Return the notes of some events, by onset, and the moment of the last; times begin with the first."""
    at, notes, down = 0.0, list[Note](), dict[Pitch, tuple[Seconds, Velocity]]()
    for event in events:
        at += event.dt
        begun = down.pop(event.pitch, None)
        if begun:
            notes.append(Note(begun[0], at, event.pitch, begun[1]))
        if event.velocity:
            down[event.pitch] = at, event.velocity
    notes += [Note(begun, at, pitch, velocity) for pitch, (begun, velocity) in down.items()]
    return sorted(notes, key=lambda note: (note.onset, note.pitch)), at


def transcribed(events: Sequence[MusicEvent]) -> Transcription | None:
    """Return the last phrase of some events as the beginning of a tune, None where there is none."""
    notes, now = notes_of(events)
    melody = top_line(_last_phrase(notes))
    if not melody:
        return None
    beat = beat_of([note.onset for note in melody])
    key, moved = key_written(melody)
    # By whole octaves it comes to where tunes lie, and goes back from there.
    octaves = 12 * round((USUAL_REGISTER - fmean(note.pitch for note in melody) - moved) / 12)
    in_bar, upbeat = GRID * beat.quavers_in_bar, GRID * beat.upbeat
    written = on_grid(melody, beat.quaver / GRID, moved + octaves)
    until = _end_of_bar(written[-1].ends, in_bar, upbeat)
    return Transcription(
        header(beat.metre, key) + bars_of(written, key, in_bar, upbeat, until),
        beat,
        key,
        -moved - octaves,
        fmean(note.velocity for note in melody),
        melody[-1].onset + (until - written[-1].begins) * beat.quaver / GRID - now,
    )


def _end_of_bar(at: int, in_bar: int, upbeat: int) -> int:
    return at + (upbeat - at) % in_bar


def _last_phrase(notes: Sequence[Note]) -> Sequence[Note]:
    if not notes:
        return notes
    first = len(notes) - 1
    silent_until = notes[-1].onset
    for index in range(len(notes) - 1, -1, -1):
        is_close = silent_until - notes[index].release < LONGEST_PAUSE
        if not is_close or notes[-1].onset - notes[index].onset > PHRASE:
            break
        first, silent_until = index, notes[index].onset
    return notes[first:]


def top_line(notes: Iterable[Note]) -> list[Note]:
    """Return the highest note of each moment, cut where the next begins."""
    line: list[Note] = []
    for note in notes:
        if line and note.onset - line[-1].onset <= TOGETHER:
            line[-1] = max(line[-1], note, key=lambda each: each.pitch)
        elif not line or note.pitch > line[-1].pitch - 12 or note.onset >= line[-1].release:
            line.append(note)
    return [
        Note(note.onset, min(note.release, later.onset), note.pitch, note.velocity)
        for note, later in pairwise(line)
    ] + line[-1:]


def key_written(notes: Sequence[Note]) -> tuple[str, int]:
    """Return the key to write notes in, in ABC, and by how many semitones they move to be in it."""
    counts = Counter(note.pitch % 12 for note in notes)
    shares = tuple(counts[each] / len(notes) for each in range(12))
    for moved in (0, 1, -1, 2, -2):
        heard = key_of(tuple(shares[(each - moved) % 12] for each in range(12)))
        key = abc_key(heard.name) if heard else "C"
        if abs(fifths_of(key)) <= MOST_SIGNS:
            return key, moved
    raise AssertionError("two of five neighbouring keys have few signs")


def on_grid(melody: Sequence[Note], step: Seconds, shift: int) -> list[Written]:
    """Return a melody on a grid of so many seconds, moved by semitones; small gaps are closed."""
    places = [0]
    # From note to note: a tempo that is a little off, or changes, does not add up.
    for sooner, later in pairwise(melody):
        places.append(places[-1] + max(1, round((later.onset - sooner.onset) / step)))
    written: list[Written] = []
    for note, place, following in zip(melody, places, [*places[1:], None], strict=True):
        last = math.inf if following is None else following
        end = min(place + max(1, round((note.release - note.onset) / step)), last)
        if last - end <= GRID:
            end = last
        written.append(Written(note.pitch + shift, place, int(end)))
    return written
