"""The settings that ship, with what a test wants to be different."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from antiphon.core.settings import Settings


def settings(**sections: dict[str, Any]) -> Settings:
    """Return the defaults with some keys replaced: ``settings(play={"seconds": 4})``."""
    chosen = {name: shipped()[name] | sections.get(name, {}) for name in Settings.__struct_fields__}
    return msgspec.convert(chosen, Settings)


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """Return the values that ship, by section; read once, for tests that choose settings by the thousand."""
    return tomllib.loads((files("antiphon") / "defaults.toml").read_text())
