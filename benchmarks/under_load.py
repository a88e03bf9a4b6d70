"""What more than two hands cost for each message, and what becomes of it: merged, left out, or handed on.

Ten seconds of each load go the way of a keyboard's messages, in steps as JACK brings them with its usual
cycles: the hand-off to the loop, the events, the improviser with the shipped network, and the bytes of what
is passed on at once (`play.thru`). The clock is simulated, the cost is processor time of this thread. The
baseline is a message of one player at thirty a second. The same comes once more to a loop that is held up for
two seconds at a time, as no loop should be: then all of it waits.
"""

import argparse
import asyncio
import heapq
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from msgspec.structs import replace

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.adapters.midi.hand_off import HandOff
from antiphon.adapters.midi.wire import CONTROL_CHANGE, NOTE_OFF, NOTE_ON, bytes_of
from antiphon.config import defaults
from antiphon.core.commands import Publish
from antiphon.core.events import (
    ClockTicked,
    ControlMoved,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
)
from antiphon.core.improviser import Improviser
from antiphon.core.units import Seconds

CYCLE: Seconds = 1024 / 48_000
LASTS: Seconds = 10.0
HELD_UP: Seconds = 2.0

MESSAGES_OF_A_TURN = 64
"""That the hand-off delivers before others have their turn."""

TICK, ACTIVE_SENSING, PITCH_BEND = 0xF8, 0xFE, 0xE0
MODULATION, EXPRESSION, CUTOFF = 1, 11, 74

Timed = tuple[Seconds, tuple[int, ...]]

HEAD = """\
# More than two hands can play

Written by `python benchmarks/under_load.py --page docs/reliability/load.md`; nothing on this page is set by
hand. `tests/test_under_load.py` plays the same over real JACK ports to a whole daemon: no note is lost, none
stays, and every controller ends where it was left. [What waits where](queues.md), and what is left out where
too much does, is a page of its own.

{what}

## As it comes

So many came of so many that were played; what a controller is short of was merged with its latest value. A
message costs less where more come: each silence is judged, whether a turn may have ended.

{flowing}

## Where the loop is held up for two seconds

No loop should be. Where more than 64 messages wait, the latest value of a controller takes the place of the one
that waits; ticks of a clock beyond the 96th are only counted; notes come all, in order.

{held_up}
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Something that plays.

    Attributes:
        messages: in order.
    """

    name: str
    messages: Sequence[Timed]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a load: of each kind, how many came, and how many were played.

    Attributes:
        notes: keys pressed and let go.
        controllers: moved, bends among them.
        ticks: of a clock; one that comes may stand for several.
        releases_for_all: how often everything had to count as released, because too much waited.
        microseconds: of processor time for each message that was played.
    """

    notes: tuple[int, int]
    controllers: tuple[int, int]
    ticks: tuple[int, int]
    releases_for_all: int
    microseconds: float


def loads() -> Iterator[Load]:
    """Yield the loads, the baseline first."""
    yield Load("one player, 30 events a second", hands(30.0))
    yield Load("two hands, 200 events a second", hands(200.0))
    yield Load("all 128 keys at once, pressed or let go four times a second", all_keys())
    yield Load("16 clocks at 120 beats a minute, with active sensing", clocks(16))
    yield Load("four controllers, 1,000 messages a second", controllers(1000.0))
    everything = (hands(200.0), all_keys(), clocks(16), controllers(1000.0))
    yield Load("all of it together", list(heapq.merge(*everything)))


def hands(events_a_second: float) -> list[Timed]:
    """Return keys pressed and let go, none while it is down."""
    interval = 2.0 / events_a_second
    notes: list[Timed] = []
    for number in range(round(LASTS / interval)):
        at, pitch = number * interval, 24 + number * 7 % 80
        notes += [(at, (NOTE_ON, pitch, 1 + number % 127)), (at + 1.5 * interval, (NOTE_OFF, pitch, 64))]
    return sorted(notes)


def all_keys() -> list[Timed]:
    return [
        (0.25 * number, (NOTE_OFF if number % 2 else NOTE_ON, pitch, 64))
        for number in range(round(LASTS / 0.25))
        for pitch in range(128)
    ]


def clocks(number: int) -> list[Timed]:
    ticks = [(each / (48.0 * number), (TICK,)) for each in range(round(48 * number * LASTS))]
    sensing = [(each * 0.3 / number, (ACTIVE_SENSING,)) for each in range(round(number * LASTS / 0.3))]
    return list(heapq.merge(ticks, sensing))


def controllers(a_second: float) -> list[Timed]:
    """Return three controllers and a bend, each swept back and forth."""
    return [(number / a_second, moved(number)) for number in range(round(LASTS * a_second))]


def moved(number: int) -> tuple[int, ...]:
    value = abs(number // 4 % 254 - 127)
    controls = (MODULATION, CUTOFF, EXPRESSION)
    return (CONTROL_CHANGE, controls[number % 4], value) if number % 4 < 3 else (PITCH_BEND, 0, value)


async def outcome(load: Load, network: StepGraph, step: Seconds) -> Outcome:
    """Return what becomes of a load that comes in steps of so many seconds."""
    settings = defaults().config.settings
    settings = replace(settings, play=replace(settings.play, thru=True, mode="listen"))
    improviser = Improviser(LstmEngine(network, 1), settings, 0.0)
    came: list[Event] = []

    def deliver(event: Event, at: Seconds) -> None:
        came.append(event)
        improviser.receive(event, at)
        for command in improviser.commands_to_send():
            if not isinstance(command, Publish):
                bytes_of(command, 1)

    hand_off = HandOff(asyncio.get_running_loop(), lambda: 0.0, deliver, channel=0)
    began = time.thread_time()
    for _, steps in groupby(load.messages, lambda message: message[0] // step):
        messages = list(steps)
        for at, message in messages:
            hand_off.receive(message, at)
        for _ in range(len(messages) // MESSAGES_OF_A_TURN + 2):
            await asyncio.sleep(0)
    return counted(load, came, time.thread_time() - began)


def counted(load: Load, came: Sequence[Event], took: Seconds) -> Outcome:
    played = [message for _, message in load.messages]
    return Outcome(
        notes=(
            sum(isinstance(event, KeyPressed | KeyReleased) for event in came),
            sum(message[0] in (NOTE_ON, NOTE_OFF) for message in played),
        ),
        controllers=(
            sum(isinstance(event, ControlMoved | OtherMessage) for event in came),
            sum(message[0] in (CONTROL_CHANGE, PITCH_BEND) for message in played),
        ),
        ticks=(sum(isinstance(event, ClockTicked) for event in came), played.count((TICK,))),
        releases_for_all=came.count(InputLost()),
        microseconds=1e6 * took / len(played),
    )


def page(flowing: dict[str, Outcome], held_up: dict[str, Outcome], rates: dict[str, float]) -> str:
    """Return the page of what was found.

    Args:
        flowing: by the name of the load, as it comes.
        held_up: likewise, where the loop is held up.
        rates: messages of each load in a second.
    """
    what = " ".join((__doc__ or "").partition("\n\n")[2].split())
    baseline = next(iter(flowing.values())).microseconds
    return HEAD.format(
        what=textwrap.fill(what, 110),
        flowing="\n".join(
            [
                "| load | a second | notes | controllers | ticks | a message | beside the first | a core |",
                "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
                *(
                    f"| {name} | {rates[name]:.0f} | {kept(each)} | {each.microseconds:.0f} us "
                    f"| {each.microseconds / baseline:.2f} | {each.microseconds * rates[name] / 1e4:.1f} % |"
                    for name, each in flowing.items()
                ),
            ]
        ),
        held_up="\n".join(
            [
                "| load | notes | controllers | ticks | all keys count as released |",
                "| --- | ---: | ---: | ---: | ---: |",
                *(
                    f"| {name} | {kept(each)} | {each.releases_for_all or 'never'} |"
                    for name, each in held_up.items()
                ),
            ]
        ),
    )


def kept(outcome: Outcome) -> str:
    def told(came: int, played: int) -> str:
        return f"{came} of {played}" if played else ""

    return " | ".join(told(*each) for each in (outcome.notes, outcome.controllers, outcome.ticks))


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--page", type=Path, help="file to write to")
    to = parser.parse_args().page
    network, all_loads = StepGraph(find_network("default")), list(loads())

    def outcomes(step: Seconds) -> dict[str, Outcome]:
        return {load.name: asyncio.run(outcome(load, network, step)) for load in all_loads}

    outcomes(HELD_UP)  # warms up
    flowing, held_up = outcomes(CYCLE), outcomes(HELD_UP)
    written = page(flowing, held_up, {load.name: len(load.messages) / LASTS for load in all_loads})
    if to is None:
        sys.stdout.write(written)
    else:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
