"""A session on real ports: a daemon in a process of its own, left alone for a while and then played with.

The ports are virtual ones of the MIDI system that the configuration names, so what is measured is this
machine with that system, whatever is plugged in.
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from antiphon.adapters.histogram import Histogram
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.midi.libraries import MidiSystem, new_client
from antiphon.adapters.midi.system import find_system
from antiphon.adapters.midi.wire import NOTE_OFF, NOTE_ON
from antiphon.adapters.pacer import clock
from antiphon.bench import stage
from antiphon.bench.measured import Playing, Session, Waiting
from antiphon.bench.resources import cpu_seconds, own_megabytes
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, PortError
from antiphon.listing import literal
from antiphon.schema import values_of
from antiphon.settings import Config

KEYBOARD, INSTRUMENT = "bench-keyboard", "bench-instrument"

PHRASE = (60, 62, 64, 65, 67, 69, 71, 72)
BETWEEN_KEYS: Seconds = 0.15

PATIENCE: Seconds = 20.0
"""After which a daemon that does not listen, or does not end, is given up."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long everything goes on.

    Attributes:
        left_alone: seconds for which a daemon that waits is watched.
        turns: phrases that are played to another.
        answer: seconds of an answer.
        rest: seconds from the end of a phrase to the next, which may interrupt the answer.
    """

    left_alone: Seconds = 8.0
    turns: int = 5
    answer: Seconds = 4.0
    rest: Seconds = 5.0


DEFAULT = Plan()


def play_a_session(config: Config, plan: Plan = DEFAULT) -> Session:
    """Start daemons on this machine's MIDI system, leave one alone, play with another; takes 45 seconds.

    Args:
        config: all settings; its ports, recorder and length of answers are those of the bench.
        plan: how long everything goes on.

    Raises:
        NoMidiSystem: there is none, or none is wanted.
        AntiphonError: a daemon could not be started.
    """
    system = find_system(config.midi.api)
    config = for_the_bench(config, system, plan)
    with Player(system) as player:
        waiting = left_alone(config, plan)
        playing = played_with(config, plan, player)
    return Session(system, waiting, playing)


def for_the_bench(config: Config, system: MidiSystem, plan: Plan) -> Config:
    """Return the settings of the user but for what the bench needs."""
    replace = msgspec.structs.replace
    return replace(
        config,
        midi=replace(config.midi, api=system, in_=f"{KEYBOARD}*", out=f"{INSTRUMENT}*", in_channel=0),
        play=replace(config.play, mode="answer", seconds=plan.answer, thru=True, transpose=0),
        record=replace(config.record, enabled=False),
    )


def left_alone(config: Config, plan: Plan) -> Waiting:
    """Start `antiphon run` and let it wait."""
    began = clock()
    with daemon("antiphon.cli", "run", *as_options(config)) as process:
        start = clock() - began
        # What follows the start, such as the first look at the ports, is no waiting.
        time.sleep(1.0)
        before = cpu_seconds(process.pid)
        time.sleep(plan.left_alone)
        busy = cpu_seconds(process.pid) - before
        return Waiting(start, own_megabytes(process.pid), 100 * busy / plan.left_alone)


def played_with(config: Config, plan: Plan, player: "Player") -> Playing:
    """Play turn after turn, and return how late everything was."""
    with daemon(stage.__name__, msgspec.json.encode(config).decode()) as process:
        for _ in range(plan.turns):
            player.play_phrase()
            time.sleep(plan.rest)
        process.terminate()
        said, _ = process.communicate(timeout=PATIENCE)
    kept: dict[str, list[tuple[Seconds, int]]] = json.loads(said.splitlines()[-1])
    return Playing(**{name: from_buckets(buckets) for name, buckets in kept.items()}, echo=player.echo)


def from_buckets(buckets: Sequence[tuple[Seconds, int]]) -> Histogram:
    histogram = Histogram()
    for upper, count in buckets:
        histogram.record(upper, count)
    return histogram


@contextlib.contextmanager
def daemon(module: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a daemon and wait until it listens; end it with the context.

    Raises:
        AntiphonError: it did not come so far.
    """
    # -P: what lies in the current folder is none of its business.
    command = [sys.executable, "-P", "-m", module, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until_it_listens(process)
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        except (subprocess.TimeoutExpired, ValueError):  # it hangs, or was waited for already
            process.kill()
            process.wait()


def wait_until_it_listens(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    said = ""
    for said in process.stderr:
        if "listening on" in said:
            # Nobody reads what it says from here on, and it must not be kept waiting for that.
            threading.Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
            return
    raise AntiphonError(f"the daemon did not start: {said.strip().removeprefix('antiphon: ')}")


def as_options(config: Config) -> list[str]:
    """Return the options of `antiphon run` that say the same."""
    settings = [f"{name}={literal(value)}" for name, value in values_of(config).items()]
    return [word for setting in settings for word in ("--set", setting)]


class Player:
    """A keyboard and an instrument of our own, at whose ports the daemon listens and plays.

    Attributes:
        echo: how long each key took until it was heard again.
    """

    def __init__(self, system: MidiSystem) -> None:
        self.echo = Histogram()
        self._pressed: dict[int, Seconds] = {}
        self._keyboard = opened("out", system, KEYBOARD)
        self._instrument = opened("in", system, INSTRUMENT)
        self._instrument.set_callback(self._hear)

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *_: object) -> None:
        self._keyboard.delete()
        self._instrument.delete()

    def play_phrase(self) -> None:
        """Play eight even notes."""
        for pitch in PHRASE:
            self._pressed[pitch] = clock()
            self._keyboard.send_message((NOTE_ON, pitch, 80))
            time.sleep(BETWEEN_KEYS / 2)
            self._keyboard.send_message((NOTE_OFF, pitch, 0))
            time.sleep(BETWEEN_KEYS / 2)

    def _hear(self, message_and_delta: tuple[Sequence[int], float], _: object = None) -> None:
        now = clock()
        status, pitch, velocity = message_and_delta[0]
        if status & 0xF0 == NOTE_ON and velocity and (pressed := self._pressed.pop(pitch, None)) is not None:
            self.echo.record(now - pressed)


def opened(direction: Direction, system: MidiSystem, name: str) -> Any:
    """Return a port that others can find."""
    client = new_client(direction, system, name)
    try:
        client.open_virtual_port(direction)
    except (OSError, ValueError, RuntimeError) as error:  # what rtmidi's own errors derive from
        client.delete()
        raise PortError(f"the bench could not open a port of its own: {error}") from error
    return client
