"""What an event costs: heard from a player, and imagined for an answer, through the whole core.

The improviser under a simulated clock, with the engine that would play. The floor is the bare graph.
"""

import time
from collections.abc import Callable
from functools import partial

import msgspec

from antiphon.adapters.engines.kinds import Maker
from antiphon.adapters.histogram import Histogram
from antiphon.bench.measured import Cost
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.engine import Engine
from antiphon.core.events import Event, KeyPressed, KeyReleased, Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Seconds, Velocity

ROUNDS = 20
EVENTS_PER_ROUND = 100

LONG = 600.0
"""Seconds of an answer that does not end of itself."""


def cost(
    maker: Maker, settings: Settings, bare: Callable[[], object] | None = None, rounds: int = ROUNDS
) -> Cost:
    """Measure in turns and short rounds, so that whatever else runs here slows all of them alike.

    Args:
        maker: of the engine.
        settings: of the music.
        bare: one call of the graph alone; None where the engine has none that is called for each event.
        rounds: of a hundred events each.
    """
    found = Cost(Histogram(), Histogram(), Histogram())
    for round_ in range(rounds + 1):
        engine = maker.make(round_)
        took = (
            [seconds(bare) for _ in range(EVENTS_PER_ROUND)] if bare else [],
            priming(engine, settings),
            generating(engine, settings),
        )
        if round_:  # the first warms up
            for histogram, each in zip((found.invoke, found.prime, found.event), took, strict=True):
                for duration in each:
                    histogram.record(duration)
    return found


def priming(engine: Engine, settings: Settings) -> list[Seconds]:
    """Let a player play, and return the time that each event took to be heard.

    What may wait until that is sent which is passed on, is done in between, as when it plays.
    """
    improviser = Improviser(engine, in_mode(settings, "listen"), 0.0)
    took: list[Seconds] = []
    for number in range(EVENTS_PER_ROUND):
        pitch = Pitch(60 + number // 2 % 12)
        event: Event = KeyReleased(pitch) if number % 2 else KeyPressed(pitch, Velocity(80))
        at = number * 0.2
        took.append(seconds(partial(improviser.receive, event, at)))
        while (next_at := improviser.wake_at()) is not None and next_at < at + 0.2:
            improviser.advance(next_at)
    return took


def generating(engine: Engine, settings: Settings) -> list[Seconds]:
    """Let it answer, and return the time that each event took until its command was given out."""
    improviser = Improviser(engine, in_mode(settings, "answer"), 0.0)
    improviser.receive(Triggered(), 0.0)
    took: list[Seconds] = []
    so_far = 0.0
    while len(took) < EVENTS_PER_ROUND and (at := improviser.wake_at()) is not None:
        began = time.perf_counter()
        improviser.advance(at)
        commands = improviser.commands_to_send()
        so_far += time.perf_counter() - began
        if any(isinstance(command, PlayNote | ReleaseNote) for command in commands):
            took.append(so_far)
            so_far = 0.0
    return took


def seconds(act: Callable[[], object]) -> Seconds:
    """Return how long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def in_mode(settings: Settings, mode: str) -> Settings:
    """Return the settings for an answer that does not end and is never planned ahead."""
    replace = msgspec.structs.replace
    play = replace(settings.play, mode=mode, seconds=LONG)
    return replace(settings, play=play, latency=replace(settings.latency, look_ahead=0.0))
