"""Options of commands that stand for settings, made of what the schema says about these.

A command names its settings and is given what loads the configuration; it does not see these options. This
module does not know what any setting does.
"""

import functools
import inspect
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from msgspec import Struct

from antiphon import completion
from antiphon.schema import Setting, schema

if TYPE_CHECKING:
    from antiphon.config import Loaded

Load: TypeAlias = "Callable[[], Loaded]"
"""Reads the whole configuration, each time anew."""

Command: TypeAlias = Callable[..., None]

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
"""Of commands that print a table otherwise."""


class SettingOption(Struct, frozen=True):
    """An option, and the settings that its value amounts to."""

    flag: str
    parameter: inspect.Parameter
    settings: Callable[[Any], Mapping[str, object]]


def with_settings(*names: str) -> Callable[[Command], Command]:
    """Give a command ``--config``, ``--set``, and an option for each setting that is named.

    The command takes a :data:`Load` first, and then its own options. The name ``model`` stands for both
    ``model.name`` and ``model.file``.
    """
    options = [_model_option() if name == "model" else _option_of(schema()[name]) for name in names]

    def decorate(command: Command) -> Command:
        # Without the annotations, in which Typer would look up what only type checkers import.
        @functools.wraps(command, assigned=("__module__", "__name__", "__doc__"))
        def with_load(config_file: Path | None, sets: list[str] | None, **given: Any) -> None:
            from antiphon.config import load
            from antiphon.mistakes import Given, Origin

            settings = [
                Given(name, value, Origin("option", option.flag))
                for option in options
                if (taken := given.pop(option.parameter.name)) is not None
                for name, value in option.settings(taken).items()
            ]
            command(functools.partial(load, config_file, sets or (), os.environ, options=settings), **given)

        _, *own = inspect.signature(command).parameters.values()
        parameters = [*own, *(option.parameter for option in options), _CONFIG_FILE, _SETS]
        with_load.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return with_load

    return decorate


def _option_of(setting: Setting) -> SettingOption:
    # A section that can be switched off has the option, --record / --no-record; so has one that is chosen.
    is_section = setting.name in ("enabled", "kind")
    flag = "--" + (setting.section if is_section else setting.name.replace("_", "-"))
    declared = f"{flag}/{flag.replace('--', '--no-')}" if setting.kind is bool else flag
    unit = f" ({setting.unit})" if setting.unit else ""
    meaning = f"{setting.description[:1].upper()}{setting.description[1:]}{unit}."
    name = setting.dotted.replace(".", "_")
    offered = completion.values(setting)
    parameter = _parameter(name, setting.kind, declared, _metavar(setting), meaning, offered)
    return SettingOption(flag, parameter, lambda value: {setting.dotted: value})


def _metavar(setting: Setting) -> str | None:
    """Return what stands for the value in ``--help``; None for a flag, which takes none."""
    if setting.kind is bool:
        return None
    if setting.choices_in_words:
        return setting.name.upper()
    if setting.shipped:
        # Nobody who asks for help waits until other packages are looked at for more of them.
        return "|".join((*setting.shipped, *(["..."] if setting.further else [])))
    if setting.lowest is not None and setting.highest is not None:
        return f"{setting.lowest:.12g}..{setting.highest:.12g}"
    return "NAME" if setting.kind is str else "NUMBER"


def _model_option() -> SettingOption:
    meaning = "A name from `antiphon models`, or its folder or file."
    parameter = _parameter("model", str, "--model", "MODEL", meaning, completion.models)
    return SettingOption("--model", parameter, _model_settings)


def _model_settings(model: str) -> dict[str, object]:
    """Tell a file from a name; a name given here goes before a file given elsewhere."""
    if model.endswith(".tflite") or os.sep in model:
        return {"model.file": model}
    return {"model.name": model, "model.file": ""}


def _parameter(
    name: str,
    kind: Any,
    declared: str,
    metavar: str | None,
    meaning: str,
    offered: completion.Offer | None = None,
) -> inspect.Parameter:
    option = typer.Option(None, declared, metavar=metavar, help=meaning, autocompletion=offered)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind | None, default=option)


_CONFIG_FILE = _parameter("config_file", Path, "--config", "FILE", "Read settings from this file as well.")
_SETS = _parameter(
    "sets",
    list[str],
    "--set",
    "SECTION.KEY=VALUE",
    "Change any setting, such as play.polyphony=4; may be given more than once.",
    completion.changes,
)
