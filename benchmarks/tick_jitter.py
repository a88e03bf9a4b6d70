"""How far from its true moment each tick of an unsteady MIDI clock is taken to be, in simulated time.

Each tick comes early or late by up to so much, evenly distributed. The largest error is told, of ten clocks
of forty bars each, from the fourth bar on; and what becomes of a change of tempo, bar by bar.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence

from antiphon.core.tick_filter import TickFilter
from antiphon.core.units import Seconds

BAR = 96
"""Ticks of four beats."""

CLOCKS = 10
BARS = 40
SETTLED = 3
"""Bars that are not counted."""

CHANGES = ((120.0, 120.3), (120.0, 121.0), (120.0, 126.0), (120.0, 90.0), (100.0, 160.0))
BEFORE, AFTER = 8, 5
"""Bars before a change of tempo and after it."""

Arrival = Callable[[Seconds], Seconds]


def ticks_of(*passages: tuple[float, int]) -> Iterator[Seconds]:
    """Yield when each tick is of passages, each of a tempo and so many bars."""
    now = 0.0
    for bpm, bars in passages:
        for _ in range(bars * BAR):
            now += 60.0 / bpm / 24
            yield now


def unsteady(jitter: Seconds, seed: int) -> Arrival:
    drawn = random.Random(seed)
    return lambda moment: moment + drawn.uniform(-jitter, jitter)


def in_cycles_of(frames: int) -> Arrival:
    """Return how a sound server hands them over: in its own cycles, half of one late on average."""
    cycle = frames / 48_000
    return lambda moment: math.ceil(moment / cycle) * cycle - cycle / 2


def errors(moments: Iterator[Seconds], arrives: Arrival) -> list[Seconds]:
    line, found = TickFilter(), list[Seconds]()
    for moment in moments:
        line.take(1, arrives(moment))
        found.append(abs(line.at - moment))
    return found


def largest(bpm: float, arrivals: Sequence[Arrival]) -> Seconds:
    settled = [errors(ticks_of((bpm, BARS)), arrives)[SETTLED * BAR :] for arrives in arrivals]
    return max(map(max, settled))


def lines() -> Iterator[str]:
    """Yield two tables in Markdown, in milliseconds."""
    tempi = (40.0, 60.0, 90.0, 120.0, 174.0, 240.0)
    yield "| ticks come | " + " | ".join(f"{bpm:.0f} bpm" for bpm in tempi) + " |"
    yield "| --- " + "| ---: " * len(tempi) + "|"
    for jitter in (0.0005, 0.002, 0.01):
        arrivals = [unsteady(jitter, seed) for seed in range(CLOCKS)]
        yield row(f"up to {1000 * jitter:g} ms early or late", [largest(bpm, arrivals) for bpm in tempi])
    for frames in (64, 256, 1024):
        found = [largest(bpm, [in_cycles_of(frames)]) for bpm in tempi]
        yield row(f"in cycles of {frames} frames, {frames / 48:.1f} ms", found)
    yield ""
    yield "| change of tempo | " + " | ".join(f"bar {number + 1}" for number in range(AFTER)) + " |"
    yield "| --- " + "| ---: " * AFTER + "|"
    for before, after in CHANGES:
        passages = (before, BEFORE), (after, AFTER)
        runs = [errors(ticks_of(*passages), unsteady(0.002, seed)) for seed in range(CLOCKS)]
        bars = [range((BEFORE + bar) * BAR, (BEFORE + bar + 1) * BAR) for bar in range(AFTER)]
        found = [max(run[tick] for run in runs for tick in bar) for bar in bars]
        yield row(f"from {before:g} to {after:g}", found)


def row(name: str, seconds: Sequence[Seconds]) -> str:
    return f"| {name} | " + " | ".join(f"{1000 * each:.2f}" for each in seconds) + " |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
