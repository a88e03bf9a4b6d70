"""Home Assistant's own opinion of a message of device discovery.

Run by the Python that has ``homeassistant``, and never imported. It reads a message as JSON and writes the
platform of each component. A component is held against the strict form of its schema, in which a key that
Home Assistant does not know is a mistake; it would pass over that one in silence.
"""

# pyright: reportMissingImports=false

import asyncio
import importlib
import json
import sys
import tempfile
from typing import Any

from homeassistant.components.mqtt import discovery, schemas
from homeassistant.core import HomeAssistant


async def platforms_of(message: dict[str, Any], folder: str) -> dict[str, str]:
    HomeAssistant(folder)  # templates are parsed on behalf of one
    discovery._replace_all_abbreviations(message)
    schemas.DEVICE_DISCOVERY_SCHEMA(message)
    platforms = {}
    for name, component in message["components"].items():
        platforms[name] = platform = component.pop("platform")
        component |= {"device": message["device"], "origin": message["origin"]}
        discovery._merge_common_device_options(component, message)
        if platform == "button":
            del component["state_topic"]  # which it inherits, and has no use for
        module = importlib.import_module(f"homeassistant.components.mqtt.{platform}")
        module.PLATFORM_SCHEMA_MODERN(component)
    return platforms


with tempfile.TemporaryDirectory() as folder:
    json.dump(asyncio.run(platforms_of(json.load(sys.stdin), folder)), sys.stdout)
