"""What the sampling settings do to an answer, beside how the pieces really go on.

A question is 10 to 15 seconds out of the middle of a piece that no shipped model learnt from, broken off
where its player waited longest. The whole improviser answers it, as `antiphon respond` does, at each
temperature and ``min_p``. How the piece itself goes on is measured in the same way: a figure is good where it
is near that.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice, pairwise
from pathlib import Path
from statistics import fmean, median

import numpy as np

from antiphon.adapters.engines.kinds import maker_of
from antiphon.config import load
from antiphon.core import answer, closing
from antiphon.core.engine import Engine, MusicEvent
from antiphon.core.performance import Note, notes_played
from antiphon.core.settings import Settings
from antiphon.respond import continuation
from antiphon.settings import Config
from antiphon_export.evaluation.continuations import as_notes, events_of, performance_of
from antiphon_export.evaluation.likeness import (
    RHYTHM_EDGES,
    TOGETHER,
    Floats,
    Key,
    Likeness,
    Passage,
    key_of,
    likeness,
    overlap,
)
from antiphon_models.guide import PITCH_CLASSES
from antiphon_models.notes.reading import Read, read_file
from antiphon_models.notes.splits import LISTS

SHORTEST_QUESTION, LONGEST_QUESTION = 10.0, 15.0
FEWEST_ONSETS = 16
BLIP = 0.03
"""Seconds below which a note is heard as a click."""

REST = 0.5
"""Seconds of silence that are heard as a rest."""

FIGURE = 4
"""Notes that make a figure; one that was there before is a repetition."""

BROKEN_OFF = 1.5
"""Usual waits for the next note; an end on a note that is waited on for less is none."""

LATELY = 8
"""Onsets to which the next is compared."""

OCTAVE = 12
MAJOR_SCALE, MAJOR_TRIAD = {0, 2, 4, 5, 7, 9, 11}, {0, 4, 7}
MINOR_SCALE, MINOR_TRIAD = {0, 2, 3, 5, 7, 8, 10, 11}, {0, 3, 7}
AT_ONCE = 0.01
"""Seconds within which two moments are one."""


@dataclass(frozen=True)
class Music:
    """Some notes in order of their onsets, and what is measured of them alone."""

    notes: Sequence[Note]

    @property
    def began(self) -> float:
        return self.notes[0].onset

    @cached_property
    def seconds(self) -> float:
        return max(note.release for note in self.notes) - self.began

    @cached_property
    def passage(self) -> Passage:
        return Passage(
            np.array([note.onset - self.began for note in self.notes]),
            np.array([float(note.velocity) for note in self.notes]),
            np.array([note.pitch for note in self.notes], np.int32),
            self.seconds,
        )

    @cached_property
    def silences(self) -> list[float]:
        """Return the seconds of each silence between two notes."""
        silences = []
        sounds_until = self.notes[0].release
        for note in self.notes:
            if note.onset > sounds_until:
                silences.append(note.onset - sounds_until)
            sounds_until = max(sounds_until, note.release)
        return silences

    @property
    def silence(self) -> float:
        return sum(self.silences) / self.seconds

    @property
    def rests(self) -> float:
        """Return how many rests there are in ten seconds."""
        return 10 * sum(silence >= REST for silence in self.silences) / self.seconds

    @cached_property
    def lengths(self) -> list[float]:
        return [note.release - note.onset for note in self.notes]

    @property
    def spread_of_lengths(self) -> Floats:
        bins = np.searchsorted(RHYTHM_EDGES, self.lengths)
        return np.bincount(bins, minlength=len(RHYTHM_EDGES) + 1) / len(bins)

    @property
    def stray(self) -> float:
        """Return the share of the onsets that are an octave or more from each of those lately."""
        pitches = self.passage.pitch
        nearest = [
            np.abs(pitches[max(0, at - LATELY) : at] - pitches[at]).min() for at in range(1, len(pitches))
        ]
        return fmean(distance >= OCTAVE for distance in nearest)

    @property
    def struck_again(self) -> float:
        """Return the share of the onsets on a pitch that is among the four before."""
        pitches = self.passage.pitch
        return fmean(pitch in pitches[max(0, at - 4) : at] for at, pitch in enumerate(pitches))

    @property
    def repeated(self) -> float:
        """Return the share of the figures that were there before."""
        pitches = self.passage.pitch.tolist()
        figures = [tuple(pitches[at : at + FIGURE]) for at in range(len(pitches) - FIGURE + 1)]
        return 1 - len(set(figures)) / len(figures) if figures else 0.0

    @property
    def last_wait(self) -> float:
        """Return how long the last note is waited on, as a multiple of the usual wait for the next."""
        waits = [wait for wait in np.diff(self.passage.at) if wait >= TOGETHER]
        return (self.seconds - self.passage.at[-1]) / median(waits) if waits else math.nan


@dataclass(frozen=True)
class Question:
    """What is asked, and how the piece goes on.

    Attributes:
        name: of the piece.
        heard: the events that are asked.
        later: the events of the piece after these.
        seconds: in which the answer may begin notes.
    """

    name: str
    heard: Sequence[MusicEvent]
    later: Sequence[MusicEvent]
    seconds: float

    @cached_property
    def asked(self) -> Music:
        return Music(as_notes(self.heard))

    @cached_property
    def real(self) -> Music:
        """Return how the piece goes on; as in an answer, what sounds at the end may ring on for a moment."""
        notes = as_notes(self.later)
        last_onset = notes[0].onset + self.seconds
        last_release = last_onset + answer.CLOSING_NOTE
        begun = (note for note in notes if note.onset < last_onset)
        return Music([replace(note, release=min(note.release, last_release)) for note in begun])

    def answered(self, engine: Engine, settings: Settings) -> Music:
        return Music(notes_played(continuation(engine, settings, performance_of(self.heard))))


def questions(corpora: Path, wanted: int, seconds: float) -> Iterator[Question]:
    """Yield questions out of the valid list of each corpus, spread over the list."""
    folders = sorted(path.parent for path in corpora.glob(f"*/{LISTS}"))
    if not folders:
        raise SystemExit(f"{corpora} holds no folder with a {LISTS}")
    for folder in folders:
        names = sorted(json.loads((folder / LISTS).read_text())["valid"])
        found = (question_of(folder / name, seconds) for name in spread(names))
        yield from islice((each for each in found if each), math.ceil(wanted / len(folders)))


def spread(names: Sequence[str]) -> list[str]:
    """Return names in an order such that the first few, however many, are from all over the list."""
    golden = (math.sqrt(5) - 1) / 2
    return [names[index] for index in sorted(range(len(names)), key=lambda index: index * golden % 1)]


def question_of(file: Path, seconds: float) -> Question | None:
    """Return a question from the middle of a piece; None where it is too short, or too empty."""
    read = next(read_file(bytes(file)))
    if not isinstance(read, Read):
        return None
    piece = read.piece
    at = np.cumsum(piece.dt, dtype=np.float64)
    struck = np.flatnonzero((piece.velocity > 0) & (at >= at[-1] / 3))
    began = at[struck[0]]
    breaks = [
        (at[after] - at[before], int(after))
        for before, after in pairwise(struck)
        if at[before] - began >= SHORTEST_QUESTION and at[after] - began <= LONGEST_QUESTION
    ]
    if not breaks:
        return None
    _, stop = max(breaks)
    events = events_of(piece)
    question = Question(piece.name, events[struck[0] : stop], events[stop:], seconds)
    is_long_enough = at[stop] + seconds < at[-1]
    is_full_enough = min(len(question.asked.notes), len(question.real.notes)) >= FEWEST_ONSETS
    return question if is_long_enough and is_full_enough else None


@dataclass(frozen=True)
class Case:
    """Some music that follows a question."""

    question: Question
    music: Music

    @cached_property
    def likeness(self) -> Likeness:
        return likeness(self.music.passage, self.question.asked.passage)

    @property
    def lengths(self) -> float:
        return overlap(self.music.spread_of_lengths, self.question.asked.spread_of_lengths)

    @cached_property
    def key(self) -> Key:
        pitches = self.question.asked.passage.pitch
        return key_of(np.bincount(pitches % PITCH_CLASSES, minlength=PITCH_CLASSES) / len(pitches))

    @cached_property
    def above_the_tonic(self) -> list[int]:
        """Return the semitones by which each onset is above a tonic of the question's key, 0 to 11."""
        return [int(pitch - self.key.tonic) % PITCH_CLASSES for pitch in self.music.passage.pitch]

    @property
    def scale(self) -> set[int]:
        return MINOR_SCALE if self.key.is_minor else MAJOR_SCALE

    @property
    def in_key(self) -> float:
        """Return the share of the onsets on the scale of the question's key."""
        return fmean(each in self.scale for each in self.above_the_tonic)

    @property
    def ends_in_key(self) -> bool:
        return self.above_the_tonic[-1] in self.scale

    @property
    def ends_at_home(self) -> bool:
        """Tell whether the last note is of the chord on the tonic."""
        return self.above_the_tonic[-1] in (MINOR_TRIAD if self.key.is_minor else MAJOR_TRIAD)

    @property
    def is_cut(self) -> bool:
        """Tell whether a note was let go because the answer had to end."""
        return self.music.seconds >= self.question.seconds + answer.CLOSING_NOTE - AT_ONCE

    @property
    def ends_early(self) -> bool:
        """Tell whether the music came to rest before it had to."""
        return self.music.seconds < self.question.seconds - REST

    @property
    def is_broken_off(self) -> bool:
        """Tell whether the last note is waited on hardly longer than any other."""
        return self.music.last_wait < BROKEN_OFF


def answers(asked: Sequence[Question], config: Config, each: int) -> Iterator[Case]:
    """Yield answers to every question, of as many seeds."""
    maker = maker_of(config)
    for question in asked:
        for seed in range(each):
            yield Case(question, question.answered(maker.make(seed), config.settings))


Measure = tuple[Callable[[Iterable[float]], float], Callable[[Case], float]]
"""What is measured of each case, and how the cases are taken together."""

COLUMNS: dict[str, Measure] = {
    "pitch classes": (fmean, lambda case: case.likeness.pitch_classes),
    "in key": (fmean, lambda case: case.in_key),
    "stray": (fmean, lambda case: case.music.stray),
    "density": (median, lambda case: case.likeness.density),
    "loudness": (median, lambda case: case.likeness.loudness),
    "register": (median, lambda case: abs(case.likeness.register)),
    "silence": (fmean, lambda case: case.music.silence),
    "rests": (fmean, lambda case: case.music.rests),
    "note": (median, lambda case: median(case.music.lengths)),
    "blips": (fmean, lambda case: fmean(length < BLIP for length in case.music.lengths)),
    "lengths": (fmean, lambda case: case.lengths),
    "struck again": (fmean, lambda case: case.music.struck_again),
    "repeated": (fmean, lambda case: case.music.repeated),
    "seconds": (fmean, lambda case: case.music.seconds),
    "early": (fmean, lambda case: case.ends_early),
    "cut": (fmean, lambda case: case.is_cut),
    "last wait": (median, lambda case: case.music.last_wait),
    "broken off": (fmean, lambda case: case.is_broken_off),
    "ends in key": (fmean, lambda case: case.ends_in_key),
    "at home": (fmean, lambda case: case.ends_at_home),
}


def row(name: str, cases: Sequence[Case]) -> str:
    figures = [f"{middle(map(measure, cases)):.2f}" for middle, measure in COLUMNS.values()]
    return f"| {' | '.join([name, *figures, f'{alike(cases):.2f}'])} |"


def alike(cases: Sequence[Case]) -> float:
    """Return the share of the pairs of answers to one question that begin with the same pitches."""
    begins: dict[str, list[list[int]]] = defaultdict(list)
    for case in cases:
        begins[case.question.name].append([note.pitch for note in case.music.notes[:LATELY]])
    pairs = [left == right for each in begins.values() for left, right in combinations(each, 2)]
    return fmean(pairs) if pairs else 0.0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, help=f"folder of folders of music, each with a {LISTS}")
    parser.add_argument("--questions", type=int, default=42, help="as many of each folder, where it has them")
    parser.add_argument("--half", type=int, choices=[1, 2], help="every other question: to choose by, to see")
    parser.add_argument("--answers", type=int, default=3, help="to each question, of as many seeds")
    parser.add_argument("--seconds", type=float, default=12.0, help="length of an answer")
    parser.add_argument("--temperature", type=float, nargs="+", default=[0.8, 0.9, 1.0, 1.1])
    parser.add_argument("--min-p", type=float, nargs="+", default=[0.0, 0.03, 0.1])
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    parser.add_argument(
        "--ending",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="of core/answer.py or core/closing.py",
    )
    args = parser.parse_args()
    for name, _, value in (each.partition("=") for each in args.ending):
        setattr(answer if hasattr(answer, name) else closing, name, float(value))
    asked = list(questions(args.corpora, args.questions, args.seconds))
    if args.half is not None:
        asked = asked[args.half - 1 :: 2]
    say(f"{len(asked)} questions, {args.answers} answers to each\n")
    say(f"| {' | '.join(['temperature, min_p', *COLUMNS, 'alike'])} |")
    say(f"| --- |{' ---: |' * (len(COLUMNS) + 1)}")
    say(row("the question", [Case(each, each.asked) for each in asked]))
    say(row("how it really goes on", [Case(each, each.real) for each in asked]))
    others = [*asked[1:], *asked[:1]]
    say(row("another piece", [Case(each, other.real) for each, other in zip(asked, others, strict=True)]))
    for temperature in args.temperature:
        for min_p in args.min_p:
            sets = [f"play.temperature={temperature}", f"play.min_p={min_p}", f"play.seconds={args.seconds}"]
            cases = list(answers(asked, load(None, [*sets, *args.set], {}).config, args.answers))
            say(row(f"{temperature}, {min_p}", cases))


if __name__ == "__main__":
    main()
