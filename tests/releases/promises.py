"""What a version promises to those who build on it, as names: of settings, commands, topics, messages.

Read from the code, as the pages of documentation are. It says nothing of what any of them does.
"""

import re
from collections.abc import Mapping

import typer
from typer.core import TyperCommand

from antiphon.adapters.doors import manual
from antiphon.adapters.doors.web import manual as page_manual
from antiphon.commands import BUILT_IN
from antiphon.schema import Setting, schema

# In the tables of the pages: an address, or a word; settings that are mentioned there have a dot.
NAME = re.compile(r"`(/[^\s`]+|[\w/]+)`")


def settings() -> Mapping[str, Mapping[str, object]]:
    """Every setting by its name, with what it may be."""
    return {name: _may_be(setting) for name, setting in schema().items()}


def _may_be(setting: Setting) -> Mapping[str, object]:
    return {
        "kind": setting.kind.__name__,
        "choices": list(setting.choices),
        "lowest": setting.lowest,
        "highest": setting.highest,
    }


def commands() -> Mapping[str, list[str]]:
    """Every command of the daemon by its name, with its options."""
    together = typer.Typer()
    for function in BUILT_IN:
        together.command()(function)
    group = typer.main.get_command(together)
    found: Mapping[str, TyperCommand] = vars(group)["commands"]
    return {
        name: sorted(option for each in command.params for option in each.opts)
        for name, command in sorted(found.items())
    }


def addresses() -> list[str]:
    """Every topic, address, field and message of the doors, as the tables of their pages name them."""
    named: set[str] = set()
    for line in f"{manual.page()}\n{page_manual.page()}".splitlines():
        if line.startswith("| "):
            named.update(*(NAME.findall(cell) for cell in line.split(" | ")[:2]))
    return sorted(named)
