"""How settings, ports and models are shown: aligned text for people, JSON for programs."""

import json
import textwrap
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec

from antiphon.adapters.engines.models import ModelFile
from antiphon.adapters.midi.connection import Direction, virtual_name
from antiphon.adapters.midi.port_names import choose
from antiphon.config import DEFAULTS, Loaded
from antiphon.errors import ConfigurationError, PortError
from antiphon.guests import package_of
from antiphon.mistakes import PARTNER, Origin, closest, closest_setting, did_you_mean, named
from antiphon.schema import OF_A_PARTNER, Setting, schema, sections, values_of
from antiphon_models.card import Card

FILE = """\
# Antiphon's settings. Yours go into ~/.config/antiphon/antiphon.toml, those of
# everybody on this machine into /etc/antiphon/antiphon.toml. What you leave out
# is as it ships, so keep only what you want to be different.
"""

PAGE = """\
# Every setting

Written by `make docs`, from what the code says of its settings. `antiphon config` shows them with the
values that apply on a machine, and where each came from.
"""

TABLE = """\
| setting | as it ships | may be | meaning |
| --- | --- | --- | --- |
"""


def settings_named(names: Sequence[str]) -> Collection[str]:
    """Return the dotted names of the settings that are meant; all of them where nobody names any.

    Args:
        names: each a setting's name in full, the last part of it, or a section.

    Raises:
        ConfigurationError: with one line for each that names none.
    """
    meant = {name: _meant_by(name.lower().replace("-", "_")) for name in names}
    mistakes = [_names_nothing(name) for name, settings in meant.items() if not settings]
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    return list(chain.from_iterable(meant.values())) if names else list(schema())


def _meant_by(name: str) -> list[str]:
    return [each.dotted for each in schema().values() if name in (each.dotted, each.name, each.section)]


def _names_nothing(name: str) -> str:
    guess = did_you_mean(closest_setting(name) or closest(name, sections()))
    return f"{named(name)} is not a setting{guess or '; `antiphon config` shows all that there are'}"


def settings_as_toml(loaded: Loaded, wanted: Sequence[str] = ()) -> str:
    """Return a file of settings: what each means, its value, and where that was set if it was.

    Args:
        loaded: the configuration.
        wanted: those that are shown, as in :func:`settings_named`.
    """
    shown = settings_named(wanted)
    values = values_of(loaded.config)
    lines = [] if wanted else [*FILE.splitlines(), ""]
    for section in sections():
        if settings := _settings_in(section, shown):
            lines += [*_comment(_about(section)), f"[{section}]"]
            for setting in settings:
                lines += _explained(setting)
                line = f"{setting.name} = {literal(values[setting.dotted])}"
                lines.append(_with_origin(line, loaded.origins[setting.dotted]))
            lines.append("")
    for partner in loaded.partners.values():
        lines += _partner_as_toml(partner, shown)
    return "\n".join(lines[:-1])


def _partner_as_toml(partner: Loaded, shown: Collection[str]) -> list[str]:
    values = values_of(partner.config)
    heading = ["# A further partner: what is different for it.", f"[{PARTNER}.{partner.partner}]"]
    its_own = [
        _with_origin(f"{name} = {literal(values[name])}", partner.origins[name])
        for name in schema()
        if name in partner.own.intersection(shown)
    ]
    return [*heading, *its_own, ""] if its_own else []


def _with_origin(line: str, origin: Origin) -> str:
    """Return a line with where its value was set, unless it is as it ships."""
    return line if origin == DEFAULTS else f"{line:<30}  # {origin}"


def settings_as_page(loaded: Loaded) -> str:
    """Return a page of documentation, in Markdown."""
    values = values_of(loaded.config)
    *some, last = (f"`{section}`" for section in OF_A_PARTNER)
    its_own = f"[A further partner](partners.md) may have its own {', '.join(some)} and {last}."
    lines = [*PAGE.splitlines(), "", its_own]
    for section in sections():
        lines += ["", f"## {section}", "", _about(section), "", *TABLE.splitlines()]
        for setting in _settings_in(section, schema()):
            cells = (f"`{setting.dotted}`", f"`{literal(values[setting.dotted])}`", _limits(setting))
            lines.append(f"| {' | '.join([*cells, setting.description])} |")
    return "\n".join(lines)


def settings_as_json(loaded: Loaded, wanted: Sequence[str] = ()) -> str:
    """Return all that there is to say of every setting, or of those that are :func:`settings_named`."""
    shown = settings_named(wanted)
    values = values_of(loaded.config)
    listed = {
        section: {
            setting.name: {
                "value": values[setting.dotted],
                "origin": loaded.origins[setting.dotted].name,
                "description": setting.description,
                "choices": setting.choices or None,
                "lowest": setting.lowest,
                "highest": setting.highest,
                "unit": setting.unit,
                "live": setting.live,
            }
            for setting in settings
        }
        for section in sections()
        if (settings := _settings_in(section, shown))
    }
    if loaded.partners:
        listed[PARTNER] = {name: _partner_as_json(each, shown) for name, each in loaded.partners.items()}
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _partner_as_json(partner: Loaded, shown: Collection[str]) -> dict[str, object]:
    """Return what is different for a partner, by the dotted names of settings."""
    values = values_of(partner.config)
    return {
        name: {"value": values[name], "origin": partner.origins[name].name}
        for name in schema()
        if name in partner.own.intersection(shown)
    }


def _settings_in(section: str, shown: Collection[str]) -> Sequence[Setting]:
    return [each for each in schema().values() if each.section == section and each.dotted in shown]


def _about(section: str) -> str:
    settings = _settings_in(section, schema())
    waiting = [setting.name for setting in settings if not setting.live]
    if len(waiting) == len(settings):
        return f"{sections()[section]} Changes wait for a restart."
    but = f", but for {' and '.join(waiting)}" if waiting else ""
    return f"{sections()[section]} Changes are followed while it runs{but}."


def _limits(setting: Setting) -> str:
    """Return unit and range in words; nothing where there is no choice."""
    return "" if len(setting.choices) == 1 else ", ".join(filter(None, (setting.unit, setting.range)))


def _explained(setting: Setting) -> list[str]:
    limits = f"({_limits(setting)})" if _limits(setting) else ""
    together = _comment(f"{setting.description} {limits}".strip())
    return together if len(together) == 1 else _comment(setting.description) + _comment(limits)


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 79, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def literal(value: object) -> str:
    """Write a value as TOML does, on one line."""
    if isinstance(value, dict):
        within = ", ".join(f"{literal(name)} = {literal(each)}" for name, each in value.items())
        return f"{{ {within} }}" if value else "{}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def side(side: str, pattern: str, names: Sequence[str], direction: Direction) -> dict[str, Any]:
    """Say what is there on one side, and what `run` would take of it or open where it takes nothing."""
    taken, opened, problem = None, None, None
    try:
        taken = choose(pattern, names, direction)
        opened = None if taken else virtual_name(direction)
    except PortError as error:
        problem = str(error)
    return {
        "side": side,
        "pattern": pattern,
        "names": list(names),
        "taken": taken,
        "opened": opened,
        "problem": problem,
    }


def _side_as_text(side: dict[str, Any]) -> str:
    lines = [f"{side['side'].capitalize()}:"]
    lines += [f"{'->' if name == side['taken'] else '':>4} {name}" for name in side["names"]]
    if side["problem"]:
        lines += textwrap.wrap(f"problem: {side['problem']}", 80)
    elif side["opened"]:
        lines.append(f"  -> {side['opened']}, a port of its own for other programs to connect to")
    return "\n".join(lines)


def ports_as_text(system: str, *sides: dict[str, Any]) -> str:
    """Return the ports of both sides, one a line, with an arrow at those that are taken or opened."""
    heading = f"MIDI system: {system}; an arrow marks what `antiphon run` would take"
    return "\n\n".join([heading, *map(_side_as_text, sides)])


def ports_as_json(system: str, *sides: dict[str, Any]) -> str:
    """Return the same for programs."""
    return json.dumps({"system": system} | {side.pop("side"): side for side in sides}, indent=2)


def models_as_table(models: Sequence[ModelFile[Card]]) -> str:
    """Return the models, one a line, and below each what it is."""
    rows = [
        (
            model.card.name,
            model.card.engine,
            f"{model.path.stat().st_size / 1e6:.1f} MB",
            model.card.figure,
            model.card.licence,
        )
        for model in models
    ]
    heading, *lines = _table(("NAME", "ENGINE", "SIZE", "UNHEARD MUSIC", "LICENCE"), rows).splitlines()
    told = (_indented(model.card.description) for model in models)
    return "\n".join([heading, *chain.from_iterable(zip(lines, told, strict=True))])


def _indented(text: str) -> str:
    return textwrap.fill(text, 80, initial_indent="  ", subsequent_indent="  ")


def guests_as_text(names: Iterable[str]) -> str:
    """Return the engines of other packages, one a line, below a heading; nothing where there are none."""
    rows = [(f"  {name}", package_of(name)) for name in names]
    return "\n".join(
        ["Engines of other packages, for --engine:", _table(("  NAME", "PACKAGE"), rows)] if rows else []
    )


def models_as_json(models: Iterable[ModelFile[Card]], guests: Iterable[str]) -> str:
    """Return the models with all that their cards say, and the engines of other packages by their names."""
    listed = [
        {"file": str(model.path), "bytes": model.path.stat().st_size, "card": msgspec.to_builtins(model.card)}
        for model in models
    ]
    engines = [{"name": name, "package": package_of(name)} for name in guests]
    return json.dumps({"models": listed, "engines": engines}, indent=2, ensure_ascii=False)


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Align columns with two spaces between them; the last is as wide as it needs."""
    lines = [heading, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
