"""What the restricted Boltzmann machine is worth, as a page.

Measures runs of ``antiphon train --family rbm`` and the articles' own machine on the test lists, machines
over the single frames of the published benchmark, and what the engine answers beside the event LSTM. It
writes the page, and a picture of an answer beside it.
"""

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from rbm_answers import Answers, Sound, answers_of, mean, questions, sound_of

from antiphon.adapters.engines.kinds import maker_of
from antiphon.adapters.rolls.picture import plot
from antiphon.config import defaults
from antiphon.core.performance import notes_heard, notes_played
from antiphon.respond import continuation
from antiphon.settings import Config
from antiphon_models.pianorolls.benchmark import CORPORA, RNN_NADE, RNN_RBM
from antiphon_models.rbm.annealing import likelihood, log_sum
from antiphon_models.rbm.command import music_in
from antiphon_models.rbm.learning import Learner, fitted_biases
from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.machine import Machine, pseudo_likelihood, reconstruction_error
from antiphon_models.rbm.scores import read_music
from antiphon_models.rbm.single_frames import HIDDEN, SingleFrames, measured
from antiphon_models.rbm.spec import RbmSpec
from antiphon_models.rbm.training import Windows, load
from antiphon_models.rbm.visible import Floats, Keys, Layer, Units
from antiphon_models.training.runs import spec_of, told_of

MATRICES = {
    "JSB chorales": "JSB_Chorales.mat",
    "Nottingham": "Nottingham.mat",
    "Piano-midi.de": "Piano_midi.mat",
}
PUBLISHED = {"JSB chorales": "jsb", "Nottingham": "nottingham"}
ARTICLES = Lesson(method="cd", sweeps=1, batch=100, learning_rate=0.05, steps=4000)
MOST_WINDOWS = 300
CHAINS, STEPS = 100, 2000
QUESTIONS_OF_EACH = 10
SHOWN = 0
"""The question whose answer is drawn."""


class Row(NamedTuple):
    """A machine over windows, in nats for each sixteenth of the test list."""

    name: str
    nats: float
    error: float
    pseudo_likelihood: float
    reconstruction: float


def rows(corpora: Path, runs: Sequence[Path]) -> Iterator[Row]:
    """Measure the articles' machine, a machine without hidden units, and those that were trained."""
    spec = RbmSpec(hidden=50)
    music = read_music(music_in(corpora), spec)
    heard, test = Windows(music.splits["train"], spec), Windows(music.splits["test"], spec)
    means, random = heard.means(), np.random.default_rng(1)
    keys = Keys(spec.steps, spec.keys)
    biases = fitted_biases(keys, means, random)
    nothing = Machine(np.zeros((spec.visible, 1), np.float32), biases, np.zeros(1, np.float32))
    yield row("no hidden units, keys as chains", nothing, keys, biases, test, spec)
    free = Units()
    biases_of_units = fitted_biases(free, means, random)
    learner = Learner(free, means, biases_of_units, spec.hidden, ARTICLES)
    for step in range(ARTICLES.steps):
        learner.learn(
            heard.some(ARTICLES.batch, random), ARTICLES.learning_rate * (1.0 - step / ARTICLES.steps)
        )
    name = f"the articles': 50 hidden, free units, CD-1, {ARTICLES.steps:,} steps"
    yield row(name, learner.machine, free, biases_of_units, test, spec)
    for run in runs:
        spec, (arguments, music_of_run) = spec_of(run, RbmSpec), told_of(run)
        if music_of_run.is_shippable:
            steps = f"{arguments['method'].upper()}-{arguments['sweeps']}"  # type: ignore[union-attr]
            yield row(f"{spec.hidden} hidden, keys as chains, {steps}", load(run), keys, biases, test, spec)


def row(name: str, machine: Machine, layer: Layer, start: Floats, test: Windows, spec: RbmSpec) -> Row:
    """Measure one machine."""
    total = log_sum(machine, layer, start, np.random.default_rng(1), CHAINS, STEPS)
    surprise = likelihood(machine, test.apart(), total)
    some = test.apart(MOST_WINDOWS)
    figures = (
        surprise.nats,
        surprise.error,
        -pseudo_likelihood(machine, layer, some),
        reconstruction_error(machine, layer, some),
    )
    return Row(name, *(figure / spec.steps for figure in figures))


def engine(config: Config, kind: str) -> Config:
    return replace(config, engine=replace(config.engine, kind=kind))


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path, help="the folder of the published corpora")
    parser.add_argument("matrices", type=Path, help="the folder of the benchmark's .mat files")
    parser.add_argument(
        "runs", type=Path, nargs="+", help="runs of antiphon train --family rbm on the corpora"
    )
    parser.add_argument("--report", type=Path, required=True, help="the page to write, .md")
    given = parser.parse_args()
    config = defaults().config
    asked = questions(given.corpora, QUESTIONS_OF_EACH)
    kinds: tuple[str, ...] = ("rbm", "lstm")
    answers = {kind: answers_of(maker_of(engine(config, kind)), config.settings, asked) for kind in kinds}
    heard = mean([sound_of(notes_heard(phrase)) for phrase in asked])
    picture = given.report.with_suffix(".png")
    shown = continuation(maker_of(engine(config, "rbm")).make(1), config.settings, asked[SHOWN])
    plot(picture, notes_heard(asked[SHOWN]), notes_played(shown))
    frames = {title: measured(given.matrices / file) for title, file in MATRICES.items()}
    command = shlex.join(["python", "benchmarks/rbm.py", *sys.argv[1:]])
    told = page(command, picture.name, list(rows(given.corpora, given.runs)), frames, heard, answers)
    given.report.write_text(told, encoding="utf-8")


def page(
    command: str,
    picture: str,
    machines: Sequence[Row],
    frames: dict[str, SingleFrames],
    heard: Sound,
    answers: dict[str, Answers],
) -> str:
    """Return the page."""
    windows = [
        f"| {each.name} | {each.nats:.3f} ± {each.error:.3f} | {each.pseudo_likelihood:.3f} "
        f"| {each.reconstruction:.3f} |"
        for each in machines
    ]
    published = {title: CORPORA[name].published for title, name in PUBLISHED.items()}  # type: ignore[index]
    single = [
        f"| {title} | {each.nats:.2f} ± {each.error:.2f} | {each.alone:.2f} | {each.pseudo_likelihood:.2f} | "
        + " | ".join(
            f"{published[title][system]:.2f}" if title in published else "" for system in (RNN_RBM, RNN_NADE)
        )
        + " |"
        for title, each in frames.items()
    ]
    sounds = [
        ("the questions", heard, "", ""),
        *(
            (f"`{kind}`", each.sound, f"{each.own:.2f}", f"{each.others:.2f}")
            for kind, each in answers.items()
        ),
    ]
    heard_rows = [
        f"| {name} | {sound.density:.1f} | {sound.length:.2f} s | {sound.polyphony:.1f} "
        f"| {sound.silence:.0%} | {sound.dissonance:.0%} | {own} | {others} |"
        for name, sound, own, others in sounds
    ]
    return TEXT.format(
        command=command,
        picture=picture,
        windows="\n".join(windows),
        single="\n".join(single),
        hidden=HIDDEN,
        sounds="\n".join(heard_rows),
    )


TEXT = (Path(__file__).parent / "rbm_page.md").read_text(encoding="utf-8")

if __name__ == "__main__":
    main()
