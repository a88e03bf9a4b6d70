"""The socket of OSC, with another program at the other end."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import pytest

from antiphon.adapters.broadcast import Sent
from antiphon.adapters.doors.osc.addresses import address_of
from antiphon.adapters.doors.osc.patience import WEIGHT_PER_SECOND as AT_ONCE
from antiphon.core.commands import PlayerCame, Publish
from antiphon.schema import schema
from default_config import loaded
from desk_scene import Scene
from missing import OSC

pytest.importorskip("pythonosc", reason=OSC)

from antiphon.adapters.doors.osc.door import serve
from osc_peer import DEADLINE, OscPeer, bundle, free_port, osc_peer

Session: TypeAlias = Callable[[Scene, OscPeer], Coroutine[Any, Any, None]]


@asynccontextmanager
async def open_door(port: int, *sets: str) -> AsyncIterator[Scene]:
    scene = Scene(loaded(f"osc.port={port}", *sets))
    door = asyncio.create_task(serve(scene.desk.loaded.config, scene.desk))
    try:
        async with osc_peer(port) as trial, asyncio.timeout(DEADLINE):
            while not trial.left():
                trial.send("/antiphon/panic")
                await asyncio.sleep(0.01)
        scene.told.clear()
        yield scene
    finally:
        door.cancel()
        scene.close()
        await asyncio.wait([door])
        if not door.cancelled():
            door.result()


def with_a_peer(session: Session, *sets: str) -> None:
    async def whole() -> None:
        port = free_port()
        async with open_door(port, *sets) as scene, osc_peer(port) as peer:
            await session(scene, peer)

    asyncio.run(whole())


def test_what_is_asked_for_is_done_and_answered() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        peer.send("/antiphon/trigger", "seconds", 2.0, "seed", 7.0, "file", "hello")
        assert await peer.next() == ("/antiphon/ok", "trigger")
        [triggered] = scene.triggers
        assert (triggered.seconds, triggered.seed, len(triggered.phrase)) == (2.0, 7, 2)
        peer.send("/antiphon/panic", 1.0)
        peer.send("/antiphon/panic", 0.0)
        peer.send("/antiphon/mode", "listen")
        assert await peer.next() == ("/antiphon/ok", "panic")
        assert await peer.next() == ("/antiphon/ok", "mode")
        assert not scene.desk.state().answering
        assert scene.desk.state().mode == "listen"
        assert peer.left() == []

    with_a_peer(session)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (("/antiphon/triger",), "did you mean /antiphon/trigger?"),
        (("/antiphon/play/seconds", "long"), "must be a number from 0 to 600"),
        (("/antiphon/play/seconds", 1e9), "must be from 0 to 600"),
        (("/antiphon/midi/out", "FLUID"), "cannot change while it runs"),
        (("/antiphon/trigger", "file", "../secret"), "there is no phrase"),
        (("/antiphon/trigger", "at", 9.9e9), "3600 s is the most"),
        (("/antiphon/set", "play.lowest", 60, "play.highest", 40), "must not be above"),
        (("/antiphon/save",), "settings cannot be kept"),
        (("/antiphon/trigger", b"blob"), "of a type that is not understood"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_and_changes_nothing(message: tuple[Any, ...], told: str) -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        before = scene.desk.loaded
        peer.send(*message)
        address, sentence = await peer.next()
        assert address == "/antiphon/error"
        assert told in sentence
        assert scene.desk.loaded == before
        assert scene.triggers == []

    with_a_peer(session)


def test_packets_that_are_cut_off_or_too_large_are_told_and_the_next_is_followed() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        for packet in (b"/antiphon/trigger", b"\xff" * 20, b"#bundle\0", b"/" * 60_000):
            peer.send_bytes(packet)
            address, sentence = await peer.next()
            assert address == "/antiphon/error"
            assert len(sentence) < 100
        peer.send("/antiphon/trigger")
        assert await peer.next() == ("/antiphon/ok", "trigger")

    with_a_peer(session)


def test_the_state_is_shown_once_to_whoever_asks() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        peer.send("/antiphon/state")
        assert await peer.next() == ("/antiphon/ok", "state")
        shown = {}
        while "/antiphon/state/delays" not in shown:
            address, *arguments = await peer.next()
            shown[address] = arguments
        assert shown["/antiphon/state/input"] == ["Keystation"]
        assert shown["/antiphon/play/temperature"] == [1.0]
        single = [setting for setting in schema().values() if setting.live and not setting.is_table]
        assert set(map(address_of, single)) < set(shown)
        peer.send("/antiphon/trigger")
        assert await peer.next() == ("/antiphon/ok", "trigger")
        peer.send("/antiphon/panic")
        assert await peer.next() == ("/antiphon/ok", "panic")

    with_a_peer(session)


def test_whoever_subscribes_follows_values_events_and_notes() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        peer.send("/antiphon/subscribe")
        assert await peer.until("/antiphon/play/polyphony") == (10,)
        await peer.until("/antiphon/state/delays")
        peer.send("/antiphon/trigger")
        assert await peer.until("/antiphon/event/turn") == ("taken",)
        pitch, velocity, until_due, part = await peer.until("/antiphon/note")
        assert (pitch, velocity, part) == (72, 90, "it")
        assert until_due <= 0.0
        assert await peer.until("/antiphon/state/answering") == (1,)
        peer.send("/antiphon/panic")
        taken = await peer.until("/antiphon/event/turn")
        assert taken[:3] == ("given_back", "silenced", 1)
        scene.desk.broadcast.tell(Sent(Publish(0.0, PlayerCame()), 0.0))
        assert await peer.until("/antiphon/event/player") == (1,)
        scene.ports.lost = frozenset({"out"})
        assert await peer.until("/antiphon/state/lost") == ("out",)

    with_a_peer(session, "osc.notes=true")


def test_a_fader_follows_what_others_set_but_is_not_moved_back_by_its_own() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        async with osc_peer(scene.desk.loaded.config.osc.port) as other:
            for each in (peer, other):
                each.send("/antiphon/subscribe")
                await each.until("/antiphon/state/delays")
            peer.send("/antiphon/play/temperature", 0.5)
            assert await other.until("/antiphon/play/temperature") == (0.5,)
            other.send("/antiphon/play/temperature", 0.25)
            assert await peer.next() == ("/antiphon/ok", "play/temperature")
            assert await peer.next() == ("/antiphon/play/temperature", 0.25)

    with_a_peer(session)


def test_a_value_that_is_refused_is_followed_by_the_one_that_holds() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        peer.send("/antiphon/subscribe")
        await peer.until("/antiphon/state/delays")
        peer.send("/antiphon/play/lowest", 120)
        address, sentence = await peer.next()
        assert (address, "must not be above" in sentence) == ("/antiphon/error", True)
        assert await peer.next() == ("/antiphon/play/lowest", 21)

    with_a_peer(session)


def test_a_subscription_may_name_another_port() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        async with osc_peer(scene.desk.loaded.config.osc.port) as ears:
            peer.send("/antiphon/subscribe", ears.port)
            assert await ears.until("/antiphon/ok") == ("subscribe",)
            peer.send("/antiphon/triger")
            await ears.until("/antiphon/error")
            assert peer.left() == []

    with_a_peer(session)


def test_who_is_named_in_the_settings_is_told_without_asking() -> None:
    async def session() -> None:
        port, elsewhere = free_port(), free_port()
        destinations = f"localhost:{elsewhere} nowhere.invalid:9000 192.0.2.1:9000"
        async with (
            osc_peer(port, elsewhere) as ears,
            open_door(port, f"osc.send_to='{destinations}'") as scene,
        ):
            assert await ears.until("/antiphon/play/mode") == ("answer",)
            scene.desk.broadcast.tell(Sent(Publish(0.0, PlayerCame()), 0.0))
            assert await ears.until("/antiphon/event/player") == (1,)

    asyncio.run(session())


def test_a_bundle_is_followed_when_its_moment_has_come() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        at = time.time() + 0.3
        peer.send_bytes(bundle(at, ("/antiphon/play/seconds", 4.0), ("/antiphon/mode", "listen")))
        peer.send("/antiphon/play/polyphony", 5)
        assert await peer.next() == ("/antiphon/ok", "play/polyphony")
        assert [each.changes for each in scene.followed] == [{"play.polyphony": 5}]
        assert await peer.next() == ("/antiphon/ok", "play/seconds")
        assert time.time() >= at
        assert [each.changes for each in scene.followed[1:]] == [{"play.mode": "listen", "play.seconds": 4.0}]

    with_a_peer(session)


def test_a_trigger_in_a_bundle_is_handed_on_beforehand_with_its_moment() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        due = asyncio.get_running_loop().time() + 0.8
        peer.send_bytes(bundle(time.time() + 0.8, ("/antiphon/trigger",)))
        assert await peer.next() == ("/antiphon/ok", "trigger")
        [triggered] = scene.triggers
        assert triggered.at == pytest.approx(due, abs=0.4)

    with_a_peer(session)


def test_bundles_for_the_past_and_for_now_are_followed_and_those_for_tomorrow_refused() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        for at in (0, time.time() - 1000.0):
            peer.send_bytes(bundle(at, ("/antiphon/panic",)))
            assert await peer.next() == ("/antiphon/ok", "panic")
        peer.send_bytes(bundle(time.time() + 86_400.0, ("/antiphon/panic",)))
        address, sentence = await peer.next()
        assert address == "/antiphon/error"
        assert "s ahead; 3600 s is the most" in sentence

    with_a_peer(session)


def test_a_flood_is_followed_in_part_answered_once_and_others_are_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        for number in range(int(2 * AT_ONCE)):
            peer.send("/antiphon/play/temperature", number / 2000)
            await asyncio.sleep(0)  # the same loop has to read them
        await peer.until("/antiphon/error")
        async with osc_peer(scene.desk.loaded.config.osc.port) as other:
            other.send("/antiphon/panic")
            assert await other.next() == ("/antiphon/ok", "panic")
        assert [each for each in peer.left() if each[0] == "/antiphon/error"] == []
        assert len(scene.followed) < 100

    with_a_peer(session)
    assert len([each for each in caplog.messages if "more than can be followed" in each]) == 1


def test_who_is_not_named_gets_nothing_and_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    async def session() -> None:
        port = free_port()
        scene = Scene(loaded(f"osc.port={port}", "osc.allow=10.0.0.0/8"))
        caplog.set_level(logging.INFO)
        door = asyncio.create_task(serve(scene.desk.loaded.config, scene.desk))
        async with osc_peer(port) as stranger, asyncio.timeout(DEADLINE):
            while not any("osc.allow does not name" in each for each in caplog.messages):
                for address in ("/antiphon/subscribe", "/antiphon/trigger", "/nonsense"):
                    stranger.send(address)
                await asyncio.sleep(0.01)
            scene.desk.broadcast.tell(Sent(Publish(0.0, PlayerCame()), 0.0))
            await asyncio.sleep(0)
            assert stranger.left() == []
        assert scene.triggers == []
        door.cancel()
        await asyncio.wait([door])
        scene.close()

    asyncio.run(session())
    assert len([each for each in caplog.messages if "the last from 127.0.0.1" in each]) == 1


def test_two_that_hear_each_other_do_not_answer_each_other() -> None:
    async def session(scene: Scene, peer: OscPeer) -> None:
        for address in ("/antiphon/error", "/antiphon/ok", "/antiphon/event/turn", "/antiphon/state/mode"):
            peer.send(address, "whatever")
        peer.send("/antiphon/panic")
        assert await peer.next() == ("/antiphon/ok", "panic")
        assert peer.left() == []

    with_a_peer(session)
