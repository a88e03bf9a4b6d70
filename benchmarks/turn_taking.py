"""When a player is done: false turns a minute against the wait at true ends, on music that was played.

Every silence of a piece, in which no key and no pedal is down, is judged by what was played before it. To
take the turn in one that ends, for the music goes on, is a false turn. A true end is the end of a piece, or a
silence of two seconds: an excerpt that is cut there waits as long as the judge says. The player and what
judges are the daemon's own. With ``--fit`` the weights of what is known are learnt from the train lists.
"""

import argparse
import json
import logging
import math
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import numpy as np
import numpy.typing as npt
from figures import aligned, percentile
from msgspec.structs import replace

from antiphon.adapters.drawing import COLOURS, picture
from antiphon.adapters.engines.kinds import maker_of
from antiphon.adapters.files.reading import read_performance
from antiphon.config import defaults
from antiphon.core.ending import LONG_REST, Ending, Evidence
from antiphon.core.engine import Engine
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased
from antiphon.core.hands import PEDAL_DOWN, Change
from antiphon.core.memory import Memory
from antiphon.core.performance import TimedEvent
from antiphon.core.phrasing import SHORTEST_REST
from antiphon.core.player import Player
from antiphon.core.settings import Turn
from antiphon.core.turn import pause_in_a_conversation, pause_that_ends_a_turn
from antiphon.core.units import Seconds

LISTS = "splits.json"
CORPORA = "pianorolls", "piano-midi-de"
PAUSES = 0.45, 0.6, 1.0, 1.5
PATIENCE = 1.0, 1.4, 1.8, 2.2, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0
SIZE_INCHES = (9.0, 4.0)
MOST_DRAWN = 1.0
"""False turns a minute: beyond that nobody would play with it."""

MOMENTS = 0.15, 0.2, 0.25, 0.32, 0.4, 0.5, 0.62, 0.75, 0.9, 1.1, 1.35, 1.65, 1.95
"""Seconds of silence at which the weights are learnt."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence: when it began, how long it lasted, at the end of a piece infinity, what was known then."""

    at: Seconds
    length: Seconds
    pace: Seconds | None
    ending: Ending

    @property
    def is_end(self) -> bool:
        return self.length >= LONG_REST


@dataclass(frozen=True, slots=True)
class Corpus:
    """The silences of each of some pieces, counted from its first note, and how long these are in all."""

    name: str
    minutes: float
    pieces: Sequence[Sequence[Pause]]

    @property
    def pauses(self) -> Sequence[Pause]:
        return [pause for piece in self.pieces for pause in piece]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a judge: false turns a minute, and seconds that it waits at true ends."""

    false: float
    median: Seconds
    mean: Seconds
    longest: Seconds


Judge = Callable[[Pause, Seconds], Seconds]
"""How long a pause has to last, when somebody has played for so long since the last turn was taken."""


def judged(corpus: Corpus, judge: Judge) -> Outcome:
    """Return what comes of a judge on a corpus; of its waits, the ninth in ten is the longest."""
    false, waits = 0, list[float]()
    for piece in corpus.pieces:
        began = 0.0
        for pause in piece:
            wait = judge(pause, pause.at - began)
            if wait <= pause.length < math.inf:
                false += 1
                began = pause.at + pause.length
            if pause.is_end:
                waits.append(wait)
    return Outcome(false / corpus.minutes, median(waits), fmean(waits), percentile(waits, 90))


def by_music(turn: Turn) -> Judge:
    return lambda pause, lasted: pause_in_a_conversation(pause.ending, pause.pace, lasted, turn)


def by_pace(turn: Turn) -> Judge:
    return lambda pause, _: pause_that_ends_a_turn(pause.pace, turn)


def fixed(seconds: Seconds) -> Judge:
    return lambda _, __: seconds


def corpus_of(folder: Path, split: str, most: int, make: Callable[[int], Engine]) -> Corpus:
    """Return the silences of the pieces of a list, or of so many spread over it."""
    names = sorted(json.loads((folder / LISTS).read_text())[split])
    names = [names[index * len(names) // most] for index in range(most)] if 0 < most < len(names) else names
    minutes, pieces = 0.0, list[list[Pause]]()
    for name in names:
        performance = read_performance(folder / name)
        minutes += (performance[-1].at - performance[0].at) / 60
        pieces.append([*silences(performance, make(0))])
    return Corpus(folder.name, minutes, pieces)


def silences(performance: Sequence[TimedEvent], engine: Engine) -> Iterator[Pause]:
    """Yield the silences of a performance, with what was known when each of them began."""
    player, memory = Player(), Memory(engine, performance[0].at)

    def pause_until(moment: Seconds) -> Iterator[Pause]:
        if player.may_be_done and moment - player.phrase.touched >= SHORTEST_REST:
            player.expect(memory.timing(), memory.last_event_at)
            if player.ending is not None:
                begun = player.phrase.touched
                yield Pause(begun - performance[0].at, moment - begun, player.pace, player.ending)

    for at, event in ((timed.at, timed.event) for timed in performance):
        changes: list[Change] = []
        match event:
            case KeyPressed(pitch, velocity):
                yield from pause_until(at)
                changes = player.press(pitch, velocity, at)
            case KeyReleased(pitch):
                changes = player.release(pitch, at)
            case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
                if value >= PEDAL_DOWN:
                    yield from pause_until(at)
                changes = player.pedal(value, at)
        for velocity, pitch in changes:
            memory.hear(at, velocity, pitch, is_players=True)
    for velocity, pitch in player.leave(performance[-1].at):
        memory.hear(performance[-1].at, velocity, pitch, is_players=True)
    yield from pause_until(math.inf)


def learnt(corpora: Sequence[Corpus]) -> Evidence:
    """Return the weights by which the evidence tells best whether the player is done.

    A logistic regression over moments: each silence, at each moment that it reached.
    """
    rows, ends = list[Evidence](), list[bool]()
    for pause in (pause for corpus in corpora for pause in corpus.pauses):
        reached = [pause.ending.evidence(moment) for moment in MOMENTS if moment < pause.length]
        rows += reached
        ends += [pause.is_end] * len(reached)
    return Evidence(*logistic(np.array(rows), np.array(ends, float)).tolist())


def logistic(given: Floats, wanted: Floats) -> Floats:
    """Return the weights that make what is wanted likeliest, by Newton's method."""
    weights = np.zeros(given.shape[1])
    for _ in range(25):
        chances = 1 / (1 + np.exp(-given @ weights))
        curvature = (given * (chances * (1 - chances))[:, None]).T @ given
        weights += np.linalg.solve(curvature + 1e-3 * np.eye(len(weights)), given.T @ (wanted - chances))
    return weights


@dataclass(frozen=True, slots=True)
class Curve:
    """What comes of one kind of judge, the more patient it is."""

    name: str
    patience: Sequence[float]
    outcomes: Sequence[Outcome]


def curves_of(corpus: Corpus, turn: Turn) -> list[Curve]:
    """Return the curves of the fixed pauses, of the player's pace, and of the music."""
    patient = [replace(turn, patience=patience) for patience in PATIENCE]
    judges: dict[str, tuple[Sequence[float], list[Judge]]] = {
        "fixed pause": (PAUSES, [fixed(pause) for pause in PAUSES]),
        "pace": (PATIENCE, [by_pace(each) for each in patient]),
        "music": (PATIENCE, [by_music(each) for each in patient]),
    }
    return [
        Curve(name, amounts, [judged(corpus, each) for each in kind])
        for name, (amounts, kind) in judges.items()
    ]


def table_of(corpus: Corpus, curves: Sequence[Curve]) -> str:
    """Return a line for each judge."""
    ends = sum(pause.is_end for pause in corpus.pauses)
    rows = [("", "false/min", "median wait", "mean", "9 in 10")] + [
        (
            f"{curve.name} {amount:g}",
            f"{found.false:.2f}",
            *(f"{wait:.2f} s" for wait in (found.median, found.mean, found.longest)),
        )
        for curve in curves
        for amount, found in zip(curve.patience, curve.outcomes, strict=True)
    ]
    return aligned(f"{corpus.name}: {corpus.minutes:.0f} minutes, {ends} true ends", rows)


def draw(file: Path, corpora: Sequence[Corpus], curves: Sequence[Sequence[Curve]]) -> None:
    """Draw the curves of each corpus: the closer to the corner of both axes, the better."""
    with picture(file, SIZE_INCHES) as figure:
        panels = figure.subplots(1, len(corpora), sharey=True, squeeze=False)[0]
        for axes, corpus, kinds in zip(panels, corpora, curves, strict=True):
            for curve, colour in zip(kinds, COLOURS, strict=False):
                waits = [found.median for found in curve.outcomes]
                false = [found.false for found in curve.outcomes]
                axes.plot(waits, false, "o-", color=colour, label=curve.name, markersize=4)
            axes.set_title(f"{corpus.name}, {corpus.minutes:.0f} minutes")
            axes.set_xlabel("median wait at true ends (s)")
            axes.set_xlim(0.0, LONG_REST)
            axes.set_ylim(0.0, MOST_DRAWN)
        panels[0].set_ylabel("false turns a minute")
        panels[-1].legend(frameon=False)


def heard(folder: Path, engine: str, split: str, most: int) -> list[Corpus]:
    """Return the silences of all corpora, as an engine of some kind hears them."""
    config = defaults().config
    maker = maker_of(replace(config, engine=replace(config.engine, kind=engine)))
    return [corpus_of(folder / name, split, most, maker.make) for name in CORPORA]


def kept(file: Path | None, find: Callable[[], list[Corpus]]) -> list[Corpus]:
    """Return what was found before and is kept in a file, or else find it and keep it."""
    if file is not None and file.exists():
        found: list[Corpus] = pickle.loads(file.read_bytes())
        return found
    found = find()
    if file is not None:
        file.write_bytes(pickle.dumps(found))
    return found


def main() -> None:
    """Print the figures, or the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpora", type=Path, help=f"folder that holds {' and '.join(CORPORA)}")
    parser.add_argument("--engine", default="lstm", help="kind of engine that says what it expects")
    parser.add_argument("--fit", action="store_true", help="learn the weights from the train lists")
    parser.add_argument("--most", type=int, default=0, help="pieces of each list, spread over it; 0 is all")
    parser.add_argument("--keep", type=Path, help="file for the silences, which take long to find")
    parser.add_argument("--plot", type=Path, help="where the curves are drawn")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    split = "train" if asked.fit else "test"
    corpora = kept(asked.keep, lambda: heard(asked.corpora, asked.engine, split, asked.most))
    if asked.fit:
        sys.stdout.write(f"{learnt(corpora)}\n")
        return
    curves = [curves_of(corpus, defaults().config.turn) for corpus in corpora]
    for corpus, each in zip(corpora, curves, strict=True):
        sys.stdout.write(table_of(corpus, each) + "\n")
    if asked.plot:
        draw(asked.plot, corpora, curves)


if __name__ == "__main__":
    main()
