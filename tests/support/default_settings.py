"""The settings that ship, with what a test wants to be different."""

import tomllib
from importlib.resources import files
from typing import Any

import msgspec

from antiphon.core.settings import Settings


def settings(**sections: dict[str, Any]) -> Settings:
    """Return the defaults with some keys replaced: ``settings(play={"seconds": 4})``."""
    shipped = tomllib.loads((files("antiphon") / "defaults.toml").read_text())
    chosen = {name: shipped[name] | sections.get(name, {}) for name in Settings.__struct_fields__}
    return msgspec.convert(chosen, Settings)
