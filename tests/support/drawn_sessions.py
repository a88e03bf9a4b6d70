"""Sessions drawn by a seed, many of them, each before a witness; and the least of one that breaks a promise.

For runs of an hour, where Hypothesis would remember too much. A seed is a session: the same, event by event,
wherever it is drawn.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from antiphon.core.commands import Command
from antiphon.core.engine import MusicEvent
from antiphon.core.events import (
    SUSTAIN_PEDAL,
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
    Triggered,
)
from antiphon.core.settings import ModeName, Settings
from antiphon.core.units import Pitch, Velocity
from simulated_room import ANSWERING, LATEST, Happening, Room, SlowEngine, chosen
from sounding_room import SoundingRoom, assert_heard
from witness import Witness

HAPPENINGS = 60
"""In a session: some minutes of playing and of whatever else there is."""

LONGEST_MEMORY = 501
"""Events that the engine of a room remembers."""

ENDINGS: tuple[Event, ...] = (InputLost(), OutputLost(), Silenced())
HOLDS: tuple[Event, ...] = (HoldPressed(), HoldReleased())

Draw = random.Random


@dataclass(frozen=True, slots=True)
class DrawnSession:
    """All that a session is.

    Attributes:
        seed: of the engine and of all lateness.
        first: the settings that it begins with.
        happenings: what happens.
    """

    seed: int
    first: Settings
    happenings: Sequence[Happening]

    def broken(self) -> AssertionError | None:
        """Return which promise is broken when it is lived through, if one is."""
        try:
            live_through(self)
        except AssertionError as error:
            return error
        return None

    def events(self) -> int:
        """Return how many steps it has."""
        return live_through(self)


def drawn(seed: int, modes: Sequence[ModeName] = ANSWERING) -> DrawnSession:
    """Return the session of a seed."""
    draw = random.Random(seed)
    first = _settings(draw, modes)
    happenings = [each for _ in range(HAPPENINGS // 4) for each in _scene(draw, modes)]
    if draw.random() < 0.5:
        # So that what it remembers can be compared in the end.
        happenings = [each for each in happenings if not _makes_it_forget(each.event)]
    return DrawnSession(seed, first, happenings[:HAPPENINGS])


def live_through(session: DrawnSession) -> int:
    """Let a session happen, and return how many steps it had.

    Raises:
        AssertionError: a promise is broken.
    """
    witness = Witness(session.first, LATEST)
    sounding = SoundingRoom(session.first.play.transpose)

    is_compared = remembers_all_that_sounded(session)

    def look(now: float, event: Event | None, said: list[Command]) -> None:
        witness.see(now, event, said)
        if is_compared:
            sounding.see(now, event, said)

    room = Room(session.seed, lambda entry: None, session.first, look)
    room.live_through(session.happenings)
    assert not room.improviser.is_answering, "it answers on after it was silenced"
    if is_compared:
        assert len(room.engine.heard) == min(len(sounding.sounds), LONGEST_MEMORY), (
            "it has not heard what sounded"
        )
        assert_heard(room.engine.heard, sounding.sounds)
    return witness.events


def shrunk(session: DrawnSession, breaks: Callable[[DrawnSession], bool]) -> DrawnSession:
    """Return a session with as little happening in it as still breaks the promise."""
    size = len(session.happenings) // 2
    while size:
        for begin in range(0, len(session.happenings), size):
            left = [*session.happenings[:begin], *session.happenings[begin + size :]]
            smaller = DrawnSession(session.seed, session.first, left)
            if breaks(smaller):
                session = smaller
                break
        else:
            size //= 2
    return session


def remembers_all_that_sounded(session: DrawnSession) -> bool:
    """Whether what the engine has heard in the end is what sounded in the room, and all of it."""
    return session.first.play.mode in ANSWERING and not any(
        _makes_it_forget(happening.event) for happening in session.happenings
    )


def _makes_it_forget(event: Event) -> bool:
    match event:
        case EngineChanged() | HoldPressed():
            return True
        case Triggered(phrase):
            return bool(phrase)
        case SettingsChanged(settings):
            return settings.play.mode not in ANSWERING
    return False


def _scene(draw: Draw, modes: Sequence[ModeName]) -> Iterator[Happening]:
    """Yield some happenings that belong together: mostly somebody plays, and waits for what comes of it."""
    if draw.random() < 0.6:
        yield from _phrase(draw)
        yield Happening(draw.choice([0.1, 0.5, 1.2, 3.0, 6.0]), _anything(draw, modes))
    else:
        yield Happening(draw.choice([0.0, 0.01, 0.2, 2.0]), _anything(draw, modes))


def _phrase(draw: Draw) -> Iterator[Happening]:
    for _ in range(draw.randrange(1, 5)):
        pitch = _key(draw)
        yield Happening(draw.uniform(0.0, 0.3), KeyPressed(pitch, Velocity(draw.randrange(1, 128))))
        if draw.random() < 0.9:
            yield Happening(draw.uniform(0.0, 0.2), KeyReleased(pitch))


def _anything(draw: Draw, modes: Sequence[ModeName]) -> Event:
    kinds: list[Callable[[], Event]] = [
        lambda: KeyPressed(_key(draw), Velocity(draw.randrange(1, 128))),
        lambda: KeyReleased(_key(draw)),
        lambda: ControlMoved(SUSTAIN_PEDAL, draw.choice([0, 63, 64, 127])),
        lambda: ControlMoved(1, draw.randrange(128)),
        lambda: OtherMessage(b"\xe0\x00\x40"),
        lambda: draw.choice(ENDINGS),
        lambda: Triggered(seconds=draw.choice([None, 1.0]), seed=draw.choice([None, 3])),
        lambda: Triggered(_music(draw)),
        lambda: draw.choice(HOLDS),
        lambda: HoursTold(draw.random() < 0.5, draw.randrange(3)),
        EngineReady,
        lambda: EngineChanged(SlowEngine(draw.randrange(1000))),
        lambda: SettingsChanged(_settings(draw, modes)),
    ]
    return draw.choice(kinds)()


def _music(draw: Draw) -> tuple[MusicEvent, ...]:
    pitches = [_key(draw) for _ in range(draw.randrange(1, 6))]
    return tuple(
        MusicEvent(draw.uniform(0.0, 0.5), Velocity(velocity), pitch)
        for pitch in pitches
        for velocity in (80, 0)
    )


def _settings(draw: Draw, modes: Sequence[ModeName]) -> Settings:
    return chosen(
        draw.choice(modes),
        draw.randrange(-2, 3),
        draw.randrange(1, 5),
        draw.choice([0.0, 0.3, 2.0]),
        draw.random() < 0.5,
        draw.choice([0.2, 1.0]),
    )


def _key(draw: Draw) -> Pitch:
    return Pitch(draw.randrange(57, 68))
