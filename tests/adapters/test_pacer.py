"""The pacer on a real loop with a real timer: what is sent, in which order, and never before its time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.core.actuator import Actuator, lead_of
from antiphon.core.commands import (
    Command,
    OnsetsDropped,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import KeyPressed, KeyReleased, OutputLost, Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from score import notes, occurrences
from scripted_engine import ScriptedEngine

PATIENCE = 20.0
"""Seconds after which a command is given up for lost."""

SETTINGS: dict[str, Any] = {
    "turn": {"shortest_pause": 0.05, "longest_pause": 0.05},
    # A machine that is held up for a while must not change what is played here.
    "latency": {"late_onset": 1.0, "look_ahead": 0.3},
}

THREE_NOTES = [(0.0, 90, 72), (0.03, 0, 72), (0.01, 70, 76), (0.02, 0, 76), (0.0, 50, 79), (0.04, 0, 79)]
ONE_LONG_NOTE = [(0.0, 90, 72), (5.0, 0, 72)]


class Stage:
    """A pacer, and all that it sent with the moment at which it did."""

    def __init__(self, score: list[tuple[float, int, int]], **changes: dict[str, Any]) -> None:
        self.sent: list[tuple[float, Command]] = []
        self._something = asyncio.Event()
        improviser = Improviser(ScriptedEngine(score), settings(**(SETTINGS | changes)), clock())
        self.punctuality = Punctuality()
        actuator = Actuator(settings(**(SETTINGS | changes)).actuator)
        self.pacer = Pacer(improviser, self._play, self._listen, actuator)

    @property
    def commands(self) -> list[Command]:
        return [command for _, command in self.sent]

    def _play(self, command: Command) -> None:
        self.sent.append((clock(), command))
        self._something.set()

    def _listen(self, news: News) -> None:
        self.punctuality.take_down(news)
        if isinstance(news, Sent) and isinstance(news.command, Publish):
            self._play(news.command)

    def sounding(self) -> set[int]:
        """Return the keys that were struck and not let go."""
        keys: set[int] = set()
        for command in self.commands:
            if isinstance(command, PlayNote):
                keys.add(command.pitch)
            elif isinstance(command, ReleaseNote):
                keys.discard(command.pitch)
        return keys

    async def wait_for_silence(self) -> None:
        """Wait until every key that was struck is let go."""

        async def silent() -> None:
            while self.sounding() or not any(isinstance(each, ReleaseNote) for each in self.commands):
                self._something.clear()
                await self._something.wait()

        await asyncio.wait_for(silent(), PATIENCE)

    def touch(self, pitch: int) -> None:
        """Press a key and let it go."""
        self.pacer.receive(KeyPressed(Pitch(pitch), Velocity(80)), clock())
        self.pacer.receive(KeyReleased(Pitch(pitch)), clock())

    async def wait_for(self, kind: type[Command] | type[TurnGivenBack]) -> None:
        """Wait until a command or an occurrence of a kind has been sent."""

        async def sent() -> None:
            while not any(isinstance(each, kind) for each in [*self.commands, *occurrences(self.commands)]):
                self._something.clear()
                await self._something.wait()

        await asyncio.wait_for(sent(), PATIENCE)


def on_stage(
    act: Callable[[Stage], Awaitable[None]], score: list[tuple[float, int, int]], **changes: dict[str, Any]
) -> Stage:
    """Run something with a stage on a loop of its own; the pacer is closed at the end."""

    async def session() -> Stage:
        stage = Stage(score, **changes)
        try:
            await act(stage)
        finally:
            stage.pacer.close()
        return stage

    return asyncio.run(session())


def test_an_answer_comes_in_order_and_never_before_its_time() -> None:
    async def act(stage: Stage) -> None:
        stage.touch(60)
        await stage.wait_for(TurnGivenBack)

    stage = on_stage(act, THREE_NOTES, play={"seconds": 0.1})
    dues = [command.due for command in stage.commands if not isinstance(command, Publish)]
    assert dues == sorted(dues)
    assert all(moment >= command.due for moment, command in stage.sent)
    assert [note.pitch for note in notes(stage.commands)][:3] == [72, 76, 79]


def test_the_turn_ends_by_itself_after_the_pause() -> None:
    async def act(stage: Stage) -> None:
        before = clock()
        stage.touch(60)
        await stage.wait_for(PlayNote)
        assert clock() >= before + 0.05

    stage = on_stage(act, THREE_NOTES)
    assert isinstance(occurrences(stage.commands)[0], TurnTaken)


def test_what_is_said_to_an_event_is_sent_before_receive_returns() -> None:
    async def act(stage: Stage) -> None:
        stage.pacer.receive(KeyPressed(Pitch(60), Velocity(80)), clock())
        through, _ = stage.commands
        assert isinstance(through, PlayNote)
        stage.pacer.receive(KeyReleased(Pitch(60)), clock())
        stage.pacer.receive(Triggered(), clock())
        [taken] = occurrences(stage.commands)
        assert isinstance(taken, TurnTaken)

    on_stage(act, THREE_NOTES, play={"thru": True})


def test_a_touched_key_silences_the_answer_at_once() -> None:
    async def act(stage: Stage) -> None:
        stage.pacer.receive(Triggered(), clock())
        await stage.wait_for(PlayNote)
        stage.pacer.receive(KeyPressed(Pitch(50), Velocity(80)), clock())
        assert [note.pitch for note in notes(stage.commands)] == [72]
        stage.sent.clear()
        await asyncio.sleep(0.05)
        assert stage.commands == []

    on_stage(act, ONE_LONG_NOTE)


def test_closing_releases_everything_and_lifts_the_pedal() -> None:
    async def act(stage: Stage) -> None:
        stage.pacer.receive(Triggered(), clock())
        await stage.wait_for(PlayNote)

    stage = on_stage(act, ONE_LONG_NOTE)
    assert [note.pitch for note in notes(stage.commands)] == [72]
    lifted = [command for command in stage.commands if isinstance(command, SendControl)]
    assert [(command.controller, command.value) for command in lifted] == [(64, 0)]


def test_a_closed_pacer_says_nothing_more() -> None:
    """A port may report its loss, and a note may become due, when everything has been released."""

    async def act(stage: Stage) -> None:
        stage.pacer.receive(Triggered(), clock())
        await stage.wait_for(PlayNote)
        stage.pacer.close()
        stage.sent.clear()
        stage.pacer.close()
        stage.pacer.receive(OutputLost(), clock())
        stage.pacer.receive(Triggered(), clock())
        await asyncio.sleep(0.02)
        assert stage.commands == []

    on_stage(act, THREE_NOTES)


def test_what_was_due_while_the_loop_was_held_up_is_left_out_with_its_release() -> None:
    async def act(stage: Stage) -> None:
        stage.pacer.receive(Triggered(), clock())
        await stage.wait_for(PlayNote)
        await asyncio.sleep(0.01)
        time.sleep(0.2)  # noqa: ASYNC251  the loop is to be held up
        await stage.wait_for(TurnGivenBack)

    changes = {"play": {"seconds": 1.0}, "latency": {"late_onset": 0.05, "look_ahead": 0.3}}
    stage = on_stage(act, THREE_NOTES, **changes)
    assert any(isinstance(occurrence, OnsetsDropped) for occurrence in occurrences(stage.commands))
    assert notes(stage.commands)[0].pitch == 72


def test_nobody_is_told_before_all_that_is_due_at_once_has_been_sent() -> None:
    happened: list[str] = []

    def listen(news: News) -> None:
        match news:
            case Heard():
                happened.append("heard")
            case Sent(command, at):
                happened.append("told" if at >= command.due else "told too early")

    async def session() -> None:
        improviser = Improviser(ScriptedEngine([]), settings(play={"thru": True}), clock())
        pacer = Pacer(
            improviser,
            lambda command: happened.append("sent"),
            listen,
        )
        for pitch in (60, 64):
            pacer.receive(KeyPressed(Pitch(pitch), Velocity(80)), clock())
        assert happened == ["sent", "heard", "told", "told", "sent", "heard", "told"], (
            "who comes is told as well"
        )
        happened.clear()
        pacer.close()

    asyncio.run(session())
    assert happened == ["sent"] * 3 + ["heard"] + ["told"] * 3, "two releases and the pedal"


def test_how_late_everything_was_is_taken_down() -> None:
    async def act(stage: Stage) -> None:
        stage.touch(60)
        await stage.wait_for(TurnGivenBack)

    stage = on_stage(act, THREE_NOTES, play={"thru": True, "seconds": 0.1})
    delays = stage.punctuality.delays()
    ours = [each for each in stage.commands if isinstance(each, PlayNote | ReleaseNote) and each.part == "it"]
    assert delays.heard.count == 3, "a key, its release, and the end"
    assert delays.begun.count == 1
    assert delays.sent.count == len(ours) >= 6
    assert delays.thru.count == 2
    assert 0 < delays.sent.p50 <= delays.sent.max
    assert delays.begun.max < 1e6 * PATIENCE


def test_a_delay_is_counted_from_the_moment_of_arrival() -> None:
    async def act(stage: Stage) -> None:
        arrived = clock()
        time.sleep(0.03)  # noqa: ASYNC251  the loop is to be held up
        stage.pacer.receive(KeyPressed(Pitch(60), Velocity(80)), arrived)

    delays = on_stage(act, THREE_NOTES, play={"thru": True}).punctuality.delays()
    assert delays.heard.max >= 30_000
    assert delays.thru.max >= 30_000


def test_nothing_is_done_while_nothing_is_to_be_done() -> None:
    """A pacer that waits for the player lets the loop sleep."""

    async def act(stage: Stage) -> None:
        stage.pacer.receive(KeyPressed(Pitch(60), Velocity(80)), clock())
        before = time.process_time()
        await asyncio.sleep(0.2)
        assert time.process_time() - before < 0.1

    on_stage(act, THREE_NOTES)


def test_it_beats_again_and_again_while_it_plays_and_while_it_rests() -> None:
    async def act(stage: Stage) -> None:
        beats = asyncio.Semaphore(0)
        stage.pacer.beat(0.005, beats.release)
        stage.touch(60)
        await stage.wait_for(TurnGivenBack)
        for _ in range(3):
            await asyncio.wait_for(beats.acquire(), PATIENCE)
        while not beats.locked():
            await beats.acquire()
        await asyncio.wait_for(beats.acquire(), PATIENCE)

    on_stage(act, THREE_NOTES, play={"seconds": 0.1})


def test_a_closed_pacer_does_not_beat() -> None:
    async def act(stage: Stage) -> None:
        beats: list[float] = []
        stage.pacer.beat(0.0, lambda: beats.append(clock()))
        stage.pacer.close()
        await asyncio.sleep(0.01)
        assert beats == []

    on_stage(act, THREE_NOTES)


SLOW: dict[str, dict[str, Any]] = {"actuator": {"latency": "1:150 127:0", "release": 20.0}}
"""A piano that takes its time for soft notes."""


def test_on_a_slow_piano_notes_are_told_by_when_they_sound_and_all_end() -> None:
    async def act(stage: Stage) -> None:
        stage.touch(60)
        await stage.wait_for(TurnGivenBack)
        await stage.wait_for_silence()

    loud_then_soft = [(0.0, 127, 72), (0.05, 1, 76), (0.3, 0, 72), (0.05, 0, 76)]
    stage = on_stage(act, loud_then_soft, play={"seconds": 0.3}, **SLOW)
    # Which is sent first is proved at the actuator; a machine that is held up may turn it round here.
    dues = {command.pitch: command.due for command in stage.commands if isinstance(command, PlayNote)}
    assert dues[Pitch(76)] - dues[Pitch(72)] == pytest.approx(0.05)
    assert stage.sounding() == set()


def test_a_touched_key_silences_a_slow_piano_with_all_that_is_on_its_way() -> None:
    async def act(stage: Stage) -> None:
        stage.touch(60)
        await stage.wait_for(PlayNote)
        stage.pacer.receive(KeyPressed(Pitch(62), Velocity(80)), clock())
        assert stage.sounding() == set()
        before = len(stage.commands)
        await asyncio.sleep(2 * lead_of(settings(**SLOW).actuator))
        assert not [each for each in stage.commands[before:] if isinstance(each, PlayNote)]

    on_stage(act, [(0.0, 1, 72), (0.01, 127, 76), (5.0, 0, 72)], **SLOW)


def test_the_tail_of_an_answer_that_is_over_is_silenced_as_well() -> None:
    async def act(stage: Stage) -> None:
        stage.touch(60)
        await stage.wait_for(TurnGivenBack)
        stage.touch(62)
        assert stage.sounding() == set()

    on_stage(act, THREE_NOTES, play={"seconds": 0.1}, **SLOW)


def test_on_a_slow_piano_each_note_is_joined_for_as_long_as_its_own_key_is_down() -> None:
    async def act(stage: Stage) -> None:
        stage.pacer.receive(KeyPressed(Pitch(72), Velocity(1)), clock())
        await stage.wait_for(PlayNote)
        joined = stage.sounding()
        stage.pacer.receive(KeyPressed(Pitch(84), Velocity(1)), clock())
        assert joined < stage.sounding()

    on_stage(act, [], play={"mode": "duet"}, duet={"style": "harmonise"}, **SLOW)


def test_at_the_close_nothing_is_left_on_its_way() -> None:
    async def act(stage: Stage) -> None:
        stage.touch(60)
        await stage.wait_for(PlayNote)

    stage = on_stage(act, [(0.0, 1, 72), (0.01, 127, 76), (5.0, 0, 72)], **SLOW)
    assert stage.sounding() == set()
