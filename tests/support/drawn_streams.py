"""What comes to an improviser from each side, drawn by lot: players, a clock, whoever comes by a door.

Each is a stream of its own, in order of time; what a room gets is all of them, put together.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from antiphon.core.engine import MusicEvent
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ClockContinued,
    ClockStarted,
    ClockStopped,
    ClockTicked,
    ControlMoved,
    EngineChanged,
    EngineReady,
    Event,
    HoldPressed,
    HoldReleased,
    HoursTold,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
    SongPositionMoved,
    Triggered,
)
from antiphon.core.settings import ModeName
from antiphon.core.units import Pitch, Velocity
from drawn_settings import drawn_settings
from simulated_room import SlowEngine

Draw = random.Random


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event, when it happened, and when it comes to be known."""

    at: float
    event: Event
    arrives: float


def player(draw: Draw, begin: float, end: float) -> Iterator[Arrival]:
    """Yield what a keyboard sends: phrases and rests, now and then the pedal, keys that stay down."""
    at = begin
    while at < end:
        if draw.random() < 0.15:
            yield known(at, ControlMoved(SUSTAIN_PEDAL, draw.choice([0, 63, 64, 127])))
        for event in phrase(draw, at):
            at = max(at, event.at)
            yield event
        at += draw.choice([0.1, 0.5, 1.2, 3.0, 6.0])


def phrase(draw: Draw, begin: float) -> Iterator[Arrival]:
    """Yield a few notes, as long as they like, some of which are never let go."""
    at = begin
    for _ in range(draw.randrange(1, 6)):
        pitch = key(draw)
        yield known(at, KeyPressed(pitch, Velocity(draw.randrange(1, 128))))
        if draw.random() < 0.93:
            yield known(at + draw.uniform(0.0, 0.4), KeyReleased(pitch))
        at += draw.uniform(0.0, 0.3)


def through_a_bad_cable(draw: Draw, arrivals: Sequence[Arrival]) -> Iterator[Arrival]:
    """Yield what a cable makes of a stream: some of it twice, and all of a while at once, when that is over.

    What is told at once bears the moments at which it happened, or where the system does not keep these, the
    moment at which it came; two keyboards on one port come in whatever order.
    """
    stalls_from = draw.uniform(0.0, 30.0)
    stalls_until = stalls_from + draw.choice([0.05, 0.5, 3.0])
    held_up: list[Arrival] = []
    for each in arrivals:
        copies = 2 if draw.random() < 0.05 else 1
        if stalls_from <= each.at < stalls_until:
            held_up += [replace(each, arrives=stalls_until)] * copies
        else:
            yield from [each] * copies
    if draw.random() < 0.3:
        draw.shuffle(held_up)
    if draw.random() < 0.3:
        held_up = [known(stalls_until, each.event) for each in held_up]
    yield from held_up


def midi_clock(draw: Draw, begin: float, end: float) -> Iterator[Arrival]:
    """Yield a clock that comes, jitters, is held up, has its song started, moved and stopped, and goes."""
    at, tick = begin, 2.5 / draw.choice([50.0, 100.0, 180.0])
    jitter = draw.choice([0.0, 0.0005, 0.004])
    while at < end:
        if draw.random() < 0.02:
            yield known(at, draw.choice(SONG)())
        if draw.random() < 0.01:
            tick = 2.5 / draw.uniform(30.0, 240.0)
        ticks = draw.choice([2, 30]) if draw.random() < 0.02 else 1
        at += ticks * tick
        yield known(max(at + draw.gauss(0.0, jitter), 0.0), ClockTicked(ticks))


SONG: Sequence[Callable[[], Event]] = (
    ClockStarted,
    ClockContinued,
    ClockStopped,
    lambda: SongPositionMoved(7),
)


def doors(draw: Draw, modes: Sequence[ModeName], begin: float, end: float) -> Iterator[Arrival]:
    """Yield what is asked for from outside, and what becomes of ports, engines and hours."""
    at = begin
    while (at := at + draw.choice([0.0, 0.01, 0.3, 2.0, 6.0])) < end:
        yield known(at, anything(draw, modes, at))


def anything(draw: Draw, modes: Sequence[ModeName], at: float) -> Event:
    kinds: Sequence[Callable[[], Event]] = [
        lambda: ControlMoved(1, draw.randrange(128)),
        lambda: OtherMessage(b"\xe0\x00\x40"),
        lambda: draw.choice(ENDINGS),
        lambda: Triggered(
            seconds=draw.choice([None, 1.0, 0.0]),
            seed=draw.choice([None, 3]),
            at=draw.choice([None, None, at - 1.0, at + 0.7]),
        ),
        lambda: Triggered(music(draw)),
        HoldPressed,
        HoldReleased,
        HoldReleased,
        lambda: HoursTold(draw.random() < 0.6, draw.choice([0, 1, 738_000, -365_000])),
        EngineReady,
        lambda: EngineChanged(SlowEngine(draw.randrange(1000))),
        lambda: SettingsChanged(drawn_settings(draw, modes)),
    ]
    return draw.choice(kinds)()


ENDINGS: Sequence[Event] = (InputLost(), OutputLost(), Silenced())


def music(draw: Draw) -> tuple[MusicEvent, ...]:
    """Draw a phrase that a trigger brings; each of its onsets is released."""
    pitches = [key(draw) for _ in range(draw.randrange(1, 6))]
    return tuple(
        MusicEvent(draw.uniform(0.0, 0.5), Velocity(velocity), pitch)
        for pitch in pitches
        for velocity in (80, 0)
    )


def key(draw: Draw) -> Pitch:
    return Pitch(draw.randrange(57, 68))


def known(at: float, event: Event) -> Arrival:
    """Return what is known as soon as it happens."""
    return Arrival(at, event, at)
