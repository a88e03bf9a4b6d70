"""What an engine answers, in numbers: questions from the test lists of two corpora, and what came of them."""

import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from antiphon.adapters.engines.kinds import Maker
from antiphon.adapters.files.reading import read_performance
from antiphon.core.events import KeyPressed
from antiphon.core.performance import Note, TimedEvent, notes_heard, notes_played
from antiphon.core.settings import Settings
from antiphon.respond import continuation

FOLDERS = ("openewld", "mutopia-keyboard")
SECONDS = 8.0
FEWEST_ONSETS = 8
OFTEN = 0.05
"""Seconds after which it is looked again at what sounds."""

DISSONANT = frozenset({1, 2, 6, 10, 11})
"""Seconds, sevenths and the tritone, in semitones within an octave."""

Phrase = list[TimedEvent]


class Sound(NamedTuple):
    """What music is like: onsets a second, seconds of a note, keys sounding, share of silence, share of the
    pairs of keys that sound together which are dissonant, and the time of the pitch classes.
    """

    density: float
    length: float
    polyphony: float
    silence: float
    dissonance: float
    classes: tuple[float, ...]


class Answers(NamedTuple):
    """The mean of what answers are like, and what their pitch classes have in common with those of their own
    questions and, by chance, with those of the others.
    """

    sound: Sound
    own: float
    others: float


def questions(corpora: Path, of_each: int) -> list[Phrase]:
    """Return the beginnings of the first pieces on the test lists."""
    found: list[Phrase] = []
    for folder in FOLDERS:
        names = json.loads((corpora / folder / "splits.json").read_text())["test"]
        for name in names[:of_each]:
            performance = read_performance(corpora / folder / name)
            phrase = [timed for timed in performance if timed.at < performance[0].at + SECONDS]
            if sum(isinstance(timed.event, KeyPressed) for timed in phrase) >= FEWEST_ONSETS:
                found.append(phrase)
    return found


def answers_of(maker: Maker, settings: Settings, asked: Sequence[Phrase]) -> Answers:
    """Let an engine answer each question, each with a seed of its own."""
    heard = [sound_of(notes_heard(phrase)) for phrase in asked]
    played = [
        sound_of(notes_played(continuation(maker.make(seed), settings, phrase)))
        for seed, phrase in enumerate(asked)
    ]
    overlaps = np.array([[overlap(one, other) for other in played] for one in heard])
    elsewhere = ~np.eye(len(asked), dtype=bool)
    return Answers(mean(played), float(np.diag(overlaps).mean()), float(overlaps[elsewhere].mean()))


def sound_of(notes: Sequence[Note]) -> Sound:
    """Return what notes, at least one, are like."""
    begins, ends = min(note.onset for note in notes), max(note.release for note in notes)
    sounding = [
        [note.pitch for note in notes if note.onset <= now < note.release]
        for now in np.arange(begins, ends, OFTEN)
    ]
    pairs = [abs(one - other) % 12 in DISSONANT for keys in sounding for one, other in combinations(keys, 2)]
    classes = np.zeros(12)
    for note in notes:
        classes[note.pitch % 12] += note.release - note.onset
    return Sound(
        len(notes) / (ends - begins),
        float(np.mean([note.release - note.onset for note in notes])),
        float(np.mean([len(keys) for keys in sounding])),
        float(np.mean([not keys for keys in sounding])),
        float(np.mean(pairs)) if pairs else 0.0,
        tuple(classes / classes.sum()),
    )


def overlap(one: Sound, other: Sound) -> float:
    """Return the sum of the smaller of each pair of shares of the pitch classes."""
    return float(np.minimum(one.classes, other.classes).sum())


def mean(sounds: Sequence[Sound]) -> Sound:
    """Return the mean of each figure."""
    figures = [float(np.mean([sound[index] for sound in sounds])) for index in range(5)]
    return Sound(*figures, tuple(np.mean([sound.classes for sound in sounds], axis=0)))
