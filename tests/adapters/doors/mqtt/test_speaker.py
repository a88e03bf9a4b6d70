"""One partner on a broker: what it has to say, and that two of one daemon have topics of their own."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.broadcast import Follower, PortLost
from antiphon.adapters.doors.mqtt.door import MqttDoor
from antiphon.adapters.doors.mqtt.speaker import Speaker
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.core.events import ClockTicked
from default_config import loaded
from desk_scene import Scene
from mqtt_broker import Broker, requires_mosquitto, running_broker
from mqtt_doors import BRISK
from mqtt_visitor import visiting
from news import heard

HALL = Topics("hall")

LOST = PortLost("in", "Keystation")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


def test_news_wait_only_where_somebody_can_be_told_and_ticks_never_do() -> None:
    async def session() -> None:
        scene = Scene(loaded())
        speaker = Speaker(scene.desk, HALL, with_notes=False)
        speaker.hear(heard(ClockTicked(), 0.0))
        assert not speaker.happened.is_set()
        speaker.hear(LOST)
        assert speaker.happened.is_set()
        speaker.news = Follower()
        for news in (heard(ClockTicked(), 1.0), LOST):
            speaker.hear(news)
        assert await anext(aiter(speaker.news)) == LOST
        scene.close()

    asyncio.run(session())


@asynccontextmanager
async def open_door_of_two(port: int) -> AsyncIterator[tuple[Scene, Scene]]:
    """Open the door of a daemon called hall, in which bass plays too."""
    settings = loaded(
        "mqtt.host=127.0.0.1", f"mqtt.port={port}", "mqtt.id=hall", "partner.bass.midi.out_channel=2"
    )
    main, bass = Scene(settings), Scene(settings.partners["bass"])
    main.desk.lead("bass", bass.desk)
    door = asyncio.create_task(MqttDoor(settings.config, main.desk, timing=BRISK).serve())
    try:
        yield main, bass
    finally:
        main.close()
        bass.close()
        door.cancel()
        with suppress(asyncio.CancelledError):
            await door


@requires_mosquitto
def test_a_further_partner_is_steered_and_seen_on_topics_of_its_own(broker: Broker) -> None:
    bass = HALL.of_partner("bass")

    async def session() -> None:
        async with visiting(broker.port) as visitor, open_door_of_two(broker.port) as (main, second):
            await visitor.until_online("hall")
            assert (await visitor.outcome(bass.state))["mode"] == "answer"
            await visitor.send(bass.command("mode"), "duet")
            assert await visitor.outcome(bass.event("command")) == {"command": "mode", "ok": True}
            await visitor.until(bass.state, lambda payload: json.loads(payload)["mode"] == "duet")
            assert main.desk.state().mode == "answer"
            await visitor.send(bass.command("trigger"))
            assert await visitor.outcome(bass.event("turn")) == {"turn": "taken"}
            assert second.desk.state().answering
            assert not main.desk.state().answering
            await visitor.send(HALL.command("panic"))
            await visitor.until(HALL.event("command"))
            assert not second.desk.state().answering

    asyncio.run(session())


@requires_mosquitto
def test_what_is_for_the_whole_daemon_or_for_nobody_is_refused(broker: Broker) -> None:
    async def session() -> None:
        async with visiting(broker.port) as visitor, open_door_of_two(broker.port):
            await visitor.until_online("hall")
            bass, lead = HALL.of_partner("bass"), HALL.of_partner("lead")
            await visitor.send(bass.command("doctor"))
            refused = await visitor.outcome(bass.event("command"))
            assert refused["error"] == "this is for the whole daemon; send it to antiphon/hall/cmd/doctor"
            await visitor.send(lead.command("panic"))
            refused = await visitor.outcome(HALL.event("command"))
            assert refused["error"] == "there is no partner 'lead' here; there are: bass"

    asyncio.run(session())
