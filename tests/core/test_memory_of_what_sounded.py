"""What the engine has heard is what sounded: the player's notes, and of the answers those really sent."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
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
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
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


def heard_by(engine: UniformEngine, until: float) -> list[Sound]:
    """Return the last few hundred sounds that the engine remembers, in the time of the room."""
    at = until - sum(event.dt for event in engine.heard)
    sounds: list[Sound] = []
    for event in engine.heard:
        at += event.dt
        sounds.append((at, event.velocity, event.pitch))
    return sounds


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


@given(
    events=st.lists(st.tuples(TWENTIETHS, EVENTS), min_size=8, max_size=25),
    stalls=st.lists(TWENTIETHS, min_size=1, max_size=5),
    first=CHOSEN,
    seed=st.integers(0, 3),
)
def test_the_engine_has_heard_what_sounded_and_nothing_else(
    events: list[tuple[float, Event]], stalls: list[float], first: Settings, seed: int
) -> None:
    """After any sequence of events, late wake-ups and interruptions, to the times."""
    engine, now, turn = UniformEngine(seed), 0.0, 0
    room = Room(first.play.transpose)
    improviser = Improviser(engine, first, 0.0)
    for wait, event in [*events, (0.0, Silenced())]:
        until = now + wait
        while (wake_at := improviser.wake_at()) is not None and wake_at <= until:
            turn += 1
            now = max(now, wake_at + stalls[turn % len(stalls)] * (turn % 7 == 0))
            improviser.advance(now)
            room.output(improviser.commands_to_send())
        now = max(now, until)
        improviser.receive(event, now)
        room.output(improviser.commands_to_send())
        room.player(now, event)
        if isinstance(event, SettingsChanged):
            room.transpose = event.settings.play.transpose
    sounded = room.sounds[-len(engine.heard) :] if engine.heard else []
    assert len(engine.heard) == min(len(room.sounds), 501)
    until = sounded[-1][0] if sounded else 0.0
    for heard, really in zip(heard_by(engine, until), sounded, strict=True):
        assert heard[0] == pytest.approx(really[0])
        assert heard[1:] == really[1:]
