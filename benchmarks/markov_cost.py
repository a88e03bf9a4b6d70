"""What the Markov engine takes for an event when it has learnt 100,000: one heard and learnt, one drawn.

Beside it stands the bare ``invoke`` of the shipped network, in turns, so that all are slowed alike. What it
learnt are walks in ever other scales and tempi: most of its contexts are met once, which is the worst.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice

from figures import Figure, Result, as_table, percentile
from msgspec.structs import replace

from antiphon.adapters.engines.markov.engine import MarkovEngine
from antiphon.adapters.engines.markov.opening import markov_engines
from antiphon.adapters.engines.models import find_model, find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.config import defaults
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon_models.markov.card import TableCard

TITLE = "an event of the Markov engine"
LEARNT = 100_000
ROUNDS, EVENTS_PER_ROUND = 20, 200
MOST = 50.0
"""Microseconds that either may take."""

KEYS = frozenset(map(Pitch, range(21, 109)))
IN_C = Guide(4.0, 70.0, 62.0, (0.2, 0.0, 0.15, 0.0, 0.2, 0.1, 0.0, 0.2, 0.0, 0.1, 0.0, 0.05))


def played(seed: int) -> Iterator[MusicEvent]:
    """Yield what somebody plays for ever: two voices, in a scale and a tempo that change every minute."""
    drawn, sounding = random.Random(seed), list[Pitch]()
    while True:
        beat, home = drawn.uniform(0.1, 0.4), drawn.randrange(12)
        scale = [pitch for pitch in range(40, 90) if (pitch - home) % 12 in (0, 2, 4, 5, 7, 9, 11)]
        degree = drawn.randrange(len(scale))
        for _ in range(200):
            dt = drawn.choice((0.0, beat, beat, 2 * beat)) * drawn.gauss(1.0, 0.08)
            if len(sounding) > 1:
                yield MusicEvent(max(0.0, dt), Velocity(0), sounding.pop(0), is_players=True)
                continue
            degree = min(max(degree + drawn.randrange(-4, 5), 0), len(scale) - 1)
            pitch = Pitch(scale[degree])
            if pitch not in sounding:
                sounding.append(pitch)
                loudness = min(max(int(drawn.gauss(70, 12)), 1), 127)
                yield MusicEvent(max(0.0, dt), Velocity(loudness), pitch, is_players=True)


def engine_that_learnt() -> MarkovEngine:
    """Return an engine that has learnt from nobody but this player, and remembers all of it."""
    settings = replace(defaults().config.markov, learn=False, keep_last=100_000)
    engine = markov_engines(find_model("markov", TableCard), settings)(1)
    for event in islice(played(1), LEARNT):
        engine.prime(event)
    return engine


def hearing(engine: MarkovEngine, seed: int) -> list[Seconds]:
    took = []
    for event in islice(played(seed), EVENTS_PER_ROUND):
        began = time.perf_counter()
        engine.prime(event)
        took.append(time.perf_counter() - began)
    return took


def drawing(engine: MarkovEngine) -> list[Seconds]:
    """Draw an answer as the daemon does, in a key and near a register, and hear it, which is not timed."""
    took, sounding = [], frozenset[Pitch]()
    for pitch in [*engine.heard.past.sounding]:
        engine.prime(MusicEvent(0.1, Velocity(0), Pitch(pitch), is_players=True))
    for _ in range(EVENTS_PER_ROUND):
        asked = Constraints(0.0, 4.0, KEYS, sounding, 1.0, 0.03, taken=sounding, guide=IN_C)
        began = time.perf_counter()
        event = engine.sample(asked)
        took.append(time.perf_counter() - began)
        engine.prime(event)
        sounding = sounding | {event.pitch} if event.velocity else sounding - {event.pitch}
    return took


def measure() -> Result:
    """Return what each takes beside the bare graph of the shipped network."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    engine, network = engine_that_learnt(), StepGraph(find_network("default"))
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    contenders: dict[str, Callable[[int], list[Seconds]]] = {
        "invoke": lambda _: stepping(network),
        "heard_and_learnt": lambda seed: hearing(engine, seed),
        "drawn": lambda _: drawing(engine),
    }
    all_took: dict[str, list[float]] = {name: [] for name in contenders}
    for round_ in range(ROUNDS + 1):
        for name, measured in contenders.items():
            each = [1e6 * took for took in measured(round_ + 2)]
            if round_:  # the first warms up
                all_took[name] += each
    floor = percentile(all_took["invoke"], 50)
    figures = [
        Figure(
            name,
            percentile(each, 50),
            "us",
            percentile(each, 99),
            None if name == "invoke" else floor,
            None if name == "invoke" else MOST,
        )
        for name, each in all_took.items()
    ]
    return Result(TITLE, (*figures, Figure("memory", megabytes, "MB", megabytes)))


def stepping(network: StepGraph) -> list[Seconds]:
    took = []
    for _ in range(EVENTS_PER_ROUND):
        began = time.perf_counter()
        network.invoke()
        took.append(time.perf_counter() - began)
    return took


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    sys.stdout.write(as_table(measure()) + "\n")


if __name__ == "__main__":
    main()
