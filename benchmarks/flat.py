"""Whether a long life costs anything: time per event and memory, early in a session and late.

The network hears 100,000 events. The core plays and hears ten million, with an engine that takes no time: a
player plays phrases and is answered, for months of simulated jamming. The baseline of each is the same at its
beginning.
"""

import os
import random
import time
from collections.abc import Iterator
from functools import partial

from event_cost import microseconds
from figures import Figure, Result, main_of, percentile

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.bench.engine_cost import seconds
from antiphon.bench.resources import own_megabytes
from antiphon.config import defaults
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch, Seconds, Velocity

HEARD = 100_000
PLAYED = 10_000_000
AT_A_TIME = 1_000
EARLY = 0.1
"""Share of a life after which its memory is taken for the baseline."""


class InNoTime:
    """An engine that plays anything that it may, and remembers how much it heard."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        self.heard = 0

    def prime(self, event: MusicEvent) -> None:
        self.heard += 1

    def sample(self, constraints: Constraints) -> MusicEvent:
        dt = min(max(self._random.random() * 0.2, constraints.shortest_dt), constraints.longest_dt)
        if constraints.releases and (not constraints.onsets or self._random.random() < 0.5):
            return MusicEvent(dt, Velocity(0), min(constraints.releases))
        return MusicEvent(dt, Velocity(80), min(constraints.onsets - constraints.taken))

    def snapshot(self) -> Snapshot:
        return self.heard

    def restore(self, snapshot: Snapshot) -> None:
        self.heard = snapshot


def measure() -> Result:
    """Return the figures of both."""
    return Result("a long life", (*heard_by_the_network(), *played_by_the_core(PLAYED)))


def heard_by_the_network() -> Iterator[Figure]:
    """Yield what an event costs to hear, after the first thousand and after all."""
    engine = LstmEngine(StepGraph(find_network("default")), seed=1)
    took: list[list[float]] = []
    for start in range(0, HEARD, AT_A_TIME):
        events = [
            MusicEvent(0.1, Velocity(80 * (number % 2)), Pitch(40 + number // 2 % 40))
            for number in range(start, start + AT_A_TIME)
        ]
        took.append(microseconds([seconds(partial(engine.prime, event)) for event in events]))
    first, last = took[1], took[-1]
    baseline = percentile(first, 50)
    yield Figure("network hears, at first", baseline, "us", percentile(first, 99))
    yield Figure(f"after {HEARD:,} events", percentile(last, 50), "us", percentile(last, 99), baseline)


def played_by_the_core(events: int) -> Iterator[Figure]:
    """Yield what an event costs, and what the process keeps, a tenth of the way and at the end."""
    engine = InNoTime()
    improviser = Improviser(engine, defaults().config.settings, 0.0)
    jam = play_through(improviser, phrases(), float("inf"))
    marks: list[tuple[float, float]] = []
    for share in (EARLY, 1.0):
        began, before = time.perf_counter(), engine.heard
        while engine.heard < share * events:
            next(jam)
        cost = 1e6 * (time.perf_counter() - began) / (engine.heard - before)
        marks.append((cost, own_megabytes(os.getpid())))
    (early_cost, early), (late_cost, late) = marks
    yield Figure(f"core, first {int(EARLY * events):,} events", early_cost, "us")
    yield Figure(f"up to {events:,}", late_cost, "us", None, early_cost)
    yield Figure(f"memory after {int(EARLY * events):,}", early, "MB")
    yield Figure(f"after {events:,}", late, "MB", None, early)


def phrases() -> Iterator[TimedEvent]:
    """Yield a player who plays eight notes every fifteen seconds, for ever."""
    now: Seconds = 0.0
    while True:
        for number in range(8):
            pitch = Pitch(48 + 3 * number)
            yield TimedEvent(now, KeyPressed(pitch, Velocity(80)))
            yield TimedEvent(now + 0.2, KeyReleased(pitch))
            now += 0.25
        now += 13.0


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
