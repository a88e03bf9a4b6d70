"""Doors of daemons without MIDI on one broker, in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from antiphon.adapters.doors.mqtt.connection import Timing
from antiphon.adapters.doors.mqtt.door import MqttDoor
from default_config import loaded
from desk_scene import Scene

BRISK = Timing(keepalive=1, patience=2.0)
"""A broker that vanishes is noticed within two or three seconds."""


@asynccontextmanager
async def open_doors(port: int, *members: tuple[str, tuple[str, ...]]) -> AsyncIterator[dict[str, Scene]]:
    """Open the doors of daemons, each by its id with its settings; return what is behind each."""
    scenes: dict[str, Scene] = {}
    doors: list[asyncio.Task[None]] = []
    for id_, sets in members:
        settings = loaded("mqtt.host=127.0.0.1", f"mqtt.port={port}", f"mqtt.id={id_}", *sets)
        scenes[id_] = Scene(settings)
        door = MqttDoor(settings.config, scenes[id_].desk, timing=BRISK)
        doors.append(asyncio.create_task(door.serve()))
    try:
        yield scenes
    finally:
        for scene in scenes.values():
            scene.close()
        for task in doors:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
