"""How late things happen that are due at a moment: the pacer, and three other ways to wait for it.

The pacer is the real one, with a real improviser that plays a score into a list. The others do no more than
wait for the same moments and read the clock: the event loop's own ``call_at``, ``asyncio.sleep``, and, as the
floor, a thread that ``clock_nanosleep`` wakes at an absolute moment.

They take turns, phrase by phrase, so that whatever else runs on this machine is in the way of all alike: on
the machine as it is, beside busy processes, one on each core, with real-time scheduling and without it, and
beside a busy thread of the same process.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from figures import aligned, percentile
from loads import a_busy_thread, a_busy_thread_that_gives_way, busy_processes, first_in_first_out
from page import Section
from waits import KEYS_DOWN, MOMENTS, by_call_at, by_clock_nanosleep, by_sleep, phrase

from antiphon.adapters import garbage
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.config import defaults
from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.events import Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.settings import Settings
from antiphon.core.units import Seconds, Velocity

ROUNDS_AS_IT_IS, ROUNDS_UNDER_LOAD = 9, 4

PATIENCE = 30.0
"""Seconds until a phrase is given up of which something was left out, as it was a second late."""

FLOOR = "clock_nanosleep"

Contender: TypeAlias = Callable[[], Awaitable[list[Seconds]]]
"""Waits for all the moments of a phrase and returns how late it was for each."""


class Score:
    """An engine that plays the phrase, and rests as long as it may."""

    def __init__(self) -> None:
        self._position = 0

    def prime(self, event: MusicEvent) -> None:
        self._position += 1

    def sample(self, constraints: Constraints) -> MusicEvent:
        if self._position < MOMENTS:
            return phrase()[self._position]
        pitches = constraints.releases or constraints.onsets
        velocity = Velocity(0 if constraints.releases else 80)
        return MusicEvent(constraints.longest_dt, velocity, min(pitches))

    def snapshot(self) -> Snapshot:
        return self._position

    def restore(self, snapshot: Snapshot) -> None:
        self._position = snapshot


async def by_the_pacer() -> list[Seconds]:
    """Let the daemon's own pacer play the phrase."""
    late: list[Seconds] = []
    done = asyncio.Event()

    def play(command: Command) -> None:
        if isinstance(command, PlayNote | ReleaseNote):
            late.append(clock() - command.due)
        if len(late) == MOMENTS:
            done.set()

    pacer = Pacer(Improviser(Score(), settings(), clock()), play, Punctuality().take_down)
    pacer.receive(Triggered(), clock())
    await asyncio.wait_for(done.wait(), PATIENCE)
    pacer.close()
    return late[:MOMENTS]


def settings() -> Settings:
    """Return the shipped settings, for an answer with room for the phrase that leaves nothing of it out."""
    replace, shipped = msgspec.structs.replace, defaults().config.settings
    play = replace(shipped.play, seconds=600.0, polyphony=2 * KEYS_DOWN)
    return replace(shipped, play=play, latency=replace(shipped.latency, late_onset=1.0))


CONTENDERS: dict[str, Contender] = {
    "pacer": by_the_pacer,
    "call_at": by_call_at,
    "sleep": by_sleep,
    FLOOR: by_clock_nanosleep,
}


async def taking_turns(rounds: int) -> dict[str, list[Seconds]]:
    """Let each of them play so many phrases, and return how late it was."""
    late: dict[str, list[Seconds]] = {name: [] for name in CONTENDERS}
    for round_ in range(rounds + 1):
        for name, play in CONTENDERS.items():
            _, *rest = await play()
            if round_:  # the first warms up
                late[name] += rest
    return late


@dataclass(frozen=True, slots=True)
class Case:
    """What is beside the music, and whether the music comes first."""

    name: str
    rounds: int
    load: Callable[[], AbstractContextManager[None]] = nullcontext
    in_real_time: bool = False


AS_IT_IS = Case("as it is", ROUNDS_AS_IT_IS)
BUSY_IN_REAL_TIME = Case("SCHED_FIFO, busy processes", ROUNDS_UNDER_LOAD, busy_processes, in_real_time=True)
CASES = (
    AS_IT_IS,
    Case("SCHED_FIFO", ROUNDS_UNDER_LOAD, in_real_time=True),
    Case("busy processes", ROUNDS_UNDER_LOAD, busy_processes),
    BUSY_IN_REAL_TIME,
    Case("busy thread", ROUNDS_UNDER_LOAD, a_busy_thread),
    Case("busy thread that gives way", ROUNDS_UNDER_LOAD, a_busy_thread_that_gives_way),
)

Latenesses: TypeAlias = dict[str, dict[str, float]]
"""By contender, and by percentile in microseconds."""


def measure(case: Case) -> Latenesses:
    """Measure all of them. Raises PermissionError where it is not allowed to run in real time."""
    in_real_time = first_in_first_out() if case.in_real_time else nullcontext()
    with garbage.set_aside(), case.load(), in_real_time:
        late = asyncio.run(taking_turns(case.rounds))
    return {name: percentiles(seconds) for name, seconds in late.items()}


def percentiles(seconds: list[Seconds]) -> dict[str, float]:
    """Return what is worth telling, in microseconds."""
    found = {f"p{percent:g}": percentile(seconds, percent) for percent in (50, 99, 99.9)}
    in_microseconds = {name: round(1e6 * value, 1) for name, value in (*found.items(), ("max", max(seconds)))}
    return {"count": len(seconds), **in_microseconds}


def ratios(found: dict[str, Latenesses]) -> Iterator[tuple[str, float, float]]:
    """Yield what is held against what, the ratio of their 99th percentiles, and what it is to be at most."""
    alone = found[AS_IT_IS.name]
    ours = alone["pacer"]["p99"]
    yield "pacer / call_at", ours / alone["call_at"]["p99"], 1 / 8
    yield f"pacer / {FLOOR}", ours / alone[FLOOR]["p99"], 1.5
    if loaded := found.get(BUSY_IN_REAL_TIME.name):
        yield f"pacer: {BUSY_IN_REAL_TIME.name} / {AS_IT_IS.name}", loaded["pacer"]["p99"] / ours, 2.0


def as_table(case: Case, found: Latenesses) -> str:
    """Return one line for each contender, with the ratio of its 99th percentile to the floor's."""
    columns = ("p50", "p99", "p99.9", "max")
    rows = [("", *columns, f"p99 / {FLOOR}")]
    for name, late in found.items():
        cells = (f"{late[column]:.0f} us" for column in columns)
        rows.append((name, *cells, f"{late['p99'] / found[FLOOR]['p99']:.2f}"))
    return aligned(f"lateness, {case.name}", rows)


def ratios_as_table(found: dict[str, Latenesses]) -> str:
    rows = [("", "ratio", "goal")]
    for name, ratio, most in ratios(found):
        rows.append((name, f"{ratio:.2f}", f"{'met' if ratio <= most else 'MISSED'} (<= {most:g})"))
    return aligned("p99 against p99", rows)


def as_json(found: dict[str, Latenesses]) -> str:
    """Return the contenders on the machine as it is, then the ratios, and then all of it under load."""
    others = {name: late for name, late in found.items() if name != AS_IT_IS.name}
    told = {name: ratio for name, ratio, _ in ratios(found)}
    return json.dumps({**found[AS_IT_IS.name], "ratios": told, "loads": others}, indent=2) + "\n"


def measured() -> Iterator[tuple[Case, Latenesses]]:
    """Yield each case as soon as it is measured, but those that this user has no right to."""
    for case in CASES:
        try:
            yield case, measure(case)
        except PermissionError:
            sys.stderr.write(f"skipped: {case.name}: this user has no right to SCHED_FIFO\n")


def section() -> Section:
    """Measure all cases, for the page of all benchmarks; drawn are the first and the hardest."""
    found = dict(measured())
    by_name = {case.name: late for case, late in found.items()}
    tables = [as_table(case, late) for case, late in found.items()]
    bars = {
        f"{name}, {case.name}": (late["p50"], late["p99"])
        for case in (AS_IT_IS, BUSY_IN_REAL_TIME)
        for name, late in found.get(case, {}).items()
    }
    return Section("pacing", __doc__ or "", (*tables, ratios_as_table(by_name)), bars, "us")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    wants_json = parser.parse_args().json
    found: dict[str, Latenesses] = {}
    for case, late in measured():
        found[case.name] = late
        if not wants_json:
            sys.stdout.write(as_table(case, late) + "\n")
            sys.stdout.flush()
    sys.stdout.write(as_json(found) if wants_json else ratios_as_table(found))


if __name__ == "__main__":
    main()
