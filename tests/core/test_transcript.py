"""What is written of an improviser, and when it begins anew."""

import math

import pytest

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.events import (
    ClockTicked,
    EngineChanged,
    EngineReady,
    Event,
    HoursTold,
    KeyPressed,
    SettingsChanged,
    Silenced,
)
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.transcript import (
    Beginning,
    EngineEntered,
    EngineIdentity,
    Entry,
    Step,
    TranscribedEngine,
    TranscribedImproviser,
    packed,
    unpacked,
)
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from logged_sessions import consume
from score import note, scale, score
from timing_engine import SOON, TimingEngine
from uniform_engine import UniformEngine

BRIEF = settings(play={"seconds": 2}, turn={"absence": 5.0})
IDENTITY = EngineIdentity("uniform", "none", "", is_prompt=True)


class Room:
    """An improviser, and what is written of it."""

    def __init__(self, alone: float = math.inf, longest: float = math.inf) -> None:
        self.engine = UniformEngine(3)
        self.entries: list[Entry] = []
        self.improviser = TranscribedImproviser(
            self.engine, BRIEF, 0.0, 3, self.entries.append, lambda: IDENTITY, alone, longest
        )

    def play(self, *heard: list[TimedEvent], until: float) -> list[Command]:
        return [*play_through(self.improviser, score(*heard), until)]

    @property
    def steps(self) -> list[Step]:
        return [entry for entry in self.entries if isinstance(entry, Step)]

    @property
    def beginnings(self) -> list[Beginning]:
        return [entry for entry in self.entries if isinstance(entry, Beginning)]


def at(moment: float, event: Event) -> list[TimedEvent]:
    return [TimedEvent(moment, event)]


def test_all_that_it_is_told_is_written_and_all_that_it_says() -> None:
    room = Room()
    heard = score(scale(), at(2.2, EngineReady()))
    said = room.play(heard, until=20.0)
    assert [(step.at, step.told) for step in room.steps if step.told] == [
        (each.at, each.event) for each in heard
    ]
    assert [command for step in room.steps for command in step.said] == said
    assert any(isinstance(command, PlayNote) for command in said)


def test_what_is_said_is_the_same_as_where_nothing_is_written() -> None:
    improviser = Improviser(UniformEngine(3), BRIEF, 0.0)
    assert [*play_through(improviser, scale(), 20.0)] == Room().play(scale(), until=20.0)


def test_what_the_engine_draws_is_written_in_the_step_in_which_it_is_asked() -> None:
    room = Room()
    room.play(scale(), until=20.0)
    drawn = [event for step in room.steps for event in step.drawn]
    other = UniformEngine(3)
    assert len(drawn) > 3
    assert drawn[0] is not None
    assert not any(step.drawn for step in room.steps if isinstance(step.told, KeyPressed))
    assert TranscribedEngine(other).expectation() is None


def test_when_the_engine_expects_a_silence_to_end_goes_on_as_it_is_written() -> None:
    engine = TranscribedEngine(TimingEngine(SOON))
    assert engine.timing() == unpacked(packed(SOON)) == pytest.approx(SOON, rel=1e-3)
    assert engine.expected == [packed(SOON)]
    assert TranscribedEngine(TimingEngine(None)).timing() is None
    assert TranscribedEngine(UniformEngine()).timing() is None


def test_it_begins_with_who_plays_by_which_settings_and_seed() -> None:
    assert Room().entries == [Beginning(0.0, BRIEF, 3, IDENTITY)]


def test_another_engine_is_written_by_name_and_draws_by_the_next_seed() -> None:
    room = Room()
    newcomer = UniformEngine(9)
    room.play(scale(), at(2.0, EngineChanged(newcomer)), until=20.0)
    [entered] = [step for step in room.steps if isinstance(step.told, EngineEntered)]
    assert entered.told == EngineEntered(4, IDENTITY)
    assert newcomer.heard
    assert any(step.drawn for step in room.steps if step.at > 2.0)


def test_left_alone_for_long_it_begins_anew_with_what_happens_next() -> None:
    room = Room(alone=60.0)
    room.play(scale(), scale(start=100.0), until=130.0)
    assert room.beginnings == [Beginning(0.0, BRIEF, 3, IDENTITY), Beginning(100.0, BRIEF, 4, IDENTITY)]
    first = room.entries[room.entries.index(room.beginnings[1]) + 1]
    assert isinstance(first, Step)
    assert first.told == KeyPressed(Pitch(60), Velocity(80))


def test_begun_anew_it_knows_what_hours_it_keeps() -> None:
    room = Room(alone=60.0)
    room.play(at(1.0, HoursTold(is_open=False, day=3)), scale(), scale(start=100.0), until=130.0)
    [*_, again] = [step for step in room.steps if isinstance(step.told, HoursTold)]
    assert again == Step(100.0, HoursTold(is_open=False, day=3))


def test_begun_anew_it_has_heard_nothing_and_says_what_one_does_that_was_just_made() -> None:
    room = Room(alone=60.0)
    room.play(scale(pitches=(40, 45, 47)), until=90.0)
    said = room.play(scale(start=100.0), until=130.0)
    fresh = TranscribedImproviser(UniformEngine(4), BRIEF, 100.0, 4, lambda entry: None)
    assert said == [*play_through(fresh, scale(start=100.0), 130.0)]


def test_it_goes_on_by_the_settings_that_hold_when_it_begins_anew() -> None:
    room, other = Room(alone=60.0), settings(play={"seconds": 3}, turn={"absence": 5.0})
    room.play(scale(), at(2.0, SettingsChanged(other)), scale(start=100.0), until=130.0)
    assert room.beginnings[-1] == Beginning(100.0, other, 4, IDENTITY)


def test_it_does_not_begin_anew_while_somebody_is_there() -> None:
    """A key is held; or the music goes on, from phrase to phrase."""
    held = Room(alone=10.0)
    held.play(note(0.0, 60, length=28.0), note(25.0, 62), until=40.0)
    busy = Room(alone=60.0)
    busy.play(*(scale(start=30.0 * phrase) for phrase in range(5)), until=160.0)
    assert len(held.beginnings) == len(busy.beginnings) == 1


def test_a_long_one_ends_when_nobody_is_there() -> None:
    room = Room(longest=100.0)
    room.play(*(scale(start=30.0 * phrase) for phrase in range(8)), until=250.0)
    assert [beginning.at for beginning in room.beginnings] == [0.0, 120.0]


def test_it_does_not_begin_anew_while_a_clock_ticks_which_would_lose_its_place() -> None:
    room = Room(alone=60.0, longest=100.0)
    ticks = [TimedEvent(tick / 2, ClockTicked()) for tick in range(400)]
    room.play(ticks, scale(start=150.0), until=220.0)
    assert len(room.beginnings) == 1


def test_settings_that_change_while_nobody_plays_are_no_music() -> None:
    room = Room(alone=60.0)
    room.play(*(at(20.0 * turn, SettingsChanged(BRIEF)) for turn in range(1, 8)), until=150.0)
    assert [beginning.at for beginning in room.beginnings] == [0.0, 60.0, 120.0]


class BreakingEngine(UniformEngine):
    """Implements the engine protocol, and breaks when it is asked."""

    def sample(self, constraints: object) -> None:  # type: ignore[override]
        raise RuntimeError("it is broken")


def test_a_step_in_which_it_fails_is_written_too() -> None:
    entries: list[Entry] = []
    improviser = TranscribedImproviser(BreakingEngine(), BRIEF, 0.0, 3, entries.append)
    with pytest.raises(RuntimeError):
        consume(play_through(improviser, scale(), 20.0))
    failed_at = improviser.wake_at()
    improviser.receive(Silenced(), 20.0)
    improviser.commands_to_send()
    *_, failed, silenced = entries
    assert isinstance(failed, Step)
    assert failed.told is None
    assert failed.at == failed_at
    assert isinstance(silenced, Step)
    assert silenced.told == Silenced()
    assert not any(isinstance(command, ReleaseNote) for command in silenced.said)
