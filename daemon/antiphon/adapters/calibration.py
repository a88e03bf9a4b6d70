"""Measures how long an instrument takes to sound: plays single notes on it, and listens when each comes back.

It wants an instrument that sends the keys that move, or a microphone with a box that makes notes of what it
hears. What does not come back is left out; a box may hear another octave.
"""

import queue
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol, TypeAlias

from msgspec import Struct

from antiphon.adapters.midi.connection import Cables, Direction
from antiphon.adapters.midi.port_lock import PortLock
from antiphon.adapters.midi.port_names import choose
from antiphon.adapters.midi.system import full_system_name, open_for
from antiphon.adapters.midi.wire import bytes_of, event_of
from antiphon.config import Loaded, changed
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import Event, KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon.core.velocity_latency import FEWEST, fitted
from antiphon.errors import ConfigurationError, PortError
from antiphon.saving import save
from antiphon.settings import Midi

SOURCE = "antiphon calibrate"

VELOCITIES = (5, 15, 30, 45, 60, 75, 90, 110, 127)
REPEATS = 5
"""How often each velocity is played; of what comes back the median counts."""

PITCH = Pitch(60)

HELD: Seconds = 0.35
"""How long each note is held at least."""

LONGEST: Seconds = 0.7
"""How long it is waited for; nothing that a table may hold takes longer."""

PAUSE: Seconds = 0.25
"""After each note, for the mechanics and for a room that rings."""

AT_ONCE: Seconds = 0.004
"""An instrument that takes no longer needs no table: that is what the cables take."""


class Stroke(Struct, frozen=True):
    """A note that was played, and how long its onset and its release took to come back.

    They are None where they did not.
    """

    velocity: Velocity
    onset: Seconds | None
    release: Seconds | None


class Calibration(Struct, frozen=True):
    """What was measured.

    Attributes:
        latency: as ``actuator.latency``.
        release: in ms, as ``actuator.release``; None where too few releases came back.
        unheard: velocities that did not come back often enough to count.
        is_silent: whether none did.
    """

    latency: str
    release: float | None
    unheard: tuple[Velocity, ...]
    is_silent: bool

    @property
    def settings(self) -> dict[str, object]:
        """What is to be kept of it, by the names of the settings."""
        release = {} if self.release is None else {"actuator.release": self.release}
        return {"actuator.latency": self.latency, **release}


class Line(Protocol):
    """To an instrument and back."""

    def send(self, message: bytes) -> Seconds:
        """Send a message, and return when that was."""
        ...

    def heard(self, until: Seconds) -> tuple[Event, Seconds] | None:
        """Return what comes back next and when; None where nothing does until a moment."""
        ...


def calibrate(loaded: Loaded, keeps: bool, repeats: int = REPEATS) -> Iterator[str]:
    """Play to ``midi.out`` and listen at ``midi.in``, and yield what there is to say, line by line.

    Args:
        keeps: whether what was measured is kept in the file of settings.
        repeats: how often each velocity is played.

    Raises:
        ConfigurationError: there is no file to keep it in.
        PortError: a port is not there or is played by another, or nothing comes back.
    """
    if keeps and loaded.own_file is None:
        raise ConfigurationError("there is no file to keep it in; name one with --config, or give --dry-run")
    midi, strokes = loaded.config.midi, list[Stroke]()
    with connected(midi) as line:
        played = in_mixed_order(repeats)
        for number, velocity in enumerate(played, start=1):
            strokes.append(strike(line, velocity, midi.out_channel))
            yield f"{number:2} of {len(played)}: {_told(strokes[-1])}"
    calibration = evaluated(strokes)
    if calibration.is_silent:
        raise PortError(
            f'nothing of what was played on "{midi.out}" came back on "{midi.in_}"; let the instrument send '
            "its keys, or put a microphone there, with a box that makes MIDI of what it hears"
        )
    yield from _in_words(calibration)
    if keeps:
        save(changed(loaded, calibration.settings, SOURCE))
        yield f"kept in {loaded.own_file}"


def _told(stroke: Stroke) -> str:
    if stroke.onset is None:
        return f"velocity {stroke.velocity} did not come back"
    return f"velocity {stroke.velocity} took {1000 * stroke.onset:.0f} ms"


def _in_words(calibration: Calibration) -> Iterator[str]:
    if calibration.unheard:
        named = ", ".join(map(str, calibration.unheard))
        yield f"too few came back of velocity {named}: they are taken to be as quick as those next to them"
    yield f'actuator.latency = "{calibration.latency}"'
    if calibration.release is None:
        yield "too few releases came back; actuator.release stays as it is"
    else:
        yield f"actuator.release = {calibration.release}"


def in_mixed_order(repeats: int) -> list[Velocity]:
    """Return what is played, so that an instrument that warms up or a room that rings favours no velocity."""
    played = [Velocity(velocity) for velocity in VELOCITIES for _ in range(repeats)]
    random.Random(1).shuffle(played)
    return played


def strike(line: Line, velocity: Velocity, channel: int) -> Stroke:
    """Play one note, and return what came back of it. It is let go whatever happens."""
    struck_at = line.send(bytes_of(PlayNote(0.0, PITCH, velocity), channel))
    let_go = bytes_of(ReleaseNote(0.0, PITCH), channel)
    try:
        onset = _comes_back(line, KeyPressed, struck_at)
        _wait(line, max(struck_at + HELD, struck_at + (onset or 0.0)))
    finally:
        let_go_at = line.send(let_go)
    release = None if onset is None else _comes_back(line, KeyReleased, let_go_at)
    _wait(line, let_go_at + (release or 0.0) + PAUSE)
    return Stroke(velocity, onset, release)


def _comes_back(line: Line, kind: type[KeyPressed] | type[KeyReleased], since: Seconds) -> Seconds | None:
    while (came := line.heard(since + LONGEST)) is not None:
        event, at = came
        if isinstance(event, kind) and (event.pitch - PITCH) % 12 == 0:
            return at - since
    return None


def _wait(line: Line, until: Seconds) -> None:
    while line.heard(until) is not None:
        pass


def evaluated(strokes: Sequence[Stroke]) -> Calibration:
    """Return what strokes amount to."""
    heard: dict[Velocity, list[Seconds]] = {stroke.velocity: [] for stroke in strokes}
    for stroke in strokes:
        if stroke.onset is not None:
            heard[stroke.velocity].append(stroke.onset)
    releases = [stroke.release for stroke in strokes if stroke.release is not None]
    table = fitted(heard)
    return Calibration(
        latency="" if table.longest <= AT_ONCE else str(table),
        release=_rounded(statistics.median(releases)) if 2 * len(releases) >= len(strokes) else None,
        unheard=_unheard(heard),
        is_silent=not table.velocities,
    )


def _rounded(release: Seconds) -> float:
    return 0.0 if release <= AT_ONCE else float(round(1000 * release))


def _unheard(heard: Mapping[Velocity, Sequence[Seconds]]) -> tuple[Velocity, ...]:
    return tuple(velocity for velocity in sorted(heard) if len(heard[velocity]) < FEWEST)


Messages: TypeAlias = "queue.SimpleQueue[tuple[Sequence[int], Seconds]]"
"""Messages with their arrival, stamped on the thread that heard them."""


class MidiLine:
    """Implements :class:`Line` on two ports."""

    def __init__(self, send: Callable[[bytes], None], messages: Messages) -> None:
        self._send = send
        self._messages = messages

    def send(self, message: bytes) -> Seconds:
        at = time.monotonic()
        self._send(message)
        return at

    def heard(self, until: Seconds) -> tuple[Event, Seconds] | None:
        while True:
            try:
                message, at = self._messages.get(timeout=max(until - time.monotonic(), 0.0))
            except queue.Empty:
                return None
            if (event := event_of(message, 0)) is not None:
                return event, at


@contextmanager
def connected(midi: Midi) -> Iterator[Line]:
    """Open both ports, as long as the context lasts.

    Raises:
        PortError: one is not there, or another daemon plays.
    """
    messages: Messages = queue.SimpleQueue()
    with ExitStack() as opened:
        hearing, heard = _found("in", midi.in_, midi.api, opened)
        playing, played = _found("out", midi.out, midi.api, opened)
        opened.callback(PortLock.take(full_system_name(playing.system), played).release)
        output = playing.plug("out", played)
        opened.callback(playing.unplug_output, output)
        opened.callback(playing.settle)
        source = hearing.plug("in", heard)
        opened.callback(hearing.unplug_input, source)
        hearing.hear(source, lambda message, arrived: messages.put((message, arrived)))
        yield MidiLine(output.client.send_message, messages)


def _found(direction: Direction, pattern: str, api: str, opened: ExitStack) -> tuple[Cables, str]:
    """Return the port that a pattern means, and what plugs into it."""
    cables = open_for(pattern, api, on_trouble=lambda: None)
    opened.callback(cables.close)
    peer = choose(pattern, cables.names(direction), direction)
    if peer is None:
        raise PortError(f"there is no instrument to be measured; name its port with --{direction}")
    return cables, peer
