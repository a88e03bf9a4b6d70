"""Whether a mood is heard in the answers: how well they rank arousal and valence, and what helps.

The questions are those of ``sampling.py``. Each is answered in the four corners of the plane. Density and
loudness are to tell the upper two from the lower two, and how much more the pitches are like a major than
like a minor key the right two from the left two: the area under the ROC curve (AUC) is the chance that of one
answer of either side the right one has more of it. One half stands for chance, 1 for never wrong.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import numpy as np
from msgspec.structs import replace
from sampling import Music, Question, questions, say

from antiphon.adapters.engines.kinds import maker_of
from antiphon.config import load
from antiphon.core import guidance, mood
from antiphon.core.keys import Key, ScaleName, scale_in
from antiphon.core.mood_phrases import in_words
from antiphon.core.settings import Settings
from antiphon_export.evaluation.likeness import MAJOR, MINOR, TOGETHER, Floats, key_of, overlap
from antiphon_models.guide import PITCH_CLASSES, likeness
from antiphon_models.notes.dataset import Dataset

STRETCH = 256
"""Events in which music is looked at to see what is usual; what the network is told of is 64 to 512 long."""

FEWEST_ONSETS = 32

CORNERS = tuple(itertools.product((-1, 1), (-1, 1)))
"""Valence and arousal."""

LOCKED_TO: tuple[ScaleName, ...] = ("major", "blues")

WORDS = ("calm", "hopeful", "wonder and a little sad", "joyful", "sad", "not sad", "tense", "furious")


@dataclass(frozen=True)
class Answer:
    """What is measured of an answer."""

    question: Question
    music: Music

    @property
    def density(self) -> float:
        return len(self.music.passage) / self.music.seconds

    @property
    def loudness(self) -> float:
        return float(self.music.passage.velocity.mean())

    @property
    def register(self) -> float:
        return float(self.music.passage.pitch.mean())

    @property
    def interval(self) -> float:
        """Return the middle time from one onset to the next, chords left out: the inverse of a tempo."""
        waits = [wait for wait in np.diff(self.music.passage.at) if wait >= TOGETHER]
        return median(waits) if waits else self.music.seconds

    @property
    def majorness(self) -> float:
        """Return by how much the best major key correlates better with the pitches than the best minor key.

        The profiles are those of Krumhansl and Kessler.
        """
        shares = classes_of(self.music)
        return _best(shares, MAJOR) - _best(shares, MINOR)

    @property
    def kept(self) -> float:
        """Return what its pitch classes have in common with the question's, 0 to 1."""
        return overlap(classes_of(self.music), classes_of(self.question.asked))


def classes_of(music: Music) -> Floats:
    pitches = music.passage.pitch
    return np.bincount(pitches % PITCH_CLASSES, minlength=PITCH_CLASSES) / len(pitches)


def _best(shares: Floats, profile: Floats) -> float:
    if np.ptp(shares) == 0:
        return 0.0
    return max(float(np.corrcoef(np.roll(profile, tonic), shares)[0, 1]) for tonic in range(PITCH_CLASSES))


def auc(more: Sequence[float], less: Sequence[float]) -> float:
    """Return the chance that one of ``more`` is above one of ``less``; even ones count half."""
    above, below = np.array(more)[:, None], np.array(less)[None]
    return float((above > below).mean() + (above == below).mean() / 2)


Keyed = Callable[[Settings, Question, int], Settings]
"""Returns the settings for a question, in a corner of some valence."""


def as_they_are(settings: Settings, question: Question, valence: int) -> Settings:
    return settings


def on_the_tonic(settings: Settings, question: Question, valence: int) -> Settings:
    """Ask for the other mode on the tonic of the question, in place of its relative."""
    tonic = key_of(classes_of(question.asked)).tonic
    return replace(settings, guide=replace(settings.guide, key=Key(tonic, valence < 0).name))


WISHES = {"FASTEST": 1.0, "LOCK": 0.0}

VARIATIONS: Mapping[str, tuple[Mapping[str, float], bool, Keyed]] = {
    "**as it is**": ({}, True, as_they_are),
    "wishes to the network, and nothing else": (WISHES, False, as_they_are),
    "the same, on the tonic of the question": (WISHES, False, on_the_tonic),
    "on the tonic, and made louder and softer": (WISHES, True, on_the_tonic),
    "faster and slower too: `FASTEST` = 1.25": ({"FASTEST": 1.25, "LOCK": 0.0}, True, on_the_tonic),
    "`FASTEST` = 1.5": ({"LOCK": 0.0}, True, on_the_tonic),
    "held to the scale too: `LOCK` = 0.3": ({"LOCK": 0.3}, True, on_the_tonic),
    "`LOCK` = 0.6": ({"LOCK": 0.6}, True, on_the_tonic),
    "`LOCK` = 0.6, in the relative key": ({"LOCK": 0.6}, True, as_they_are),
}
"""What is changed in ``core/mood.py``, whether velocities are, and in which key."""


def answers(
    asked: Sequence[Question], sets: Sequence[str], each: int, keyed: Keyed = as_they_are, valence: int = 0
) -> Iterator[Answer]:
    """Yield answers to every question, of as many seeds; what has fewer than two onsets tells nothing."""
    config = load(None, sets, {}).config
    maker = maker_of(config)
    for question in asked:
        settings = keyed(config.settings, question, valence)
        for seed in range(each):
            music = question.answered(maker.make(seed), settings)
            if len(music.notes) > 1:
                yield Answer(question, music)


def corners(
    asked: Sequence[Question], sets: Sequence[str], each: int, keyed: Keyed
) -> dict[tuple[int, int], list[Answer]]:
    return {
        (valence, arousal): [*answers(asked, [*sets, f"play.mood={valence},{arousal}"], each, keyed, valence)]
        for valence, arousal in CORNERS
    }


def ranked(found: Mapping[tuple[int, int], Sequence[Answer]]) -> str:
    """Return the cells of a row: the AUC of each measure, and what is kept of the question's pitches."""
    roused, still, pleasant, unpleasant = (
        [answer for corner in CORNERS if corner[side] == sign for answer in found[corner]]
        for side, sign in ((1, 1), (1, -1), (0, 1), (0, -1))
    )
    measures: tuple[tuple[Callable[[Answer], float], list[Answer], list[Answer]], ...] = (
        (lambda each: each.density, roused, still),
        (lambda each: each.loudness, roused, still),
        (lambda each: each.interval, still, roused),
        (lambda each: each.majorness, pleasant, unpleasant),
        (lambda each: each.register, pleasant, unpleasant),
    )
    cells = [auc([*map(measure, more)], [*map(measure, less)]) for measure, more, less in measures]
    cells.append(fmean(each.kept for each in [*roused, *still]))
    fewest = min(map(len, found.values()))
    return " | ".join([f"{fewest}", *(f"{cell:.3f}" for cell in cells)])


def varied(asked: Sequence[Question], sets: Sequence[str], each: int, names: Sequence[str]) -> None:
    """Print a row for each variation."""
    usual = {name: getattr(mood, name) for name in WISHES}
    louder = guidance.louder
    say("\n| | answers in each corner | density | loudness | tempo | major | register | kept |")
    say(f"| --- |{' ---: |' * 7}")
    for name in names:
        numbers, is_louder, keyed = VARIATIONS[name]
        for constant, value in {**usual, **numbers}.items():
            setattr(mood, constant, value)
        guidance.louder = louder if is_louder else lambda wanted, heard: 0
        say(f"| {name} | {ranked(corners(asked, sets, each, keyed))} |")
    for constant, value in usual.items():
        setattr(mood, constant, value)
    guidance.louder = louder


def middles(found: Sequence[Answer]) -> str:
    measures: tuple[Callable[[Answer], float], ...] = (
        lambda each: each.density,
        lambda each: each.loudness,
        lambda each: each.interval,
        lambda each: each.majorness,
        lambda each: each.register,
    )
    digits = (1, 0, 2, 2, 1)
    cells = (np.quantile([*map(measure, found)], (0.25, 0.5, 0.75)) for measure in measures)
    return " | ".join(
        f"{middle:.{places}f} ({low:.{places}f} to {high:.{places}f})"
        for (low, middle, high), places in zip(cells, digits, strict=True)
    )


def described(asked: Sequence[Question], sets: Sequence[str], each: int) -> None:
    """Print what the answers are like, in every corner and for some words."""
    say("\n| mood | density | loudness | interval | major | register |")
    say(f"| --- |{' ---: |' * 5}")
    asks = [Answer(question, question.asked) for question in asked]
    say(f"| the question | {middles(asks)} |")
    say(f"| none | {middles([*answers(asked, sets, each)])} |")
    for asked_for in (*(f"{valence},{arousal}" for valence, arousal in CORNERS), *WORDS):
        say(f"| {asked_for} | {middles([*answers(asked, [*sets, f'play.mood={asked_for}'], each)])} |")
    for word in WORDS:
        say(f"\n{in_words(word)}")


def locked(asked: Sequence[Question], sets: Sequence[str], each: int) -> None:
    """Print what share of the notes is on the scale, at some strengths of the lock."""
    say("\n| `guide.lock` | D major | blues on D |")
    say(f"| --- |{' ---: |' * 2}")
    for lock in (0.0, 0.25, 0.5, 0.75, 1.0):
        cells = []
        for scale in LOCKED_TO:
            wanted = [f"guide.lock={lock}", "guide.key=D major", f"guide.scale={scale}"]
            allowed = scale_in(Key(2, is_minor=False), scale)
            pitches = [
                note.pitch % PITCH_CLASSES in allowed
                for answer in answers(asked, [*sets, *wanted], each)
                for note in answer.music.notes
            ]
            cells.append(f"{100 * fmean(pitches):.1f} % of {len(pitches)}")
        say(f"| {lock} | {' | '.join(cells)} |")


def learnt(notes: Path) -> None:
    """Print how dense, loud and high the music is that was learnt from, at the places of ``core/mood.py``."""
    stretches = [
        likeness(max(float(dt.sum()), 0.1), velocity[velocity > 0].astype(float), pitch[velocity > 0])[:3]
        for piece in Dataset.open(notes).pieces("train")
        for dt, velocity, pitch in zip(
            *(
                np.split(field, range(STRETCH, len(field), STRETCH))
                for field in (piece.dt, piece.velocity, piece.pitch.astype(np.int32))
            ),
            strict=True,
        )
        if (velocity > 0).sum() >= FEWEST_ONSETS
    ]
    say(f"{len(stretches)} stretches of {STRETCH} events\n")
    say(f"| below | {' | '.join(f'{100 * place:.0f} %' for place in mood.PLACES)} |")
    say(f"| --- |{' ---: |' * len(mood.PLACES)}")
    for name, values in zip(("density", "loudness", "register"), zip(*stretches, strict=True), strict=True):
        cells = np.quantile(values, mood.PLACES)
        say(f"| {name} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, help="folder of folders of music, as sampling.py takes it")
    parser.add_argument("--learnt", type=Path, metavar="NOTES", help="say what the music of a folder is like")
    parser.add_argument("--questions", type=int, default=240, help="as many of each folder, if it has them")
    parser.add_argument("--half", type=int, choices=[1, 2], help="every other question: to choose by, to see")
    parser.add_argument("--answers", type=int, default=3, help="to each question, of as many seeds")
    parser.add_argument("--seconds", type=float, default=12.0, help="length of an answer")
    parser.add_argument("--variations", action="store_true", help="what was tried, and not only what is")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    args = parser.parse_args()
    if args.learnt:
        learnt(args.learnt)
        return
    asked = list(questions(args.corpora, args.questions, args.seconds))
    if args.half is not None:
        asked = asked[args.half - 1 :: 2]
    sets = [f"play.seconds={args.seconds}", *args.set]
    say(f"{len(asked)} questions, {args.answers} answers to each in each corner")
    names = list(VARIATIONS) if args.variations else [*VARIATIONS][:1]
    varied(asked, sets, args.answers, names)
    if not args.variations:
        described(asked, sets, 1)
        locked(asked, sets, 1)


if __name__ == "__main__":
    main()
