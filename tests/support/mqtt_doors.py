"""Doors for MQTT, of whole daemons that notice a broken network soon, and of daemons without MIDI."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.mqtt.connection import Timing
from antiphon.adapters.doors.mqtt.door import MqttDoor, ReadClocks, our_clocks
from antiphon.core.engine import Engine
from antiphon.settings import Config
from default_config import loaded
from desk_scene import Scene

BRISK = Timing(keepalive=1, patience=2.0)
"""A broker that vanishes is noticed within two or three seconds."""


async def serve_briskly(config: Config, desk: Desk) -> None:
    """Stay on the broker until this is cancelled, and soon notice when it is gone."""
    await MqttDoor(config, desk, timing=BRISK).serve()


@asynccontextmanager
async def open_doors(
    port: int,
    members: Mapping[str, Sequence[str]],
    clocks: Mapping[str, ReadClocks] | None = None,
    engine: Engine | None = None,
    timing: Timing = BRISK,
) -> AsyncIterator[dict[str, Scene]]:
    """Open the doors of daemons, each by its id with its settings; return what is behind each.

    Args:
        clocks: of those on a machine whose clocks show something else.
        timing: how long the broker may take.
        engine: plays for all of them, and so must not remember anything.
    """
    scenes: dict[str, Scene] = {}
    tasks: list[asyncio.Task[None]] = []
    for id_, sets in members.items():
        settings = loaded("mqtt.host=127.0.0.1", f"mqtt.port={port}", f"mqtt.id={id_}", *sets)
        scenes[id_] = Scene(settings, engine=engine)
        read_clocks = (clocks or {}).get(id_, our_clocks)
        door = MqttDoor(settings.config, scenes[id_].desk, timing=timing, clocks=read_clocks)
        tasks.append(asyncio.create_task(door.serve()))
    try:
        yield scenes
    finally:
        for scene in scenes.values():
            scene.close()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
