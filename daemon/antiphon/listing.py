"""How settings, ports and models are shown: aligned text for people, JSON for programs."""

import json
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from antiphon.adapters.engines.models import ShippedModel
from antiphon.adapters.midi.port_names import choose
from antiphon.config import Loaded
from antiphon.errors import PortError
from antiphon.schema import schema


def settings_as_toml(loaded: Loaded) -> str:
    lines: list[str] = []
    for dotted, setting in schema().items():
        heading = f"[{setting.section}]"
        if heading not in lines:
            lines += ["", heading]
        unit = f"({setting.unit})" if setting.unit else ""
        parts = (setting.description, "" if len(setting.choices) == 1 else f"{setting.range} {unit}".strip())
        meaning = "; ".join(filter(None, parts))
        lines += textwrap.wrap(meaning, 79, initial_indent="# ", subsequent_indent="# ")
        value = json.dumps(_value(loaded, dotted), ensure_ascii=False).replace("\x7f", "\\u007f")
        lines.append(f"{f'{setting.name} = {value}':<30}  # {loaded.origins[dotted]}")
    return "\n".join(lines[1:])


def settings_as_json(loaded: Loaded) -> str:
    sections: dict[str, dict[str, object]] = {}
    for dotted, setting in schema().items():
        sections.setdefault(setting.section, {})[setting.name] = {
            "value": _value(loaded, dotted),
            "origin": loaded.origins[dotted],
            "description": setting.description,
            "choices": setting.choices or None,
            "lowest": setting.lowest,
            "highest": setting.highest,
            "unit": setting.unit,
        }
    return json.dumps(sections, indent=2, ensure_ascii=False)


def _value(loaded: Loaded, dotted: str) -> Any:
    section, _, name = dotted.partition(".")
    return msgspec.to_builtins(getattr(loaded.config, section))[name]


def side(side: str, pattern: str, names: Sequence[str], direction: str) -> dict[str, Any]:
    """Say what is there on one side and what `run` would take of it."""
    taken, problem = None, None
    try:
        taken = choose(pattern, names, direction)
    except PortError as error:
        problem = str(error)
    return {"side": side, "pattern": pattern, "names": list(names), "taken": taken, "problem": problem}


def _side_as_text(side: dict[str, Any]) -> str:
    lines = [f"{side['side'].capitalize()}:"]
    lines += [f"{'->' if name == side['taken'] else '':>4} {name}" for name in side["names"]]
    if side["problem"]:
        lines += textwrap.wrap(f"problem: {side['problem']}", 80)
    elif side["taken"] is None:
        lines.append("  -> a port of its own, for other programs to connect to")
    return "\n".join(lines)


def ports_as_text(system: str, *sides: dict[str, Any]) -> str:
    """Return the ports of both sides, one a line, with an arrow at those that are taken."""
    return "\n\n".join([f"MIDI system: {system}", *map(_side_as_text, sides)])


def ports_as_json(system: str, *sides: dict[str, Any]) -> str:
    """Return the same for programs."""
    return json.dumps({"system": system} | {side.pop("side"): side for side in sides}, indent=2)


def models_as_table(models: Iterable[ShippedModel]) -> str:
    """Return the models, one a line."""
    rows = [
        (
            model.card.name,
            f"{model.path.stat().st_size / 1e6:.1f} MB",
            f"{model.card.bits_per_event:.2f}",
            model.card.licence,
            model.card.description,
        )
        for model in models
    ]
    return _table(("NAME", "SIZE", "BITS PER EVENT", "LICENCE", "WHAT IT IS"), rows)


def models_as_json(models: Iterable[ShippedModel]) -> str:
    """Return the models with all that their cards say."""
    listed = [
        {"file": str(model.path), "bytes": model.path.stat().st_size, "card": msgspec.to_builtins(model.card)}
        for model in models
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Align columns with two spaces between them; the last is as wide as it needs."""
    lines = [heading, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
