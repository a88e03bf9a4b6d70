"""Bound controls at a real desk: what they ask for, how often, and what they learn."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from antiphon.adapters.broadcast import Heard
from antiphon.adapters.controls.hands_on import SOURCE, HandsOn
from antiphon.adapters.pacer import clock
from antiphon.core.events import HoldPressed, HoldReleased, InputLost, Silenced
from antiphon.errors import ConfigurationError, RequestError
from antiphon.requests import Change, Learn, Unlearn
from default_config import loaded
from desk_scene import Scene

ON, OFF, CC, PROGRAM = 0x90, 0x80, 0xB0, 0xC0

PATIENCE = 20.0
"""Seconds after which something is given up for lost."""


class Player:
    """Somebody at a desk with bound controls, and lights that show what holds."""

    def __init__(self, *sets: str) -> None:
        self.shown: list[tuple[int, ...]] = []
        self._something = asyncio.Event()
        self.scene = Scene(loaded(*sets))
        config = self.scene.desk.loaded.config
        self.hands_on = HandsOn(config.controls, config.midi.in_channel, clock)
        self.hands_on.serve(self.scene.desk, self._show)

    def _show(self, message: bytes) -> None:
        self.shown.append(tuple(message))
        self._something.set()

    def moves(self, *messages: tuple[int, ...]) -> list[bool]:
        """Send messages, and return which of them are heard by nobody else."""
        return [self.hands_on.take(message) for message in messages]

    def value(self, name: str) -> object:
        section, _, own = name.partition(".")
        return getattr(getattr(self.scene.desk.loaded.config, section), own)

    @property
    def events(self) -> list[type]:
        return [type(news.event) for news in self.scene.told if isinstance(news, Heard)]

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not is_so():
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await self._something.wait()
                self._something.clear()

    async def until_value(self, name: str, value: object) -> None:
        await self.until(lambda: self.value(name) == value)


def played(act: Callable[[Player], Awaitable[None]], **bindings: str) -> None:
    """Let somebody play who has these bindings: ``cc_20="play.temperature"``."""

    async def session() -> None:
        table = ", ".join(f'"{source.replace("_", " ")}" = "{target}"' for source, target in bindings.items())
        player = Player(f"controls.bindings={{ {table} }}")
        try:
            await act(player)
        finally:
            player.hands_on.close()
            player.scene.close()

    asyncio.run(session())


def test_a_knob_moves_a_setting_and_is_not_heard_as_music() -> None:
    async def act(player: Player) -> None:
        assert player.moves((CC, 20, 0), (CC, 21, 0), (ON, 60, 90)) == [True, False, False]
        await player.until_value("play.temperature", 0.0)
        (followed,) = player.scene.followed
        assert followed.source == SOURCE

    played(act, cc_20="play.temperature")


def test_of_many_moves_the_latest_counts() -> None:
    async def act(player: Player) -> None:
        player.moves(*((CC, 20, value) for value in range(128)))
        await player.until_value("play.temperature", 2.0)
        assert len(player.scene.followed) == 1

    played(act, cc_20="play.temperature")


def test_two_knobs_that_contradict_each_other_are_followed_as_far_as_can_be(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def act(player: Player) -> None:
        player.moves((CC, 20, 127), (CC, 21, 0), (CC, 22, 0))
        await player.until_value("play.temperature", 0.0)
        player.moves((CC, 21, 1), (CC, 22, 127))
        await player.until_value("play.temperature", 2.0)

    with caplog.at_level(logging.WARNING):
        played(act, cc_20="play.lowest", cc_21="play.highest", cc_22="play.temperature")
    assert any("the first must not be above the second" in record.message for record in caplog.records)


def test_a_knob_that_chooses_the_engine_is_followed_when_it_rests() -> None:
    async def act(player: Player) -> None:
        player.moves(*((CC, 20, value) for value in range(0, 128, 3)), (CC, 20, 30))
        assert not player.scene.desk.is_changing_engine
        engines = player.scene.engines
        await player.until(lambda: engines.is_changing)
        player.moves((CC, 20, 127))
        engines.opened()
        assert player.value("engine.kind") == "markov"
        await player.until(lambda: engines.is_changing)
        engines.opened()
        assert [config.engine.kind for config in engines.asked] == ["markov", "char-lstm"]

    played(act, cc_20="engine")


def test_an_encoder_begins_where_the_setting_is_and_goes_on_from_there() -> None:
    async def act(player: Player) -> None:
        player.moves((CC, 20, 1), (CC, 20, 1), (CC, 20, 1))
        await player.until_value("play.transpose", 3)
        player.scene.desk.carry_out(Change({"play.transpose": -10}), "MQTT")
        player.moves((CC, 20, 127))
        await player.until_value("play.transpose", -11)

    played(act, cc_20_relative="play.transpose")


def test_buttons_set_step_and_toggle_at_once() -> None:
    async def act(player: Player) -> None:
        player.moves((ON, 36, 90), (OFF, 36, 0))
        assert player.value("play.thru") is True
        player.moves((ON, 36, 90), (OFF, 36, 0))
        assert player.value("play.thru") is False
        player.moves((PROGRAM, 3))
        assert player.value("play.mode") == "listen"
        player.moves((CC, 23, 127), (CC, 23, 0), (CC, 24, 127))
        assert player.value("play.transpose") == 0
        player.moves((CC, 24, 0), (CC, 24, 127))
        assert player.value("play.transpose") == -1

    played(
        act,
        note_36="play.thru",
        program_3="play.mode listen",
        cc_23="play.transpose next",
        cc_24="play.transpose previous",
    )


def test_a_pedal_holds_as_long_as_it_or_another_is_down() -> None:
    async def act(player: Player) -> None:
        player.moves((CC, 67, 127), (ON, 21, 90), (CC, 67, 0))
        assert player.events == [HoldPressed]
        player.moves((OFF, 21, 0))
        assert player.events == [HoldPressed, HoldReleased]

    played(act, cc_67="hold", note_21="hold")


def test_a_pedal_that_is_out_of_reach_holds_no_more() -> None:
    async def act(player: Player) -> None:
        player.moves((CC, 67, 127))
        player.scene.pacer.receive(InputLost(), clock())
        await player.until(lambda: HoldReleased in player.events)

    played(act, cc_67="hold")


def test_what_cannot_be_done_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async def act(player: Player) -> None:
        player.moves((ON, 21, 90), (OFF, 21, 0))
        assert Silenced in player.events
        player.moves((ON, 22, 90), (ON, 23, 90), (ON, 23, 90), (ON, 23, 90))
        assert player.scene.desk.turn == "it"

    with caplog.at_level(logging.WARNING):
        played(act, note_21="panic", note_22="trigger", note_23="trigger")
    assert [record.message for record in caplog.records if "what a control asks for" in record.message] == [
        "what a control asks for cannot be: trigger: it is answering already; "
        "wait for its end, or panic first"
    ]


def test_a_control_learns_and_everybody_is_told() -> None:
    async def act(player: Player) -> None:
        desk = player.scene.desk
        player.hands_on.learn("play.temperature", "the page")
        assert player.moves((CC, 20, 3), (ON, 60, 90)) == [True, False]
        assert player.moves((CC, 74, 3), (CC, 74, 4), (CC, 74, 127)) == [True, True, True]
        assert desk.loaded.config.controls.bindings == {"cc 20": "hold", "cc 74 ch 1": "play.temperature"}
        assert player.scene.followed[0].source == "the page"
        await player.until_value("play.temperature", 2.0)
        player.hands_on.unlearn("play.temperature", "the page")
        assert desk.loaded.config.controls.bindings == {"cc 20": "hold"}
        assert player.moves((CC, 74, 3)) == [False]

    played(act, cc_20="hold")


def test_a_key_that_teaches_makes_no_sound_and_neither_does_its_release() -> None:
    async def act(player: Player) -> None:
        player.hands_on.learn("panic", "the page")
        assert player.moves((ON, 21, 90), (OFF, 21, 0)) == [True, True]
        assert player.value("controls.bindings") == {"note 21 ch 1": "panic"}
        assert Silenced not in player.events

    played(act)


def test_a_switch_that_sends_once_is_learnt_when_nothing_follows() -> None:
    async def act(player: Player) -> None:
        player.hands_on.learn("play.thru", "the page")
        player.moves((CC, 80, 127))
        await player.until_value("controls.bindings", {"cc 80 ch 1": "play.thru"})

    played(act)


def test_a_lesson_can_be_ended_and_what_is_unknown_is_refused() -> None:
    async def act(player: Player) -> None:
        player.hands_on.learn("hold", "the page")
        player.hands_on.unlearn("hold", "the page")
        assert player.moves((CC, 20, 127)) == [False]
        with pytest.raises(RequestError, match="no control is bound to hold"):
            player.hands_on.unlearn("hold", "the page")
        with pytest.raises(ConfigurationError, match=r"did you mean play\.temperature"):
            player.hands_on.learn("play.temprature", "the page")

    played(act)


def test_a_desk_without_midi_has_nothing_to_learn_from() -> None:
    async def act(player: Player) -> None:
        for request in (Learn("hold"), Unlearn("hold")):
            with pytest.raises(RequestError, match="no MIDI here"):
                player.scene.desk.carry_out(request, "the page")

    played(act)


def test_lights_follow_whoever_changes_something() -> None:
    async def act(player: Player) -> None:
        await player.until(lambda: (CC, 20, 64) in player.shown)
        player.scene.desk.carry_out(Change({"play.temperature": 2.0}), "MQTT")
        await player.until(lambda: (CC, 20, 127) in player.shown)
        player.moves((CC, 67, 127))
        await player.until(lambda: (CC, 67, 127) in player.shown)

    played(act, cc_20="play.temperature", cc_67="hold")


def test_nothing_is_taken_before_and_after_the_session() -> None:
    async def act(player: Player) -> None:
        player.hands_on.close()
        assert player.moves((CC, 20, 1)) == [False]

    played(act, cc_20="play.temperature")


def test_another_partner_on_the_same_keyboard_hears_nothing_of_what_is_bound() -> None:
    async def act(player: Player) -> None:
        beside = player.hands_on.beside()
        assert [beside((ON, 21, 80)), beside((OFF, 21, 0)), beside((ON, 60, 80))] == [True, True, False]
        assert Silenced not in player.events
        player.scene.desk.carry_out(Change({"controls.bindings": {"cc 20": "panic"}}), "the page")
        assert [beside((CC, 20, 127)), beside((ON, 21, 80))] == [True, False]

    played(act, note_21="panic")
