"""The phrases of the example sessions, written down as one would in a score, and how they are played.

A voice is a line of tokens, ``pitches:beats``: ``D4:1`` is a crotchet, ``F3+A3+C4:2`` a chord of two beats,
``r:0.5`` a rest. Whoever plays it leans on the beat, breathes with the phrase, and is never quite exact; that
is drawn by a seed, so it is the same each time.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Pitch, Velocity

CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}

UNEVEN = 0.009
"""Standard deviation of an onset from its beat, in seconds."""

DETACHED = 0.03
"""Seconds that a key is let go before its time."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One hand.

    Attributes:
        line: what it plays.
        loudness: velocity of a note in the middle of the phrase.
    """

    line: str
    loudness: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to be played.

    Attributes:
        tempo: beats per minute.
        voices: all that sounds together.
        pedal: beats after which the pedal is changed, again and again; 0 leaves it alone.
        slowing: by how much the last bar is slower.
    """

    tempo: float
    voices: Sequence[Voice]
    pedal: float = 0.0
    slowing: float = 0.12

    @property
    def beats(self) -> float:
        return max(sum(length for _, length in _tokens(voice.line)) for voice in self.voices)


NOCTURNE = Phrase(
    tempo=84,
    voices=(
        Voice(
            "A4:1 D5:1.5 C5:0.5 Bb4:1  A4:0.5 G4:0.5 A4:1 F4:2"
            "  G4:1 Bb4:1.5 A4:0.5 G4:0.5 F4:0.5  E4:1.5 F4:0.5 A4:2",
            74,
        ),
        Voice(
            "D3:0.5 A3:0.5 D4:0.5 A3:0.5 Bb2:0.5 F3:0.5 Bb3:0.5 F3:0.5"
            "  F2:0.5 C3:0.5 F3:0.5 C4:0.5 D3:0.5 A3:0.5 D4:0.5 A3:0.5"
            "  G2:0.5 D3:0.5 G3:0.5 D4:0.5 E2:0.5 Bb2:0.5 G3:0.5 C#4:0.5"
            "  A2:0.5 E3:0.5 G3:0.5 C#4:0.5 A2+E3+C#4:2",
            52,
        ),
    ),
    pedal=2.0,
)
"""Four bars in D minor that stop on the dominant: a question."""

DANCE = Phrase(
    tempo=108,
    voices=(
        Voice(
            "C5:0.5 A4:0.25 Bb4:0.25 C5:0.5 F5:0.5 E5:0.5 D5:0.5 C5:1"
            "  D5:0.5 Bb4:0.25 C5:0.25 D5:0.5 G5:0.5 F5:0.5 E5:0.5 D5:1"
            "  C5:0.5 F5:0.5 A5:0.75 G5:0.25 F5:0.5 E5:0.5 D5:0.5 C5:0.5  Bb4:0.5 A4:0.5 G4:0.5 A4:0.5 G4:2",
            84,
        ),
        Voice(
            "F2:0.5 A3+C4:0.5 C3:0.5 A3+C4:0.5 F2:0.5 A3+C4:0.5 C3:0.5 A3+C4:0.5"
            "  G2:0.5 Bb3+D4:0.5 D3:0.5 Bb3+D4:0.5 G2:0.5 Bb3+D4:0.5 D3:0.5 Bb3+D4:0.5"
            "  A2:0.5 F3+C4:0.5 C3:0.5 F3+C4:0.5 Bb2:0.5 F3+D4:0.5 Bb2:0.5 F3+D4:0.5"
            "  G2:0.5 E3+Bb3:0.5 C3:0.5 E3+Bb3:0.5 C3+G3+Bb3:2",
            62,
        ),
    ),
    slowing=0.05,
)
"""Four bars in F major, lighter, that stop on the dominant too."""

BALLAD = Phrase(
    tempo=76,
    voices=(
        Voice(
            "E5:1.5 D5:0.5 C5:2  r:1 A4:0.5 B4:0.5 C5:1 E5:1  D5:1.5 C5:0.5 B4:2  r:1 G4:0.5 A4:0.5 B4:1 D5:1"
            "  C5:1.5 B4:0.5 A4:2  r:1 F4:0.5 G4:0.5 A4:1 C5:1  B4:1.5 A4:0.5 G#4:1 B4:1  A4:4",
            76,
        ),
        Voice(
            "A2:1 E3:1 A3:1 E3:1  A2:1 E3:1 A3:1 E3:1  G2:1 D3:1 G3:1 D3:1  G2:1 D3:1 G3:1 D3:1"
            "  F2:1 C3:1 F3:1 C3:1  F2:1 C3:1 F3:1 C3:1  E2:1 B2:1 E3:1 D3:1  A2:1 E3:1 A3:2",
            54,
        ),
    ),
    pedal=4.0,
)
"""Eight bars in A minor with long notes and rests in the melody: room for another."""

BARCAROLLE = Phrase(
    tempo=116,
    voices=(
        Voice(
            "r:6  B4:2 E5:1 D5:2 B4:1  C5:3 A4:3  A4:2 D5:1 C5:2 A4:1  B4:3 G4:3"
            "  B4:2 E5:1 G5:2 F#5:1  E5:3 C5:2 D5:1  B4:3 A4:3  G4:3 F#4:3",
            78,
        ),
        Voice(
            "E2:1 B2:1 G3:1 E3:1 G3:1 B2:1  E2:1 B2:1 G3:1 E3:1 G3:1 B2:1  A2:1 E3:1 C4:1 E3:1 C4:1 E3:1"
            "  D2:1 A2:1 F#3:1 D3:1 F#3:1 A2:1  G2:1 D3:1 B3:1 D3:1 B3:1 D3:1"
            "  E2:1 B2:1 G3:1 E3:1 G3:1 B2:1  A2:1 E3:1 C4:1 E3:1 C4:1 E3:1"
            "  B2:1 F#3:1 D4:1 F#3:1 D4:1 F#3:1  B2:1 F#3:1 D#4:1 F#3:1 A3:1 D#3:1",
            56,
        ),
    ),
    pedal=6.0,
)
"""A rocking left hand in E minor, six to the bar, with a melody above it: something to go on from."""

HYMN = Phrase(
    tempo=88,
    voices=(
        Voice("G4:1 C5:1 D5:1 E5:2 D5:0.5 C5:0.5  A4:1 D5:1 C5:1 B4:3", 72),
        Voice("E3+C4:3 C3+G3+C4:3  F3+A3:3 G2+D3+G3:3", 58),
    ),
    pedal=3.0,
)
"""Four bars of a visitor's, in C major."""


def played(phrase: Phrase, at: float, seed: int) -> list[TimedEvent]:
    """Return what a keyboard sends while somebody plays a phrase, from a moment on."""
    drawn = random.Random(seed)
    events = [event for voice in phrase.voices for event in _keys(phrase, voice, at, drawn)]
    events += _pedal(phrase, at)
    # At one time what ends comes first.
    return sorted(events, key=lambda timed: (timed.at, isinstance(timed.event, KeyPressed)))


def seconds_of(phrase: Phrase, beat: float) -> float:
    """Return when a beat comes, in seconds since the phrase began: its end is a little slower."""
    last_bar = max(phrase.beats - 4.0, 0.0)
    lingered = max(beat - last_bar, 0.0)
    return (beat + phrase.slowing * lingered * lingered / 8.0) * 60.0 / phrase.tempo


def _keys(phrase: Phrase, voice: Voice, at: float, drawn: random.Random) -> Iterator[TimedEvent]:
    beat = 0.0
    for pitches, length in _tokens(voice.line):
        ends = at + seconds_of(phrase, beat + length)
        for pitch in pitches:
            begins = at + max(seconds_of(phrase, beat) + drawn.gauss(0.0, UNEVEN), 0.0)
            yield TimedEvent(_moment(begins), KeyPressed(pitch, _velocity(phrase, voice, beat, drawn)))
            let_go = ends - DETACHED + drawn.gauss(0.0, UNEVEN)
            yield TimedEvent(_moment(max(let_go, begins + 0.05)), KeyReleased(pitch))
        beat += length


def _velocity(phrase: Phrase, voice: Voice, beat: float, drawn: random.Random) -> Velocity:
    """Return how hard a key is struck: a phrase rises and falls, and the first beat of a bar is heavier."""
    place = beat / phrase.beats
    arch = 1.0 - (2.0 * place - 1.1) ** 2
    accent = 4.0 if beat % 4.0 == 0.0 else 0.0
    return Velocity(round(voice.loudness + 9.0 * arch + accent + drawn.gauss(0.0, 2.5)))


def _pedal(phrase: Phrase, at: float) -> Iterator[TimedEvent]:
    beat = 0.0
    while phrase.pedal and beat < phrase.beats:
        # As pianists do it: up with the new harmony, and down again just after.
        yield TimedEvent(_moment(at + seconds_of(phrase, beat) + 0.07), ControlMoved(SUSTAIN_PEDAL, 127))
        beat += phrase.pedal
        yield TimedEvent(_moment(at + seconds_of(phrase, beat)), ControlMoved(SUSTAIN_PEDAL, 0))


def _moment(seconds: float) -> float:
    """Return a moment to the millisecond, so that it is the same on every machine."""
    return round(seconds, 3)


def _tokens(line: str) -> Iterator[tuple[list[Pitch], float]]:
    for token in line.split():
        pitches, _, beats = token.partition(":")
        yield [] if pitches == "r" else [_pitch(name) for name in pitches.split("+")], float(beats)


def _pitch(name: str) -> Pitch:
    return Pitch(12 * (int(name[-1]) + 1) + CLASSES[name[0]] + ACCIDENTALS[name[1:-1]])
