"""What an event costs: heard from the player, and imagined for an answer, through the whole core.

The shipped model under a simulated clock. The baseline is the bare ``invoke`` of the same file.
"""

import time
import tomllib
from collections.abc import Callable
from importlib.resources import files

import msgspec
from figures import Figure, Result, main_of, percentile

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import find_model
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.core.events import Event, KeyPressed, KeyReleased, Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity

TITLE = "time per event"
ROUNDS = 20
EVENTS_PER_ROUND = 100


def measure() -> Result:
    """Take turns in short rounds, so that whatever else runs slows all alike."""
    model = find_model("default", "")
    network = StepGraph(model)
    bare, primed, generated = list[float](), list[float](), list[float]()
    for round_ in range(ROUNDS + 1):
        engine = LstmEngine(network, seed=round_)
        rounds = (
            [microseconds(network.invoke) for _ in range(EVENTS_PER_ROUND)],
            priming(engine),
            generating(engine),
        )
        if round_:  # the first warms up
            for kept, new in zip((bare, primed, generated), rounds, strict=True):
                kept += new
    baseline = percentile(bare, 50)
    return Result(
        TITLE,
        (
            figure("bare invoke", bare, None),
            figure("event heard", primed, baseline),
            figure("event imagined and sent", generated, baseline),
        ),
    )


def figure(name: str, values: list[float], baseline: float | None) -> Figure:
    return Figure(name, percentile(values, 50), "us", percentile(values, 99), baseline)


def microseconds(act: Callable[[], None]) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    act()
    return 1e6 * (time.perf_counter() - began)


def priming(engine: LstmEngine) -> list[float]:
    """Let a player play, and return the time that each event took to be heard."""
    improviser = Improviser(engine, settings(mode="listen"), 0.0)
    took: list[float] = []
    for number in range(EVENTS_PER_ROUND):
        pitch = Pitch(60 + number // 2 % 12)
        event: Event = KeyReleased(pitch) if number % 2 else KeyPressed(pitch, Velocity(80))
        at = number * 0.2
        took.append(microseconds(lambda event=event, at=at: improviser.receive(event, at)))  # type: ignore[misc]
    return took


def generating(engine: LstmEngine) -> list[float]:
    """Let it answer, and return the time that each event took; without looking ahead each is one step."""
    improviser = Improviser(engine, settings(mode="answer"), 0.0)
    improviser.receive(Triggered(), 0.0)
    took: list[float] = []
    while len(took) < EVENTS_PER_ROUND and (at := improviser.wake_at()) is not None:
        took.append(microseconds(lambda at=at: improviser.advance(at)))  # type: ignore[misc]
        improviser.commands_to_send()
    return took


def settings(mode: str) -> Settings:
    """Return the shipped settings for a long answer that is never planned ahead."""
    shipped = tomllib.loads((files("antiphon") / "defaults.toml").read_text(encoding="utf-8"))
    chosen = {name: shipped[name] for name in Settings.__struct_fields__}
    chosen["play"] |= {"mode": mode, "seconds": 600.0}
    chosen["latency"] |= {"look_ahead": 0.0}
    return msgspec.convert(chosen, Settings)


def main() -> None:
    """Print the figures."""
    main_of(__doc__ or "", measure)


if __name__ == "__main__":
    main()
