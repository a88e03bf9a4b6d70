"""The desk: what may be asked of a daemon that plays, and what it shows of itself."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from antiphon.adapters.broadcast import ChangeFailed, Examined, Heard, Sent, SettingsFollowed
from antiphon.adapters.check_up import Standing
from antiphon.adapters.desk import Impression
from antiphon.adapters.pacer import clock, wall_clock
from antiphon.config import Loaded
from antiphon.core.commands import HeldLong, Publish, ReleaseNote, TurnGivenBack
from antiphon.core.events import KeyPressed, Triggered
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import AntiphonError, ConfigurationError, RequestError
from antiphon.findings import Finding
from antiphon.requests import Change, Examine, Panic, PhraseNote, Reload, Save, Trigger
from default_config import loaded
from desk_scene import HELLO, Scene


def at_the_desk(act: Callable[[Scene], None], load: Callable[[], Loaded] = loaded) -> Scene:
    async def session() -> Scene:
        scene = Scene(loaded(), load)
        act(scene)
        scene.close()
        return scene

    return asyncio.run(session())


def test_it_can_be_triggered_and_silenced() -> None:
    async def session() -> Scene:
        scene = Scene(loaded())
        scene.desk.carry_out(Trigger(), "a test")
        await scene.until_it_plays()
        assert scene.desk.state().answering
        scene.desk.carry_out(Panic(), "a test")
        assert not scene.desk.state().answering
        scene.close()
        return scene

    scene = asyncio.run(session())
    sent = [each.command for each in scene.told if isinstance(each, Sent)]
    assert ReleaseNote in map(type, sent)
    given_back = sent[-2]
    assert isinstance(given_back, Publish)
    assert isinstance(given_back.occurrence, TurnGivenBack)


def test_a_trigger_brings_its_phrase_by_notes_or_by_name() -> None:
    def act(scene: Scene) -> None:
        scene.desk.carry_out(Trigger(phrase=(PhraseNote(72, 1.0, 0.5, 90),), seed=3), "a test")
        scene.desk.carry_out(Trigger(file="hello.mid", seconds=2.0), "a test")

    assert at_the_desk(act).triggers == [Triggered(HELLO, None, 3), Triggered(HELLO, 2.0)]


def test_a_moment_of_the_wall_clock_is_kept_on_our_own() -> None:
    def act(scene: Scene) -> None:
        due = clock() + 30.0
        scene.desk.carry_out(Trigger(at=wall_clock() + 30.0), "a test")
        [trigger] = scene.triggers
        assert trigger.at == pytest.approx(due, abs=1.0)

    at_the_desk(act)


def test_a_wall_clock_that_is_set_moves_no_answer_that_was_asked_for() -> None:
    """As when a machine without a clock of its own hears from the network what time it is."""
    at_the_start, a_year_later = 1_700_000_000.0, 1_731_536_000.0
    told = iter([at_the_start, a_year_later])

    async def session() -> None:
        scene = Scene(loaded(), time_of_day=lambda: next(told))
        due = clock() + 30.0
        scene.desk.carry_out(Trigger(at=at_the_start + 30.0), "a test")
        scene.desk.carry_out(Trigger(at=a_year_later + 30.0), "a test")
        assert [trigger.at for trigger in scene.triggers] == pytest.approx([due, due], abs=1.0)
        scene.close()

    asyncio.run(session())


@pytest.mark.parametrize(
    ("trigger", "told"),
    [
        (Trigger(expires=1000.0), "too late"),
        (Trigger(file="../hello"), "there is no phrase '../hello'; there are: hello"),
        (Trigger(file="hello", phrase=(PhraseNote(60, 0.0),)), "leave one of them out"),
        (Trigger(at=99e9), "3600 s is the most"),
    ],
)
def test_a_trigger_that_cannot_be_followed_is_told_and_nothing_begins(trigger: Trigger, told: str) -> None:
    def act(scene: Scene) -> None:
        with pytest.raises(RequestError, match=told):
            scene.desk.carry_out(trigger, "a test")

    assert at_the_desk(act).triggers == []


def test_while_it_answers_a_trigger_is_refused() -> None:
    def act(scene: Scene) -> None:
        scene.desk.carry_out(Trigger(), "a test")
        with pytest.raises(RequestError, match="it is answering already"):
            scene.desk.carry_out(Trigger(), "a test")

    assert len(at_the_desk(act).triggers) == 1


def test_settings_that_cannot_be_kept_are_told() -> None:
    def act(scene: Scene) -> None:
        with pytest.raises(AntiphonError, match="settings cannot be kept"):
            scene.desk.carry_out(Save(), "a test")

    at_the_desk(act)


def test_a_setting_that_is_changed_is_followed_and_everybody_is_told() -> None:
    def act(scene: Scene) -> None:
        scene.desk.carry_out(Change({"play.mode": "listen", "play.seconds": 4}), "a test")
        assert scene.desk.state().mode == "listen"
        assert str(scene.desk.loaded.origins["play.seconds"]) == "from a test"
        scene.desk.carry_out(Change({"play.seconds": 4.0}), "a test")

    assert at_the_desk(act).followed == [
        SettingsFollowed({"play.mode": "listen", "play.seconds": 4.0}, (), "a test"),
        SettingsFollowed({}, (), "a test"),
    ]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"play.seconds": -1}, "play.seconds"),
        ({"play.mood": "hopful"}, "unknown mood, nearest: hopeful"),
        ({"midi.out": "FLUID*"}, "midi.out"),
        ({"play.seconds": 3.0, "play.lowest": 60, "play.highest": 50}, "play.lowest"),
    ],
)
def test_what_cannot_be_followed_is_told_and_changes_nothing(settings: dict[str, object], told: str) -> None:
    def act(scene: Scene) -> None:
        with pytest.raises(ConfigurationError, match=told):
            scene.desk.carry_out(Change(settings), "a test")
        assert scene.desk.loaded == loaded()

    assert at_the_desk(act).followed == []


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

    followed = at_the_desk(act, lambda: next(asked)).followed
    assert [(set(each.changes), each.waiting) for each in followed] == [
        ({"midi.out_channel"}, ("midi.out_channel",)),
        ({"play.lowest"}, ()),
        ({"midi.out_channel", "play.lowest"}, ()),
    ]


def test_what_it_shows_is_what_it_does() -> None:
    def act(scene: Scene) -> None:
        scene.ports.lost = frozenset({"in"})
        state = scene.desk.state()
        assert (state.input, state.output, state.lost) == ("Keystation", "FLUID", ("in",))
        assert (state.engine, state.model) == ("lstm", "default")
        assert (state.player_active, state.answering, state.sounding) == (False, False, ())
        assert not state.pedal_withholds

    assert [type(each) for each in at_the_desk(act).told] == [Heard, Sent]


def test_another_engine_is_followed_when_it_is_open_and_other_settings_meanwhile() -> None:
    def act(scene: Scene) -> None:
        desk = scene.desk
        desk.carry_out(Change({"model.name": "small", "play.temperature": 0.5}), "a test")
        assert desk.loaded.config.model.name == ""
        desk.carry_out(Change({"play.min_p": 0.2}), "a test")
        assert desk.loaded.config.play.min_p == 0.2
        with pytest.raises(RequestError, match="being changed already"):
            desk.carry_out(Change({"model.name": "default"}), "a test")
        scene.engines.opened()
        config = desk.loaded.config
        assert (config.model.name, config.play.temperature, config.play.min_p) == ("small", 0.5, 0.2)
        assert desk.state().model == "small"

    scene = at_the_desk(act)
    [asked] = scene.engines.asked
    assert asked.model.name == "small"
    assert [each.changes for each in scene.followed] == [
        {"play.min_p": 0.2},
        {"model.name": "small", "play.temperature": 0.5},
    ]


def test_an_engine_that_cannot_be_opened_changes_nothing_and_that_is_told() -> None:
    def act(scene: Scene) -> None:
        scene.desk.carry_out(Change({"engine.understudy": "nobody", "play.temperature": 0.5}), "a test")
        scene.engines.opened(ConfigurationError("there is no such understudy"))
        assert scene.desk.loaded.config == loaded().config
        scene.desk.carry_out(Change({"model.name": "small"}), "a test")

    scene = at_the_desk(act)
    assert ChangeFailed("there is no such understudy", "a test") in scene.told


def test_a_model_that_is_not_there_or_a_file_of_this_machine_is_refused_at_once() -> None:
    def act(scene: Scene) -> None:
        with pytest.raises(RequestError, match=r"nowhere is no shipped model; there are: .*default, "):
            scene.desk.carry_out(Change({"model.name": "nowhere"}), "a test")
        for setting in ("model.file", "engine.accelerator"):
            with pytest.raises(
                ConfigurationError, match=f"{setting} from a test cannot change while it runs"
            ):
                scene.desk.carry_out(Change({setting: "/tmp/a.so"}), "a test")
        assert scene.engines.asked == []

    at_the_desk(act)


def test_a_key_of_a_door_is_heard_as_one_of_the_keyboard_is() -> None:
    def act(scene: Scene) -> None:
        scene.desk.hear(KeyPressed(Pitch(60), Velocity(80)))
        assert scene.desk.turn == "you"

    scene = at_the_desk(act)
    heard = next(news for news in scene.told if isinstance(news, Heard))
    assert heard.event == KeyPressed(Pitch(60), Velocity(80))
    assert heard.at <= heard.decided


def test_whose_turn_it_is_and_what_is_to_come_can_be_looked_at() -> None:
    async def session() -> None:
        scene = Scene(loaded())
        assert scene.desk.turn is None
        assert scene.desk.upcoming() == []
        scene.desk.carry_out(Trigger(), "a test")
        await scene.until_it_plays()
        assert scene.desk.turn == "it"
        assert scene.desk.expectation() is None
        assert scene.desk.lateness().count == 1
        scene.close()

    asyncio.run(session())


def test_what_the_music_is_taken_for_can_be_looked_at() -> None:
    def act(scene: Scene) -> None:
        assert scene.desk.impression() == Impression(key=None, chord=None)
        for pitch in (60, 62, 64, 65, 67, 69, 71, 72):
            scene.desk.hear(KeyPressed(Pitch(pitch), Velocity(80)))
        assert scene.desk.impression().key == "C major"

    at_the_desk(act)


def test_an_examination_knows_how_the_daemon_stands_and_there_is_one_at_a_time() -> None:
    standings: list[Standing] = []
    may_end = threading.Event()

    def examine(standing: Standing) -> tuple[Finding, ...]:
        standings.append(standing)
        may_end.wait()
        return (Finding("MIDI", "good", "all is well"),)

    async def session() -> Scene:
        scene = Scene(loaded(), examine=examine)
        scene.desk.door_is("mqtt", "connected")
        scene.desk.carry_out(Examine(), "a test")
        with pytest.raises(RequestError, match="being looked at already"):
            scene.desk.carry_out(Examine(), "a test")
        may_end.set()
        await scene.until(lambda news: isinstance(news, Examined))
        scene.close()
        return scene

    scene = asyncio.run(session())
    assert Examined((Finding("MIDI", "good", "all is well"),)) in scene.told
    assert [(each.state.input, each.doors) for each in standings] == [("Keystation", {"mqtt": "connected"})]


def test_how_a_door_is_can_be_seen_by_the_others() -> None:
    def act(scene: Scene) -> None:
        assert scene.desk.door("mqtt") == "off"
        scene.desk.door_is("mqtt", "connected")
        assert scene.desk.door("mqtt") == "connected"

    at_the_desk(act)


def with_a_partner(act: Callable[[Scene, Scene], None]) -> tuple[Scene, Scene]:
    async def session() -> tuple[Scene, Scene]:
        main, bass = Scene(loaded()), Scene(loaded())
        main.desk.lead("bass", bass.desk)
        act(main, bass)
        main.close()
        bass.close()
        return main, bass

    return asyncio.run(session())


def test_silence_is_for_all_partners_and_a_trigger_for_the_one_that_is_asked() -> None:
    def act(main: Scene, bass: Scene) -> None:
        for each in (main, bass):
            each.desk.carry_out(Trigger(), "a test")
        bass.desk.carry_out(Panic(), "a test")
        assert (main.desk.state().answering, bass.desk.state().answering) == (True, False)
        bass.desk.carry_out(Trigger(), "a test")
        main.desk.carry_out(Panic(), "a test")
        assert (main.desk.state().answering, bass.desk.state().answering) == (False, False)

    main, bass = with_a_partner(act)
    assert (len(main.triggers), len(bass.triggers)) == (1, 2)


def test_a_long_press_silences_all_partners() -> None:
    def act(main: Scene, bass: Scene) -> None:
        bass.desk.carry_out(Trigger(), "a test")
        main.desk.broadcast.tell(Sent(Publish(0.0, HeldLong()), 0.0))
        assert not bass.desk.state().answering

    with_a_partner(act)


def test_partners_read_their_settings_again_together_and_follow_others_alone() -> None:
    def act(main: Scene, bass: Scene) -> None:
        main.desk.carry_out(Change({"play.seconds": 4.0}), "a test")
        main.desk.carry_out(Reload(), "SIGHUP")

    main, bass = with_a_partner(act)
    changes = [[news.changes for news in scene.followed] for scene in (main, bass)]
    assert changes == [[{"play.seconds": 4.0}, {"play.seconds": 0.0}], [{}]]


def test_a_partner_that_comes_or_goes_waits_for_a_restart() -> None:
    later = loaded("midi.out=virtual", "partner.bass.play.mode=duet")
    [followed] = at_the_desk(lambda scene: scene.desk.carry_out(Reload(), "SIGHUP"), lambda: later).followed
    assert followed.waiting == ("midi.out", "partner.bass")
