"""A real Home Assistant with nothing but its MQTT integration, as far as a test needs it.

Run by the Python that has ``homeassistant``, and never imported. It reads what it is to do as JSON, connects
to a broker, waits until it has as many entities as are expected, calls services, waits until entities have
the states that are expected, and writes what it then shows. Its complaints go to standard error.
"""

# pyright: reportMissingImports=false

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from homeassistant import loader
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.config_entries import ConfigEntries, ConfigEntry
from homeassistant.const import __version__
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry, entity_registry
from homeassistant.setup import async_setup_component

DEADLINE = 60.0

FOR_BROWSERS = ("http", "file_upload")
"""What the integration wants beside it, and nobody here uses."""


async def act(hass: HomeAssistant, script: dict[str, Any]) -> dict[str, object]:
    loader.async_setup(hass)
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    await async_load_base_functionality(hass)
    await async_setup_component(hass, "homeassistant", {})
    for component in FOR_BROWSERS:
        hass.config.components.add(component)
    await hass.async_start()
    await hass.config_entries.async_add(mqtt_entry(script["port"]))
    await until(hass, lambda: len(available(hass)) >= script["entities"])
    for service, entity, data in script["calls"]:
        domain, name = service.split(".")
        await hass.services.async_call(domain, name, data, blocking=True, target={"entity_id": entity})
    await until(
        hass, lambda: all(hass.states.get(name).state == state for name, state in script["until"].items())
    )
    seen = shown(hass)
    await hass.async_stop()
    return seen


def mqtt_entry(port: int) -> ConfigEntry:
    """Return what the integration keeps once somebody has set it up by hand."""
    return ConfigEntry(
        data={"broker": "127.0.0.1", "port": port, "protocol": "5"},
        discovery_keys={},
        domain="mqtt",
        minor_version=1,
        options={},
        source="user",
        subentries_data=None,
        title="MQTT",
        unique_id=None,
        version=1,
    )


async def until(hass: HomeAssistant, is_so: Callable[[], bool]) -> None:
    """Wait for something that follows from a change of an entity."""
    changed = asyncio.Event()
    unlisten = hass.bus.async_listen(
        "state_changed", lambda event: hass.loop.call_soon_threadsafe(changed.set)
    )
    try:
        async with asyncio.timeout(DEADLINE):
            while not is_so():
                await changed.wait()
                changed.clear()
    finally:
        unlisten()


def ours(hass: HomeAssistant) -> list[State]:
    registry = entity_registry.async_get(hass)
    return [state for state in hass.states.async_all() if registry.async_get(state.entity_id)]


def available(hass: HomeAssistant) -> list[State]:
    # A button has no state before somebody presses it.
    return [
        state
        for state in ours(hass)
        if state.state != "unavailable" and (state.state != "unknown" or state.domain == "button")
    ]


def shown(hass: HomeAssistant) -> dict[str, object]:
    registry = entity_registry.async_get(hass)
    return {
        "version": __version__,
        "devices": [device.name for device in device_registry.async_get(hass).devices.values()],
        "entities": {
            state.entity_id: {
                "state": state.state,
                "category": registry.async_get(state.entity_id).entity_category,
                "attributes": dict(state.attributes),
            }
            for state in ours(hass)
        },
    }


logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "configuration.yaml").touch()

    async def main() -> dict[str, object]:
        return await act(HomeAssistant(folder), json.load(sys.stdin))

    json.dump(asyncio.run(main()), sys.stdout)
