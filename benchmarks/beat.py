"""How well the beat of pieces is heard whose beats are known; and what its weights were learnt from.

    benchmarks/beat.py CORPORA            the test lists, as docs/tempo.md has them
    benchmarks/beat.py CORPORA --learn    the train lists: the weights of core/beat_lengths.py, learnt anew

The beats are those of the files' tempo maps and time signatures; of x/8 by threes a beat is three eighths.
Only pieces are taken whose beat is steady by that map. Each is listened to for two minutes at most, and asked
once a second from the fifth on. A beat that is heard twice or three times as fast or as slow as it is written
has columns of its own: which of them is *the* beat is often a matter of taste.
"""

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median, pstdev
from typing import Any

import mido
import numpy as np
import numpy.typing as npt

from antiphon.core.beat import BeatTracker
from antiphon.core.beat_lengths import CANDIDATES, USUAL, WEIGHTS, strengths_at
from antiphon.core.metre import Metre
from antiphon.core.units import Pitch, Seconds, Velocity

PLAYED, WRITTEN = ("piano-midi-de",), ("mutopia-keyboard", "openewld", "nottingham")
"""Corpora whose tempo and touch are a player's, and such as stand on the grid."""

LISTS = "splits.json"
FINGERS: Seconds = 0.02
"""How early or late, as a standard deviation, what stands on the grid is played here as well."""

LISTENED: Seconds = 120.0
ASKED_FROM: Seconds = 5.0
STEADY = 0.1
"""Standard deviation of the lengths of a piece's beats, over their mean, up to which it is steady."""

LATELY = 4
"""Beats whose mean length is the true one at a moment."""

RIGHT = 0.08
"""Error up to which a length is that of a level of the metre, and not of something else."""

LEVELS = {"half": 0.5, "double": 2.0, "third": 1 / 3, "triple": 3.0}
"""Times as long as a true beat."""

ON_TIME: Seconds = 0.07
"""How far from a true beat one is heard that counts as there; the usual tolerance for beat trackers."""

FEWEST_ANSWERS = 5


@dataclass(frozen=True)
class Piece:
    """Onsets as (moment, pitch, velocity); when each beat is, its place in the bar, and the bar's length."""

    onsets: list[tuple[Seconds, int, int]]
    beats: list[Seconds]
    places: list[int]
    bars: list[int]

    def beat_before(self, now: Seconds) -> int:
        return int(np.searchsorted(self.beats, now)) - 1

    def period_at(self, now: Seconds) -> Seconds | None:
        """Return how long a beat is at a moment, None where that is not known."""
        last = self.beat_before(now)
        if not LATELY <= last < len(self.beats) - 1:
            return None
        return (self.beats[last] - self.beats[last - LATELY]) / LATELY

    @property
    def is_steady(self) -> bool:
        lengths = [later - before for before, later in pairwise(self.beats)]
        return len(lengths) > 2 * LATELY and pstdev(lengths) / fmean(lengths) < STEADY

    def by_fingers(self, seed: int) -> "Piece":
        """Return it as it is played by somebody who is now early and now late."""
        drawn = random.Random(seed)
        moved = sorted((at + drawn.gauss(0.0, FINGERS), pitch, loud) for at, pitch, loud in self.onsets)
        return Piece(moved, self.beats, self.places, self.bars)


def pieces(corpora: Path, corpus: str, split: str, most: int) -> Iterator[Piece]:
    """Yield the steady pieces of a list."""
    names = sorted(json.loads((corpora / corpus / LISTS).read_text())[split])
    random.Random(1).shuffle(names)
    for name in names[:most]:
        found = next(iter((corpora / corpus).rglob(Path(name).name)), None)
        piece = None if found is None else piece_of(found)
        if piece is not None and piece.is_steady:
            yield piece


def piece_of(path: Path) -> Piece | None:
    """Read a file; None where it does not tell its beats."""
    file = mido.MidiFile(path)
    timed: list[tuple[int, Any]] = []
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            timed.append((tick, message))
    timed.sort(key=lambda each: each[0])
    signatures = [(tick, each) for tick, each in timed if each.type == "time_signature"]
    onsets = [(tick, each) for tick, each in timed if each.type == "note_on" and each.velocity]
    if not signatures or not onsets:
        return None
    moments = Moments([(tick, each.tempo) for tick, each in timed if each.type == "set_tempo"], file)
    first = moments.at(onsets[0][0])
    heard = [(moments.at(tick), each.note, each.velocity) for tick, each in onsets]
    counted = [
        (moments.at(tick), place, bar)
        for tick, place, bar in beats_of(signatures, onsets[-1][0], file.ticks_per_beat)
    ]
    heard = [each for each in heard if each[0] < first + LISTENED]
    beats, places, bars = zip(*(each for each in counted if each[0] < first + LISTENED), strict=True)
    return Piece(heard, list(beats), list(places), list(bars))


class Moments:
    """When each tick of a file is."""

    def __init__(self, tempi: Sequence[tuple[int, int]], file: Any) -> None:
        tempi = [(0, 500_000), *tempi]
        self._ticks = np.array([tick for tick, _ in tempi], float)
        self._seconds_a_tick = np.array([tempo / 1e6 / file.ticks_per_beat for _, tempo in tempi])
        passed = np.diff(self._ticks) * self._seconds_a_tick[:-1]
        self._began = np.concatenate([[0.0], np.cumsum(passed)])

    def at(self, tick: float) -> Seconds:
        place = int(np.searchsorted(self._ticks, tick, side="right")) - 1
        return float(self._began[place] + (tick - self._ticks[place]) * self._seconds_a_tick[place])


def beats_of(
    signatures: Sequence[tuple[int, Any]], end: int, ticks_a_quarter: int
) -> Iterator[tuple[float, int, int]]:
    """Yield the tick of each beat, its place in the bar, and how many beats that has."""
    ends = [*(tick for tick, _ in signatures[1:]), end]
    for (begin, signature), until in zip(signatures, ends, strict=True):
        length, bar = 4 * ticks_a_quarter / signature.denominator, signature.numerator
        if signature.denominator >= 8 and bar % 3 == 0:
            length, bar = 3 * length, bar // 3
        for number in range(math.ceil((until - begin) / length)):
            yield begin + number * length, number % bar, bar


@dataclass(frozen=True)
class Heard:
    """What was heard of a piece, each time that it was asked; shares are of these times.

    Attributes:
        error: median error of the period.
        error_of_any_level: the same, to that level of the metre which is nearest.
        levels: the share in which it was right, and of each of LEVELS.
        on_time: where it was right, the share of beats that were where they are.
        bar: where it was right, the share in which the bar had as many beats, up to multiples of two.
        downbeat: of these, the share in which it began where it does.
    """

    error: float
    error_of_any_level: float
    levels: dict[str, float]
    on_time: float | None
    bar: float | None
    downbeat: float | None


def listened_to(piece: Piece) -> Iterator[tuple[Seconds, Metre]]:
    """Yield what is heard of a piece once a second, in which nothing is known of what comes."""
    tracker = BeatTracker()
    asks_at = piece.onsets[0][0] + ASKED_FROM
    for at, pitch, velocity in piece.onsets:
        if tracker.due is not None and tracker.due <= at:
            tracker.advance(tracker.due)
        while asks_at <= at:
            if (metre := tracker.metre(asks_at)) is not None:
                yield asks_at, metre
            asks_at += 1.0
        tracker.hear(Pitch(pitch), Velocity(velocity), at)


def measured(piece: Piece) -> Heard | None:
    """Return how well a piece's beat is heard; None where it was too short to be asked."""
    ratios: list[float] = []
    right: list[tuple[bool, bool, bool]] = []
    for now, metre in listened_to(piece):
        period = piece.period_at(now)
        if period is None:
            continue
        ratios.append(metre.period / period)
        if abs(ratios[-1] - 1.0) < RIGHT:
            right.append(agreement(piece, metre, now))
    if len(ratios) < FEWEST_ANSWERS:
        return None
    times = (1.0, *LEVELS.values())
    errors = [abs(ratio - 1.0) for ratio in ratios]
    of_any = [min(abs(ratio / each - 1.0) for each in times) for ratio in ratios]
    named = {"right": 1.0, **LEVELS}
    levels = {
        name: fmean(abs(ratio / each - 1.0) < RIGHT for ratio in ratios) for name, each in named.items()
    }
    of_known_bars = [begins for _, bar, begins in right if bar]
    return Heard(
        median(errors),
        median(of_any),
        levels,
        fmean(there for there, _, _ in right) if right else None,
        fmean(bar for _, bar, _ in right) if right else None,
        fmean(of_known_bars) if of_known_bars else None,
    )


def agreement(piece: Piece, metre: Metre, now: Seconds) -> tuple[bool, bool, bool]:
    """Return whether a beat of the right length is also there, in a bar of that length, at that place."""
    last = piece.beat_before(now)
    beat_there = metre.beat_at(piece.beats[last])
    off = abs(beat_there - round(beat_there)) * metre.period
    bar = metre.bar == piece.bars[last] or (metre.bar == 4 and piece.bars[last] in (1, 2, 4))
    place = (round(beat_there) - piece.places[last]) % min(metre.bar, piece.bars[last])
    return off < ON_TIME, bar, place == 0


def table(corpora: Path, split: str, most: int) -> Iterator[dict[str, object]]:
    for corpus in (*PLAYED, *WRITTEN):
        found = list(pieces(corpora, corpus, split, most))
        yield row(corpus, found)
        if corpus in WRITTEN:
            yield row(f"{corpus}, by fingers", [piece.by_fingers(seed) for seed, piece in enumerate(found)])


def row(name: str, found: Sequence[Piece]) -> dict[str, object]:
    began = time.process_time()
    heard = [each for each in map(measured, found) if each is not None]
    taken = time.process_time() - began
    shares = {level: mean_of([each.levels[level] for each in heard]) for level in ("right", *LEVELS)}
    return {
        "corpus": name,
        "pieces": len(heard),
        "error": median(each.error for each in heard),
        "of any level": median(each.error_of_any_level for each in heard),
        **shares,
        "on time": mean_of([each.on_time for each in heard]),
        "bar": mean_of([each.bar for each in heard]),
        "downbeat": mean_of([each.downbeat for each in heard]),
        "us a note": 1e6 * taken / sum(len(piece.onsets) for piece in found),
    }


def mean_of(shares: Sequence[float | None]) -> float:
    return fmean(share for share in shares if share is not None)


def printed(rows: Sequence[dict[str, object]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: shares and errors in percent."""
    names = list(rows[0])
    yield "| " + " | ".join(names) + " |"
    yield "| --- " + "| ---: " * (len(names) - 1) + "|"
    for each in rows:
        yield "| " + " | ".join(in_words(name, value) for name, value in each.items()) + " |"


def in_words(name: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    if name == "us a note":
        return f"{value:.0f}"
    return f"{100 * value:.1f} %" if name in ("error", "of any level") else f"{100 * value:.0f} %"


def learnt(corpora: Path, most: int) -> dict[str, float]:
    """Return the weights under which the true lengths of beats are likeliest, on the train lists.

    A conditional logit over all candidate lengths; each corpus counts alike, and in it each piece. What is
    on the grid is heard by fingers: nobody plays like that, and it would be learnt that quick notes are never
    late. A little ridge keeps it from trusting what a single corpus says.
    """
    seen: list[npt.NDArray[np.float64]] = []
    true: list[int] = []
    counts: list[float] = []
    for corpus in (*PLAYED, *WRITTEN):
        heard = pieces(corpora, corpus, "train", most)
        if corpus in WRITTEN:
            heard = (piece.by_fingers(seed) for seed, piece in enumerate(heard))
        found = [each for each in (list(lesson(piece)) for piece in heard) if each]
        for of_a_piece in found:
            seen += [features for features, _ in of_a_piece]
            true += [length for _, length in of_a_piece]
            counts += [1.0 / len(found) / len(of_a_piece)] * len(of_a_piece)
    weights = fitted(np.array(seen), np.array(true), np.array(counts))
    names = [*(f"x{times:g}" for times in WEIGHTS), "octave slower", "squared"]
    return dict(zip(names, weights.tolist(), strict=True))


EVERY = 12
"""Chords between two that something is learnt from."""


def lesson(piece: Piece) -> Iterator[tuple[npt.NDArray[np.float64], int]]:
    """Yield now and then what speaks for each candidate, and which of them is true."""
    tracker = BeatTracker()
    for number, (at, pitch, velocity) in enumerate(piece.onsets):
        if tracker.due is not None and tracker.due <= at:
            tracker.advance(tracker.due)
            period = piece.period_at(at)
            if period is not None and number % EVERY == 0:
                octaves = np.log2(np.array(CANDIDATES) / USUAL)
                strengths = tracker.resonators.strengths()
                read = [list(strengths_at(times, strengths)) for times in WEIGHTS]
                off = np.abs(octaves - math.log2(period / USUAL))
                if off.min() < 0.05:
                    yield np.array([*read, octaves, octaves**2]).T, int(off.argmin())
        tracker.hear(Pitch(pitch), Velocity(velocity), at)


def fitted(
    features: npt.NDArray[np.float64], true: npt.NDArray[np.int64], counts: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the likeliest weights, by Newton's method.

    Args:
        features: (lessons, candidates, features).
        true: (lessons,), the candidate that is the true one.
        counts: (lessons,), what each lesson counts.
    """
    weights = np.zeros(features.shape[2])
    ridge = 0.004 * np.eye(len(weights))
    counts = counts / counts.sum()
    for _ in range(20):
        scores = features @ weights
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        expected = np.einsum("nc,ncf->nf", shares, features)
        slope = counts @ (features[np.arange(len(true)), true] - expected) - ridge @ weights
        spread = np.einsum("n,nc,ncf,ncg->fg", counts, shares, features, features, optimize=True)
        bend = spread - np.einsum("n,nf,ng->fg", counts, expected, expected) + ridge
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--split", default="test", choices=("train", "valid", "test"))
    parser.add_argument("--most", type=int, default=1000, help="files of each corpus at most")
    parser.add_argument("--learn", action="store_true", help="learn the weights from the train lists")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.learn:
        sys.stdout.write(json.dumps(learnt(given.corpora, given.most), indent=1) + "\n")
        return
    rows = list(table(given.corpora, given.split, given.most))
    sys.stdout.write(json.dumps(rows) + "\n" if given.json else "\n".join(printed(rows)) + "\n")


if __name__ == "__main__":
    main()
