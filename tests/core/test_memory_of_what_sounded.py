"""What the engine has heard is what sounded: the player's notes, and of the answers those really sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.adapters.engines.deferred import KEPT, MOST_BEHIND, DeferredEngine
from antiphon.adapters.engines.understudy import UnderstudiedEngine
from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.engine import Engine, MusicEvent, Snapshot
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    EngineChanged,
    EngineReady,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.hands import PEDAL_DOWN
from antiphon.core.improviser import Improviser
from antiphon.core.memory import LATELY
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from slow_worker import SlowWorker
from uniform_engine import UniformEngine

Sound = tuple[float, int, int]
"""When a pitch began, or with velocity 0 ceased, to sound: (seconds, velocity, pitch)."""


@dataclass
class Room:
    """Writes down what sounds in it, by rules of its own: it shares no code with the improviser."""

    transpose: int
    sounds: list[Sound] = field(default_factory=list)
    _keys: set[int] = field(default_factory=set)
    _held: set[int] = field(default_factory=set)
    _of_the_answer: dict[int, int] = field(default_factory=dict)
    _pedal: bool = False

    def player(self, at: float, event: Event) -> None:
        match event:
            case KeyPressed(pitch, velocity):
                self._end(at, self._held & {pitch})
                self.sounds.append((at, velocity, pitch))
                self._keys.add(pitch)
                self._held.add(pitch)
            case KeyReleased(pitch):
                self._keys.discard(pitch)
            case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
                self._pedal = value >= PEDAL_DOWN
            case InputLost() | Silenced():
                self._keys.clear()
                self._pedal = False
            case OutputLost():
                self.sounds += [(at, 0, pitch) for _, pitch in sorted(self._of_the_answer.items())]
                self._of_the_answer.clear()
        if not self._pedal:
            self._end(at, self._held - self._keys)

    def output(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case PlayNote(due, pitch, velocity, "it"):
                    self._of_the_answer[pitch] = pitch - self.transpose
                    self.sounds.append((due, velocity, pitch - self.transpose))
                case ReleaseNote(due, pitch, "it"):
                    self.sounds.append((due, 0, self._of_the_answer.pop(pitch)))

    def _end(self, at: float, pitches: set[int]) -> None:
        self.sounds += [(at, 0, pitch) for pitch in sorted(pitches)]
        self._held -= pitches


def chosen(transpose: int, polyphony: int, look_ahead: float) -> Settings:
    return settings(
        play={
            "transpose": transpose,
            "polyphony": polyphony,
            "seconds": 4.0,
            "longest_note": 1.0,
            "lowest": 58,
            "highest": 63,
            "thru": True,
        },
        latency={"look_ahead": look_ahead, "late_onset": 0.02},
    )


TWENTIETHS = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
"""Seconds. Drawn as integers, for drawn as floats most of them are next to nothing."""

KEYS = st.integers(57, 63).map(Pitch)
CHOSEN = st.builds(chosen, st.integers(-1, 1), st.integers(1, 4), st.sampled_from([0.0, 0.3, 2.0]))
# Triggers above all, so that much of it happens in mid-answer.
EVENTS = st.one_of(
    st.sampled_from([Triggered(), Triggered(), Triggered(), InputLost(), OutputLost(), Silenced()]),
    st.builds(KeyReleased, KEYS),
    st.builds(ControlMoved, st.just(SUSTAIN_PEDAL), st.integers(0, 127)),
    st.builds(SettingsChanged, CHOSEN),
    st.builds(KeyPressed, KEYS, st.integers(1, 127).map(Velocity)),
)


JAMS = {
    "events": st.lists(st.tuples(TWENTIETHS, EVENTS), min_size=8, max_size=25),
    "stalls": st.lists(TWENTIETHS, min_size=1, max_size=5),
    "first": CHOSEN,
    "seed": st.integers(0, 3),
}


def jam(
    improviser: Improviser,
    room: Room,
    events: Sequence[tuple[float, Event]],
    stalls: Sequence[float],
    beside: Callable[[float], None] = lambda now: None,
) -> None:
    """Let things happen, with late wake-ups now and then, and something beside it after each."""
    now, turn = 0.0, 0
    for wait, event in [*events, (0.0, Silenced())]:
        until = now + wait
        while (wake_at := improviser.wake_at()) is not None and wake_at <= until:
            turn += 1
            now = max(now, wake_at + stalls[turn % len(stalls)] * (turn % 7 == 0))
            improviser.advance(now)
            room.output(improviser.commands_to_send())
            beside(now)
        now = max(now, until)
        improviser.receive(event, now)
        room.output(improviser.commands_to_send())
        room.player(now, event)
        beside(now)
        if isinstance(event, SettingsChanged):
            room.transpose = event.settings.play.transpose


def assert_heard(heard: Sequence[MusicEvent], sounds: Sequence[Sound]) -> None:
    """Assert that an engine has heard the last of what sounded, to the times.

    What sounds at one moment is sent releases first, in whatever order it was imagined.
    """
    sounded = sounds[len(sounds) - len(heard) :]
    at = sounded[-1][0] - sum(event.dt for event in heard) if heard else 0.0
    times = list(accumulate((event.dt for event in heard), initial=at))[1:]
    known = [(time, event.velocity, event.pitch) for time, event in zip(times, heard, strict=True)]
    for one, other in zip(moment_by_moment(known), moment_by_moment(sounded), strict=True):
        assert [time for time, *_ in one] == pytest.approx([time for time, *_ in other])
        assert [sound[1:] for sound in one] == [sound[1:] for sound in other]


def moment_by_moment(sounds: Sequence[Sound]) -> list[list[Sound]]:
    """Return what sounds at each moment, in an order of its own."""
    moments: list[list[Sound]] = []
    for sound in sounds:
        if moments and sound[0] - moments[-1][0][0] < 1e-9:
            moments[-1].append(sound)
        else:
            moments.append([sound])
    return [sorted(moment, key=lambda sound: sound[1:]) for moment in moments]


# A note ends at the very moment at which another begins that was imagined before.
RELEASED_AS_ANOTHER_BEGINS: list[tuple[float, Event]] = [
    *[(0.0, Triggered())] * 4,
    (0.0, SettingsChanged(chosen(0, 2, 2.0))),
    (0.0, KeyPressed(Pitch(57), Velocity(1))),
    (0.0, Triggered()),
    (0.35, Triggered()),
]


@example(events=RELEASED_AS_ANOTHER_BEGINS, stalls=[0.0], first=chosen(0, 1, 2.0), seed=0)
@given(**JAMS)
def test_the_engine_has_heard_what_sounded_and_nothing_else(
    events: list[tuple[float, Event]], stalls: list[float], first: Settings, seed: int
) -> None:
    """After any sequence of events, late wake-ups and interruptions, to the times."""
    engine, room = UniformEngine(seed), Room(first.play.transpose)
    jam(Improviser(engine, first, 0.0), room, events, stalls)
    assert len(engine.heard) == min(len(room.sounds), 501)
    assert_heard(engine.heard, room.sounds)


class PrivateEngine(UniformEngine):
    """One that can go back to nothing but what it has heard itself."""

    def snapshot(self) -> Snapshot:
        return self, self.heard

    def restore(self, snapshot: Snapshot) -> None:
        owner, self.heard = snapshot
        assert owner is self


CHANGES = st.builds(EngineChanged, st.builds(PrivateEngine, st.integers(0, 3)))


@given(
    events=st.lists(st.tuples(TWENTIETHS, st.one_of(EVENTS, CHANGES)), min_size=8, max_size=25),
    stalls=JAMS["stalls"],
    first=CHOSEN,
)
def test_so_has_one_that_takes_the_place_of_another_whenever_that_is(
    events: list[tuple[float, Event]], stalls: list[float], first: Settings
) -> None:
    """It knows the latest of what sounded before its time, and the room hears every note end."""
    engine, room = PrivateEngine(), Room(first.play.transpose)
    improviser = Improviser(engine, first, 0.0)
    jam(improviser, room, events, stalls)
    for _ in range(2 * LATELY):  # the newcomer may not have been told everything yet
        improviser.advance(0.0)
    known = 0
    for _, event in events:
        if isinstance(event, EngineChanged):
            assert isinstance(event.engine, PrivateEngine)
            engine, known = event.engine, LATELY
    assert len(engine.heard) >= min(len(room.sounds), known)
    assert_heard(engine.heard, room.sounds)
    assert sum(velocity > 0 for _, velocity, _ in room.sounds) == sum(not each[1] for each in room.sounds)


@given(**JAMS, paces=st.lists(st.integers(0, 3), min_size=1, max_size=5), has_understudy=st.booleans())
def test_so_has_an_engine_that_computes_elsewhere_whatever_it_is_at_when_something_happens(
    events: list[tuple[float, Event]],
    stalls: list[float],
    first: Settings,
    seed: int,
    paces: list[int],
    has_understudy: bool,
) -> None:
    """It gets on by some steps each time that anything happens, or by none at all."""
    inner, understudy, worker = UniformEngine(seed), UniformEngine(seed + 1), SlowWorker()
    now, turn, behind = 0.0, 0, 0

    def ready() -> None:
        improviser.receive(EngineReady(), now)

    def get_on(at: float) -> None:
        nonlocal now, turn, behind
        now, turn, behind = at, turn + 1, max(behind, len(deferred.snapshot().unknown()))
        for _ in range(paces[turn % len(paces)]):
            if worker.is_busy:
                worker.finish()

    deferred = DeferredEngine(inner, worker, ready)
    engine: Engine = UnderstudiedEngine(deferred, understudy) if has_understudy else deferred
    improviser, room = Improviser(engine, first, 0.0), Room(first.play.transpose)
    jam(improviser, room, events, stalls, get_on)
    worker.finish_all()
    heard = deferred.snapshot().known
    # So far behind it may have begun anew with the last of what it heard.
    assert len(heard) >= min(len(room.sounds), 501 if behind < MOST_BEHIND / 2 else KEPT)
    assert_heard(heard, room.sounds)
    if has_understudy:
        assert_heard(understudy.heard, room.sounds)
