"""The configuration, gathered from every place where somebody may have set something.

Later places win: ``defaults.toml`` in the package, ``/etc/antiphon/antiphon.toml``,
``~/.config/antiphon/antiphon.toml``, ``--config``, ``ANTIPHON_SECTION__KEY``, ``--set section.key=value``,
and last the command's own options such as ``--temperature``. Every value is checked where it was given, also
one that a later place replaces, and all mistakes are told together.
"""

import importlib.resources
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from antiphon.errors import ConfigurationError, reason_of
from antiphon.mistakes import (
    VARIABLE_PREFIX,
    Given,
    Origin,
    closest_section,
    contradictions,
    did_you_mean,
    misplaced,
    mistake_in,
    shown,
    variable_of,
)
from antiphon.schema import Config, schema, sections

DEFAULTS = Origin("file", "defaults.toml")

SYSTEM_FILE = Path("/etc/antiphon/antiphon.toml")
"""What the administrator of the machine has set for everybody."""


@dataclass(frozen=True, slots=True)
class Option:
    """A setting given by an option of its own, such as ``--temperature 0.8``."""

    name: str
    setting: str
    value: object


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration, and for each ``section.key`` the name of the place that its value came from."""

    config: Config
    origins: Mapping[str, str]


def defaults_text() -> str:
    """Return ``defaults.toml`` as it was written."""
    return importlib.resources.files("antiphon").joinpath("defaults.toml").read_text(encoding="utf-8")


def load(
    config_file: Path | None,
    sets: Sequence[str],
    environ: Mapping[str, str],
    *,
    options: Sequence[Option] = (),
    system_file: Path = SYSTEM_FILE,
) -> Loaded:
    """Gather the configuration from every place and check it.

    Args:
        config_file: the file of ``--config``; unlike the others it has to exist.
        sets: one ``section.key=value`` each, the value in TOML or as bare text.
        environ: the environment; ``HOME`` and ``XDG_CONFIG_HOME`` say where the user's own file is.
        options: settings that have an option of their own.
        system_file: the file of the whole machine.

    Raises:
        ConfigurationError: with one line for each mistake, whatever their number.
    """
    mistakes: list[str] = []
    given = _from_table(tomllib.loads(defaults_text()), DEFAULTS, mistakes)
    for path in [system_file, *_user_files(environ)]:
        given += _from_file(path, mistakes, must_exist=False)
    if config_file is not None:
        given += _from_file(config_file, mistakes, must_exist=True)
    given += _from_environment(environ, mistakes)
    given += _from_sets(sets, mistakes)
    given += _from_options(options)

    effective: dict[str, Given] = {}
    mistaken: set[str] = set()
    for each in given:
        if mistake := mistake_in(each):
            mistakes.append(mistake)
            mistaken.add(each.dotted)
        else:
            effective[each.dotted] = each
    mistakes += contradictions(effective, mistaken)
    if mistakes:
        raise ConfigurationError("\n".join(dict.fromkeys(mistakes)))
    return Loaded(_config_of(effective), {name: effective[name].origin.name for name in schema()})


def _user_files(environ: Mapping[str, str]) -> list[Path]:
    """Return the user's own file; nothing where nobody has a home, as some services do not."""
    folder = environ.get("XDG_CONFIG_HOME", "")
    if Path(folder).is_absolute():  # the XDG specification has relative ones ignored
        return [Path(folder, "antiphon", "antiphon.toml")]
    home = environ.get("HOME", "")
    return [Path(home, ".config", "antiphon", "antiphon.toml")] if home else []


def _from_file(path: Path, mistakes: list[str], *, must_exist: bool) -> list[Given]:
    try:
        # Editors on Windows begin a file with a byte order mark. With a line end at its very end, the
        # parser names line and column there too.
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig") + "\n")
    except (FileNotFoundError, NotADirectoryError):
        if must_exist:
            mistakes.append(f"cannot read {path}: there is no such file")
    except OSError as error:
        mistakes.append(f"cannot read {path}: {reason_of(error)}")
    except UnicodeDecodeError as error:
        mistakes.append(f"cannot read {path}: byte {error.start + 1} is not UTF-8; save it as UTF-8 text")
    except (ValueError, RecursionError) as error:
        mistakes.append(f"cannot read {path}: {reason_of(error)}")
    else:
        return _from_table(table, Origin("file", str(path)), mistakes)
    return []


def _from_table(table: Mapping[str, object], origin: Origin, mistakes: list[str]) -> list[Given]:
    given: list[Given] = []
    for section, values in table.items():
        if not isinstance(values, dict):
            mistakes.append(misplaced(section, origin))
        elif section not in sections():
            # One line for the section: its settings are then mistaken for the same reason.
            guess = closest_section(section, values)
            mistakes.append(f"[{section}] {origin} is not a section{did_you_mean(guess)}")
        else:
            given += [Given(section, name, value, origin) for name, value in values.items()]
    return given


def _from_environment(environ: Mapping[str, str], mistakes: list[str]) -> list[Given]:
    given: list[Given] = []
    for variable, text in sorted(environ.items()):
        if not variable.startswith(VARIABLE_PREFIX):
            continue
        section, separator, name = variable.removeprefix(VARIABLE_PREFIX).lower().partition("__")
        if separator:
            given.append(Given(section, name, _value_in(text, section, name), Origin("variable", variable)))
        elif variable in (almost := {variable_of(each).replace("__", "_"): each for each in schema()}):
            mistakes.append(f"{variable} is not a setting{did_you_mean(variable_of(almost[variable]))}")
    return given


def _from_sets(sets: Sequence[str], mistakes: list[str]) -> list[Given]:
    given: list[Given] = []
    for text in sets:
        dotted, equals, value = text.partition("=")
        section, _, name = dotted.strip().rpartition(".")
        if not equals or not name:
            mistakes.append(f"--set {shown(text)} has to look like --set play.temperature=0.8")
        else:
            origin = Origin("option", "--set")
            given.append(Given(section, name, _value_in(value.strip(), section, name), origin))
    return given


def _from_options(options: Sequence[Option]) -> list[Given]:
    return [
        Given(setting.section, setting.name, option.value, Origin("option", option.name))
        for option in options
        if (setting := schema()[option.setting])
    ]


def _value_in(text: str, section: str, name: str) -> object:
    """Read a value as TOML where it is TOML of the right kind, else as the bare text."""
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    value = table["value"] if len(table) == 1 else text
    setting = schema().get(f"{section}.{name}")
    # A port may well be called 1 or true.
    return text if setting and setting.kind is str and not isinstance(value, str) else value


def _config_of(effective: Mapping[str, Given]) -> Config:
    table: dict[str, dict[str, object]] = {section: {} for section in sections()}
    for each in effective.values():
        table[each.section][each.name] = each.value
    return msgspec.convert(table, Config)
