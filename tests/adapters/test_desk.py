"""The desk: what may be asked of a daemon that plays, and what it shows of itself."""

import asyncio
from collections.abc import Callable

import pytest

from antiphon.adapters.broadcast import Broadcast, Follower, Heard, News, Sent, SettingsFollowed
from antiphon.adapters.desk import Desk
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.config import Loaded
from antiphon.core.commands import PlayNote, Publish, ReleaseNote, TurnGivenBack
from antiphon.core.improviser import Improviser
from antiphon.errors import ConfigurationError
from antiphon.requests import Change, Panic, Reload, Trigger
from default_config import loaded
from scripted_engine import ScriptedEngine


class Keyboard:
    """Ports without a MIDI system."""

    input_name = "Keystation"
    output_name = "FLUID"
    lost: frozenset[Direction] = frozenset({"in"})


class Scene:
    """A desk with an improviser that has a long note to play, and everything that was told."""

    def __init__(self, load: Callable[[], Loaded]) -> None:
        self.told: list[News] = []
        broadcast = Broadcast()
        broadcast.listen(self.told.append)
        self._follower = Follower()
        broadcast.listen(self._follower)
        before = loaded()
        engine = ScriptedEngine([(0.0, 90, 72), (5.0, 0, 72)])
        improviser = Improviser(engine, before.config.settings, clock())
        self.pacer = Pacer(improviser, lambda command: None, broadcast.tell)
        self.desk = Desk(before, load, broadcast, improviser, self.pacer, Keyboard(), Punctuality())

    def sent(self) -> list[type]:
        return [type(news.command) for news in self.told if isinstance(news, Sent)]

    async def until_it_plays(self) -> None:
        async for news in self._follower:
            if isinstance(news, Sent) and isinstance(news.command, PlayNote):
                return


def at_the_desk(act: Callable[[Scene], None], load: Callable[[], Loaded] = loaded) -> Scene:
    async def session() -> Scene:
        scene = Scene(load)
        act(scene)
        scene.pacer.close()
        return scene

    return asyncio.run(session())


def test_it_can_be_triggered_and_silenced() -> None:
    async def session() -> Scene:
        scene = Scene(loaded)
        scene.desk.carry_out(Trigger(), "a test")
        await asyncio.wait_for(scene.until_it_plays(), 10)
        assert scene.desk.state().answering
        scene.desk.carry_out(Panic(), "a test")
        assert not scene.desk.state().answering
        scene.pacer.close()
        return scene

    scene = asyncio.run(session())
    assert ReleaseNote in scene.sent()
    given_back = [each.command for each in scene.told if isinstance(each, Sent)][-2]
    assert isinstance(given_back, Publish)
    assert isinstance(given_back.occurrence, TurnGivenBack)


def test_a_setting_that_is_changed_is_followed_and_everybody_is_told() -> None:
    def act(scene: Scene) -> None:
        scene.desk.carry_out(Change({"play.mode": "listen", "play.seconds": 4}), "a test")
        assert scene.desk.state().mode == "listen"
        assert str(scene.desk.loaded.origins["play.seconds"]) == "from a test"
        scene.desk.carry_out(Change({"play.seconds": 4.0}), "a test")

    told = [each for each in at_the_desk(act).told if isinstance(each, SettingsFollowed)]
    assert told == [
        SettingsFollowed({"play.mode": "listen", "play.seconds": 4.0}, (), "a test"),
        SettingsFollowed({}, (), "a test"),
    ]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"play.seconds": -1}, "play.seconds"),
        ({"play.mood": "hopeful"}, "play.mood"),
        ({"midi.out": "*"}, "midi.out"),
        ({"play.seconds": 3.0, "play.lowest": 60, "play.highest": 50}, "play.lowest"),
    ],
)
def test_what_cannot_be_followed_is_told_and_changes_nothing(settings: dict[str, object], told: str) -> None:
    def act(scene: Scene) -> None:
        with pytest.raises(ConfigurationError, match=told):
            scene.desk.carry_out(Change(settings), "a test")
        assert scene.desk.loaded == loaded()

    assert not any(isinstance(each, SettingsFollowed) for each in at_the_desk(act).told)


def test_a_configuration_that_is_read_again_says_what_waits_for_a_restart() -> None:
    def act(scene: Scene) -> None:
        scene.desk.carry_out(Reload(), "a test")
        assert scene.desk.state().mode == "listen"

    told = at_the_desk(act, lambda: loaded("play.mode=listen", "midi.out_channel=3")).told
    assert told[1] == SettingsFollowed(
        {"midi.out_channel": 3, "play.mode": "listen"}, ("midi.out_channel",), "a test"
    )


def test_what_is_as_it_was_at_the_start_waits_for_nothing() -> None:
    asked = iter([loaded("midi.out_channel=3"), loaded("midi.out_channel=3", "play.lowest=40"), loaded()])

    def act(scene: Scene) -> None:
        for _ in range(3):
            scene.desk.carry_out(Reload(), "a test")

    told = [each for each in at_the_desk(act, lambda: next(asked)).told if isinstance(each, SettingsFollowed)]
    assert [(set(each.changes), each.waiting) for each in told] == [
        ({"midi.out_channel"}, ("midi.out_channel",)),
        ({"play.lowest"}, ()),
        ({"midi.out_channel", "play.lowest"}, ()),
    ]


def test_what_it_shows_is_what_it_does() -> None:
    def act(scene: Scene) -> None:
        state = scene.desk.state()
        assert (state.input, state.output, state.lost) == ("Keystation", "FLUID", ("in",))
        assert (state.engine, state.model) == ("lstm", "default")
        assert (state.player_active, state.answering, state.sounding) == (False, False, ())
        assert not state.pedal_withholds

    assert [type(each) for each in at_the_desk(act).told] == [Heard, Sent]
