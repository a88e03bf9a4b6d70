"""Home Assistant's own opinion of automations: reads a file of them as YAML, and writes their names.

Run by the Python that has ``homeassistant``, and never imported.
"""

# pyright: reportMissingImports=false

import asyncio
import json
import sys
import tempfile

from homeassistant import loader
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.components.automation.config import PLATFORM_SCHEMA, async_validate_config_item
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml


async def names(folder: str, path: str) -> list[str]:
    hass = HomeAssistant(folder)
    loader.async_setup(hass)
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    await async_load_base_functionality(hass)
    automations = load_yaml(path)
    for automation in automations:
        PLATFORM_SCHEMA(automation)
        validated = await async_validate_config_item(hass, automation["alias"], automation)
        assert validated.validation_error is None, validated.validation_error
    await hass.async_stop(force=True)
    return [automation["alias"] for automation in automations]


with tempfile.TemporaryDirectory() as folder:
    json.dump(asyncio.run(names(folder, sys.argv[1])), sys.stdout)
