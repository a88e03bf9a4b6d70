"""What a shell may offer where somebody presses the tab key: settings and their values, models, and ports.

Which shells there are, and how they are told, is Typer's. Nobody waits at a prompt for what takes long to
import, so the schema is all that is asked; only who wants a port waits until the MIDI system is looked at.
"""

import os
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Literal, TypeAlias

import typer

from antiphon.errors import PortError
from antiphon.schema import Setting, schema, sections

Offer: TypeAlias = Callable[..., Iterable[tuple[str, str]]]
"""Returns what a word that is begun may become, each with what it means; what does not fit is left out."""

VARIABLE = "_ANTIPHON_COMPLETE"
"""Is set where a shell asks what it may offer."""

SPLIT_BY_BASH = "="
"""A character at which bash ends a word, though the word is one for everybody else."""

OF_PORTS: Mapping[str, Literal["in", "out"]] = {
    "midi.in": "in",
    "midi.out": "out",
    "controls.in": "in",
    "controls.feedback": "out",
}
"""Settings that name a port which is heard or played."""

UNQUOTED = re.compile(r"[^\w@%+=:,./-]")
"""What bash would take for something else than a part of a word."""


def values(setting: Setting) -> Offer:
    """Return what offers the values of a setting, where there are a few."""

    def offered(incomplete: str) -> Iterable[tuple[str, str]]:
        return [(value, "") for value in _some_of(setting)]

    return offered


def models(incomplete: str) -> Iterable[tuple[str, str]]:
    """Offer the names of the models that ship."""
    from antiphon_models.shelf import shipped_names

    return [(name, "") for name in shipped_names()]


def settings(incomplete: str) -> Iterable[tuple[str, str]]:
    """Offer the names of sections and settings."""
    of_each = [(name, _in_short(setting)) for name, setting in schema().items()]
    return [*((section, "") for section in sections()), *of_each]


def changes(context: typer.Context, incomplete: str) -> Iterable[tuple[str, str]]:
    """Offer settings, each with an equals sign; where one is meant already, its values.

    Of a number these are the least and the greatest, so that a shell goes no further than to the sign.
    """
    begun = context.find_root().obj or ""
    meant = [each for name, each in schema().items() if f"{name}=".startswith(begun + incomplete)]
    named = schema().get((begun + incomplete).partition("=")[0])
    if named is not None or len(meant) == 1:
        [setting] = [named or meant[0]]
        offered = [f"{setting.dotted}={value}" for value in _some_of(setting)] or [f"{setting.dotted}="]
        return [(each.removeprefix(begun), "") for each in offered]
    return [(f"{setting.dotted}=", _in_short(setting)) for setting in meant]


def what_controls_do(incomplete: str) -> Iterable[tuple[str, str]]:
    """Offer what a knob or a key can be bound to."""
    from antiphon.bindings import ACTIONS

    settings = [(name, _in_short(setting)) for name, setting in schema().items() if setting.live]
    return [*ACTIONS.items(), *settings]


def _in_short(setting: Setting) -> str:
    """Return what a setting means, in a part of a line."""
    return textwrap.shorten(setting.description.partition(";")[0], 60, placeholder="...")


def _some_of(setting: Setting) -> Sequence[str]:
    from antiphon.bindings import choices_of

    if setting.kind is bool:
        return ["false", "true"]
    if setting.dotted in OF_PORTS:
        return [_as_a_word(name) for name in _ports(OF_PORTS[setting.dotted])]
    limits = [limit for limit in (setting.lowest, setting.highest) if limit is not None]
    return choices_of(setting) or [f"{limit:.12g}" for limit in limits]


def _ports(side: Literal["in", "out"]) -> Sequence[str]:
    """Return the ports of instruments that are there, each by as much of its name as tells it apart."""
    from antiphon.adapters.midi.port_names import is_plumbing
    from antiphon.adapters.midi.system import list_ports

    try:
        there = list_ports("auto")
    except PortError:  # whoever starts it is told
        return []
    names = [name for name in (there.inputs if side == "in" else there.outputs) if not is_plumbing(name)]
    devices = Counter(name.partition(":")[0] for name in names)
    return [name if devices[device := name.partition(":")[0]] > 1 else device for name in names]


def _as_a_word(name: str) -> str:
    """Return a name as it has to be typed; bash alone leaves it to us to quote it."""
    is_for_bash = os.environ.get(VARIABLE, "").endswith("bash")
    return UNQUOTED.sub(lambda found: f"\\{found[0]}", name) if is_for_bash else name


def words(environ: Mapping[str, str]) -> list[str]:
    """Return the words of the command line that is to be completed; nothing where none is."""
    if VARIABLE not in environ:
        return []
    return (environ.get("COMP_WORDS") or environ.get("_TYPER_COMPLETE_ARGS", "")).split()[1:]


def joined(environ: MutableMapping[str, str]) -> str:
    """Put words together that bash has taken apart, and return what it holds to be whole of the last one.

    Of ``--set play.mode=du`` bash makes four words, and puts what is offered in the place of the last.
    """
    if VARIABLE not in environ or "COMP_WORDS" not in environ:
        return ""
    given, at = environ["COMP_WORDS"].split("\n"), int(environ["COMP_CWORD"])
    before, incomplete = given[:at], "".join(given[at : at + 1])
    if incomplete == SPLIT_BY_BASH:
        before, incomplete = [*before, incomplete], ""
    begun = ""
    if before[-1] == SPLIT_BY_BASH:
        before.pop()
        if not before[-1].startswith("-"):
            begun = before.pop() + SPLIT_BY_BASH
    whole = _whole(before)
    environ["COMP_WORDS"] = "\n".join([*whole, incomplete])
    environ["COMP_CWORD"] = str(len(whole))
    return begun


def _whole(words: Iterable[str]) -> list[str]:
    """Put each equals sign together with what stands before and behind it."""
    whole: list[str] = []
    for word in words:
        if whole and (word == SPLIT_BY_BASH or whole[-1].endswith(SPLIT_BY_BASH)):
            whole[-1] += word
        else:
            whole.append(word)
    return whole
