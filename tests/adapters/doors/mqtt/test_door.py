"""The door for MQTT with a real broker: what it does, and what becomes of it when the broker does not."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from default_config import loaded
from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.doors.mqtt.connection import Timing
from antiphon.adapters.doors.mqtt.door import MqttDoor
from desk_scene import Scene
from mqtt_broker import Broker, requires_mosquitto, running_broker
from mqtt_visitor import visiting

ID = "hall"

BRISK = Timing(keepalive=1, patience=2.0)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


@asynccontextmanager
async def open_door(port: int, *sets: str, timing: Timing = BRISK) -> AsyncIterator[Scene]:
    """Open the door of a daemon called ``hall``."""
    settings = loaded("mqtt.host=127.0.0.1", f"mqtt.port={port}", f"mqtt.id={ID}", *sets)
    scene = Scene(settings)
    door = asyncio.create_task(MqttDoor(settings.config, scene.desk, timing=timing).serve())
    try:
        yield scene
    finally:
        scene.close()
        door.cancel()
        with suppress(asyncio.CancelledError):
            await door


@requires_mosquitto
def test_it_comes_with_its_state_is_steered_and_takes_leave(broker: Broker) -> None:
    async def session() -> None:
        async with visiting(broker.port) as visitor:
            async with open_door(broker.port):
                await visitor.until(f"antiphon/{ID}/availability", lambda payload: payload == b"online")
                state = await visitor.outcome(f"antiphon/{ID}/state")
                assert state["mode"] == "answer"
                await visitor.send(f"antiphon/{ID}/cmd/set/play/temperature", "0.5")
                assert await visitor.outcome(f"antiphon/{ID}/event/command") == {
                    "command": "set/play/temperature",
                    "ok": True,
                }
                await visitor.until(
                    f"antiphon/{ID}/state",
                    lambda payload: json.loads(payload)["settings"]["play.temperature"] == 0.5,
                )
            await visitor.until(f"antiphon/{ID}/availability", lambda payload: payload == b"offline")

    asyncio.run(session())
