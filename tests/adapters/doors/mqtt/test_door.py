"""The door for MQTT with a real broker: what it does, and what becomes of it when the broker does not."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.broadcast import PortLost
from antiphon.adapters.doors.mqtt.door import MqttDoor, may_be_replied_to, waiting_times
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.settings import Config
from default_config import loaded
from desk_scene import Scene
from log_lines import log_lines
from mqtt_broker import Broker, requires_mosquitto, running_broker, strict_broker
from mqtt_doors import BRISK, open_doors
from mqtt_visitor import PATIENCE, Visitor, visiting
from old_broker import old_broker

HALL = Topics("hall", ("wind",))

OUTCOME = HALL.event("command")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


@asynccontextmanager
async def open_door(port: int, *sets: str) -> AsyncIterator[Scene]:
    """Open the door of a daemon called hall, which belongs to the group wind."""
    async with open_doors(port, {"hall": ("mqtt.groups=wind", *sets)}) as scenes:
        yield scenes["hall"]


@asynccontextmanager
async def visited(broker: Broker, *sets: str) -> AsyncIterator[tuple[Visitor, Scene]]:
    """Have somebody on the broker who sees the daemon come, and the daemon."""
    async with visiting(broker.port) as visitor, open_door(broker.port, *sets) as scene:
        await visitor.until_online("hall")
        yield visitor, scene


@requires_mosquitto
def test_it_comes_with_its_state_is_steered_and_takes_leave(broker: Broker) -> None:
    async def session() -> None:
        async with visiting(broker.port) as visitor:
            async with open_door(broker.port):
                await visitor.until_online("hall")
                assert await visitor.outcome(HALL.event("model")) == {"engine": "lstm", "model": "default"}
                state = await visitor.outcome(HALL.state)
                assert (state["mode"], state["input"]) == ("answer", "Keystation")
                assert state["settings"]["play.temperature"] == 1.0
                await visitor.send(HALL.command("set", "play", "temperature"), "0.5")
                outcome = await visitor.outcome(OUTCOME)
                assert outcome == {"command": "set/play/temperature", "ok": True}
                settings = {"changes": {"play.temperature": 0.5}, "waiting": [], "source": "MQTT"}
                assert await visitor.outcome(HALL.event("settings")) == settings
                await visitor.until(
                    HALL.state, lambda payload: json.loads(payload)["settings"]["play.temperature"] == 0.5
                )
            await visitor.until(HALL.availability, lambda payload: payload == b"offline")

    asyncio.run(session())


@requires_mosquitto
def test_whoever_comes_later_finds_state_and_availability(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (first, _):
            await first.until(HALL.state)
            async with visiting(broker.port) as second:
                await second.until_online("hall")
                assert (await second.until(HALL.state)).retain

    asyncio.run(session())


@requires_mosquitto
@pytest.mark.parametrize("addressee", ["hall", "all", "group/wind"])
def test_a_trigger_begins_an_answer_and_its_notes_are_told_where_that_is_wanted(
    broker: Broker, addressee: str
) -> None:
    async def session() -> None:
        async with visited(broker, "mqtt.notes=true") as (visitor, _):
            await visitor.send(f"antiphon/{addressee}/cmd/trigger", '{"id": "sensor-17"}')
            note = await visitor.outcome(HALL.event("note"))
            assert note == {"part": "it", "pitch": 72, "velocity": 90}
            await visitor.send(HALL.command("panic"))
            answer = await visitor.outcome(HALL.event("answer"))
            assert [note["pitch"] for note in answer["notes"]] == [72]

    asyncio.run(session())


@requires_mosquitto
def test_the_outcome_goes_where_the_sender_says(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, _):
            await visitor.ask(HALL.command("mode"), "lisen", "antiphon/visitor/reply", b"\x01\xff")
            reply = await visitor.until("antiphon/visitor/reply")
            assert reply.properties is not None
            assert reply.properties.CorrelationData == b"\x01\xff"  # type: ignore[attr-defined]
            outcome = json.loads(bytes(reply.payload))
            assert not outcome["ok"]
            assert outcome["error"].endswith('did you mean "listen"?')

    asyncio.run(session())


@requires_mosquitto
def test_nobody_is_commanded_by_way_of_a_reply(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, _):
            await visitor.ask(HALL.command("panic"), "", HALL.command("trigger"), b"1")
            assert await visitor.outcome(OUTCOME) == {"command": "panic", "ok": True}

    asyncio.run(session())


@pytest.mark.parametrize("topic", ["", "x" * 1001, "a/+", "a/#", "$SYS/x", "antiphon/all/cmd/panic", "a\0"])
def test_some_topics_are_never_replied_to(topic: str) -> None:
    assert not may_be_replied_to(topic)
    assert may_be_replied_to("node-red/reply/7")


BAD = [
    ("trigger", b"x" * 1_000_000, "trigger: a payload of 1000000 bytes is too long"),
    ("trigger", b"\xff\xfe", "trigger: byte 1 of the payload is not UTF-8"),
    ("set", b'{"play.mode":' * 20_000, "set: a payload of 260000 bytes is too long"),
    ("trigger", b"[" * 100_000, "trigger: the payload is not JSON"),
    ("set/play/temperature", b"9", "play.temperature from MQTT is 9, but must be from 0 to 2"),
    ("set", b'{"play.temperature": 0.5, "play.sped": 1}', "play.sped from MQTT is not a setting"),
    ("engine", b"organ", "engine.kind from MQTT"),
    ("mood", b"hopful", "is an unknown mood, nearest: hopeful"),
    ("mood", b"", "play.mood from MQTT"),
    ("dance", b"", "there is no request 'dance'"),
]


@requires_mosquitto
def test_what_is_wrong_is_told_in_a_line_and_changes_nothing(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, scene), log_lines() as lines:
            before = scene.desk.loaded
            for command, payload, told in BAD:
                await visitor.send(HALL.command(*command.split("/")), payload)
                outcome = await visitor.outcome(OUTCOME)
                assert (outcome["command"], outcome["ok"]) == (command, False)
                error = bytes((await visitor.until(HALL.error)).payload).decode()
                assert told in error
                assert "\n" not in error
            assert scene.desk.loaded == before
            assert not scene.desk.state().answering
            assert 1 <= len(lines.seen) < len(BAD)

    asyncio.run(session())


@requires_mosquitto
def test_an_engine_that_plays_already_may_be_asked_for(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, _):
            await visitor.send(HALL.command("engine"), "lstm")
            assert await visitor.outcome(OUTCOME) == {"command": "engine", "ok": True}

    asyncio.run(session())


@requires_mosquitto
def test_what_comes_twice_or_too_late_or_was_kept_by_the_broker_begins_nothing(broker: Broker) -> None:
    async def session() -> None:
        async with visiting(broker.port) as visitor:
            await visitor.send(HALL.command("trigger"), "{}", retain=True)
            async with open_door(broker.port):
                await visitor.until_online("hall")
                await visitor.send(HALL.command("trigger"), '{"id": 1, "expires": 1000}')
                outcome = await visitor.outcome(OUTCOME)
                assert (outcome["id"], outcome["ok"]) == (1, False)
                assert "too late" in outcome["error"]
                for id_ in (2, 2, 3):
                    await visitor.send(HALL.command("panic"), json.dumps({"id": id_}))
                assert [(await visitor.outcome(OUTCOME))["id"] for _ in range(2)] == [2, 3]

    asyncio.run(session())


@requires_mosquitto
def test_a_mood_comes_in_words_or_as_a_point(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, scene):
            for mood in ("wonder and a little sad", "0.5,-0.3", "none"):
                await visitor.send(HALL.command("mood"), mood)
                assert await visitor.outcome(OUTCOME) == {"command": "mood", "ok": True}
                assert scene.desk.loaded.config.play.mood == mood

    asyncio.run(session())


@requires_mosquitto
def test_a_broker_of_3_1_1_does_no_less(broker: Broker) -> None:
    async def session() -> None:
        async with visiting(broker.port) as visitor:
            await visitor.send(HALL.command("trigger"), "{}", retain=True)
            async with old_broker(broker.port) as (port, _), open_door(port):
                await visitor.until_online("hall")
                await visitor.send(HALL.command("mode"), "listen")
                assert await visitor.outcome(OUTCOME) == {"command": "mode", "ok": True}
                await visitor.until(HALL.state, lambda payload: json.loads(payload)["mode"] == "listen")
            await visitor.until(HALL.availability, lambda payload: payload == b"offline")

    asyncio.run(session())


@requires_mosquitto
def test_a_flood_is_told_of_once_and_over_when_it_is_over(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, scene):
            length = HALL.command("set", "play", "seconds")
            await asyncio.gather(*(visitor.send(length, str(number)) for number in range(200)))
            error = bytes((await visitor.until(HALL.error)).payload).decode()
            assert "there are more than 50 commands a second; some are dropped" in error
            done = {"command": "mode", "ok": True}
            async with asyncio.timeout(PATIENCE):
                await visitor.send(HALL.command("mode"), "listen")
                while await visitor.outcome(OUTCOME) != done:
                    await visitor.send(HALL.command("mode"), "listen")
            assert scene.desk.state().mode == "listen"

    asyncio.run(session())


@requires_mosquitto
def test_a_broker_that_was_killed_in_mid_answer_is_come_back_to(broker: Broker) -> None:
    async def session() -> None:
        async with open_door(broker.port) as scene, log_lines() as lines:
            await lines.until("on the MQTT broker")
            async with visiting(broker.port) as visitor:
                await visitor.send(HALL.command("trigger"))
                assert (await visitor.outcome(OUTCOME))["ok"]
            broker.kill()
            await lines.until("trying again until it works")
            assert scene.desk.state().answering
            broker.start()
            async with visiting(broker.port) as visitor:
                await visitor.until_online("hall")
                await visitor.until(HALL.state)
                await visitor.send(HALL.command("panic"))
                assert await visitor.outcome(OUTCOME) == {"command": "panic", "ok": True}

    asyncio.run(session())


@requires_mosquitto
def test_a_broker_that_stands_still_is_noticed_and_come_back_to(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, scene), log_lines() as lines:
            broker.freeze()
            await lines.until("trying again until it works")
            broker.thaw()
            await visitor.until(HALL.availability, lambda payload: payload == b"offline")
            await visitor.until_online("hall")
            await visitor.send(HALL.command("mode"), "listen")
            assert await visitor.outcome(OUTCOME) == {"command": "mode", "ok": True}
            await visitor.until(HALL.state, lambda payload: json.loads(payload)["mode"] == "listen")
            assert scene.desk.state().mode == "listen"

    asyncio.run(session())


@requires_mosquitto
def test_the_end_does_not_wait_for_a_broker_that_stands_still(broker: Broker) -> None:
    async def session() -> None:
        async with asyncio.timeout(PATIENCE):
            async with visited(broker):
                broker.freeze()
        broker.thaw()

    asyncio.run(session())


@requires_mosquitto
def test_whoever_has_the_same_name_is_told_of(broker: Broker) -> None:
    async def session() -> None:
        async with log_lines() as lines, open_door(broker.port), open_door(broker.port):
            await lines.until("give each antiphon an mqtt.id of its own")

    asyncio.run(session())


@requires_mosquitto
def test_what_the_broker_forbids_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    async def session() -> None:
        with strict_broker(tmp_path, subscribe=False, publish=False) as broker:
            async with log_lines() as lines, open_door(broker.port):
                await lines.until("does not let us follow antiphon/hall/cmd/#")
                await lines.until("does not let us publish antiphon/hall/#")

    asyncio.run(session())


@requires_mosquitto
def test_warnings_of_the_log_and_lost_ports_are_told(broker: Broker) -> None:
    async def session() -> None:
        async with visited(broker) as (visitor, scene):
            scene.broadcast.tell(PortLost("in", "Keystation"))
            port = await visitor.outcome(HALL.event("port"))
            assert port == {"direction": "in", "name": "Keystation", "lost": True}
            logging.getLogger("antiphon.part").warning("the MIDI port has vanished")
            assert bytes((await visitor.until(HALL.error)).payload) == b"the MIDI port has vanished"

    asyncio.run(session())


def test_a_broker_that_is_not_there_is_told_of_once() -> None:
    async def session() -> None:
        visits: asyncio.Queue[None] = asyncio.Queue()

        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()
            visits.put_nowait(None)

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with log_lines() as lines, open_door(port), asyncio.timeout(PATIENCE):
                for _ in range(3):
                    await visits.get()
                assert [line for line in lines.seen if "trying again" in line][1:] == []

    asyncio.run(session())


@requires_mosquitto
def test_what_programs_discover_it_by_is_announced_when_it_comes(broker: Broker) -> None:
    def announce(config: Config, topics: Topics) -> list[tuple[str, bytes]]:
        return [(f"antiphon/{config.mqtt.discovery}/{topics.id}", b"here")]

    async def session() -> None:
        settings = loaded("mqtt.host=127.0.0.1", f"mqtt.port={broker.port}", "mqtt.id=hall")
        scene = Scene(settings)
        door = asyncio.create_task(MqttDoor(settings.config, scene.desk, announce, BRISK).serve())
        async with visiting(broker.port) as visitor:
            assert bytes((await visitor.until("antiphon/homeassistant/hall")).payload) == b"here"
        scene.close()
        door.cancel()
        with suppress(asyncio.CancelledError):
            await door

    asyncio.run(session())


def test_attempts_in_a_row_come_ever_more_seldom_and_never_all_at_once() -> None:
    waits = waiting_times(lambda: 0.5)
    assert [next(waits) for _ in range(7)] == [0.75, 1.5, 3.0, 6.0, 12.0, 22.5, 22.5]
    assert next(waiting_times(lambda: 0.0)) == 0.5
