"""The configuration, gathered from every place where somebody may have set something.

Later places win: ``defaults.toml`` in the package, ``/etc/antiphon/antiphon.toml``,
``~/.config/antiphon/antiphon.toml``, ``--config``, ``ANTIPHON_SECTION__KEY``, ``--set section.key=value``,
and last the command's own options such as ``--temperature``. Every value is checked where it was given, also
one that a later place replaces, and all mistakes are told together. What the music depends on may be changed
while it runs, by the same checks.

A further partner has all the settings of the main one, but for those that ``[partner.NAME]`` gives it.
"""

import importlib.resources
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from antiphon import bindings, sharing
from antiphon.errors import ConfigurationError, reason_of
from antiphon.mistakes import (
    PARTNER,
    VARIABLE_PREFIX,
    Given,
    Origin,
    addressed,
    closest_section,
    contradictions,
    did_you_mean,
    full_name,
    misplaced,
    mistake_in,
    mistake_in_name,
    named,
    shown,
    variable_of,
    waits_for_a_restart,
)
from antiphon.schema import schema, sections, values_of
from antiphon.settings import Config

DEFAULTS = Origin("file", "defaults.toml")

SYSTEM_FILE = Path("/etc/antiphon/antiphon.toml")
"""What the administrator of the machine has set for everybody."""

MOST_UNKNOWN = 10
"""Names that are no settings, of which it is guessed while it plays what was meant; that takes its time."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The configuration, and where it came from.

    Attributes:
        origins: where the value of each setting came from, by its dotted name.
        own_file: where settings can be kept for the next start: the last file that it would read.
        partner: whose it is; empty for the main partner.
        own: what a further partner has of its own, by dotted names; the rest is as for the main one.
        partners: the configurations of further partners by their names, in the order they were named.
    """

    config: Config
    origins: Mapping[str, Origin]
    own_file: Path | None = None
    partner: str = ""
    own: frozenset[str] = frozenset()
    partners: Mapping[str, "Loaded"] = field(default_factory=dict)


def defaults() -> Loaded:
    """Return what applies when nobody says otherwise."""
    return _checked(_from_defaults(), [])


def load(
    config_file: Path | None,
    sets: Sequence[str],
    environ: Mapping[str, str],
    *,
    options: Sequence[Given] = (),
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
    given = _from_defaults()
    for path in [system_file, *_user_files(environ)]:
        given += _from_file(path, mistakes, must_exist=False)
    if config_file is not None:
        given += _from_file(config_file, mistakes, must_exist=True)
    given += _from_environment(environ, mistakes)
    given += _from_sets(sets, mistakes)
    given += options
    own_file = config_file or next(iter(_user_files(environ)), None)
    loaded = _checked(given, mistakes)
    partners = {name: replace(each, own_file=own_file) for name, each in loaded.partners.items()}
    return replace(loaded, own_file=own_file, partners=partners)


def changed(loaded: Loaded, values: Mapping[str, object], source: str) -> Loaded:
    """Return the configuration with some settings changed while it runs.

    Args:
        loaded: what applies until now.
        values: the new values by the dotted names of the settings, such as ``play.temperature``.
        source: what somebody steers by, as sentences are to name it: ``MQTT``, ``the page``.

    Raises:
        ConfigurationError: with one line for each mistake, such as a setting that waits for a restart.
    """
    unknown = [name for name in values if name not in schema()]
    if len(unknown) > MOST_UNKNOWN:
        raise ConfigurationError(
            f"{len(unknown)} names from {source} are not settings, such as {named(unknown[0])}; "
            "nothing is changed"
        )
    now = values_of(loaded.config)
    given = [
        Given(name, value, loaded.origins[name], loaded.partner if name in loaded.own else "")
        for name, value in now.items()
    ]
    mistakes: list[str] = []
    for name, value in values.items():
        given.append(new := Given(name, value, Origin("door", source), loaded.partner))
        if name in schema() and not schema()[name].live and value != now[name]:
            mistakes.append(waits_for_a_restart(new))
    right, told, mistaken = _sifted(given)
    effective = {each.setting: each for each in right}
    _refuse([*mistakes, *told, *contradictions(effective, mistaken)])
    config, origins = _settled(effective)
    return replace(loaded, config=config, origins=origins, own=loaded.own.union(values))


def _checked(given: Sequence[Given], mistakes: Sequence[str]) -> Loaded:
    """Let the last value of each setting win, if all are right and nothing else was mistaken."""
    right, told, mistaken = _sifted(given)
    of_all = {each.setting: each for each in right if not each.partner}
    own = {
        each.partner: {one.setting: one for one in right if one.partner == each.partner}
        for each in right
        if each.partner
    }
    partners = {name: _beside(of_all, name, those) for name, those in own.items()}
    together = {"": of_all, **partners}
    for effective in together.values():
        told += contradictions(effective, mistaken)
    told += sharing.mistakes_in(together, mistaken)
    _refuse([*mistakes, *told])
    loaded = {
        name: Loaded(*_settled(effective), partner=name, own=frozenset(own[name]))
        for name, effective in partners.items()
    }
    return Loaded(*_settled(of_all), partners=loaded)


def _sifted(given: Sequence[Given]) -> tuple[list[Given], list[str], set[str]]:
    """Return what is right, what is to be said of the rest, and which settings that concerns."""
    right: list[Given] = []
    told: list[str] = []
    mistaken: set[str] = set()
    for each in given:
        if mistakes_here := _mistakes_in(each):
            told += mistakes_here
            mistaken.add(each.setting)
        else:
            right.append(each)
    return right, told, mistaken


def _refuse(mistakes: Sequence[str]) -> None:
    if mistakes:
        raise ConfigurationError("\n".join(dict.fromkeys(mistakes)))


def _beside(of_all: Mapping[str, Given], name: str, own: Mapping[str, Given]) -> dict[str, Given]:
    """Return what holds for a further partner: what holds for all, but for what it has of its own."""
    effective = {**of_all, **own}
    if effective["markov.file"].value == "":
        # Two cannot keep what they learn in one file.
        effective["markov.file"] = Given("markov.file", f"learnt-{name}.markov", DEFAULTS, name)
    return effective


def _settled(effective: Mapping[str, Given]) -> tuple[Config, dict[str, Origin]]:
    return _config_of(effective), {name: effective[name].origin for name in schema()}


def _mistakes_in(given: Given) -> list[str]:
    if mistake := mistake_in(given):
        return [mistake]
    return [*bindings.mistakes_in(given)] if given.setting == bindings.BINDINGS else []


def _from_defaults() -> list[Given]:
    text = importlib.resources.files("antiphon").joinpath("defaults.toml").read_text(encoding="utf-8")
    return _from_table(tomllib.loads(text), DEFAULTS, [])


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


def _from_table(
    table: Mapping[str, object], origin: Origin, mistakes: list[str], partner: str = ""
) -> list[Given]:
    given: list[Given] = []
    for section, values in table.items():
        if not isinstance(values, dict):
            mistakes.append(misplaced(section, origin, partner))
        elif section == PARTNER and not partner:
            given += _from_partners(values, origin, mistakes)
        elif section not in sections():
            # One line for the section: its settings are then mistaken for the same reason.
            guess = closest_section(section, values, partner)
            full = named(full_name(partner, section))
            mistakes.append(f"[{full}] {origin} is not a section{did_you_mean(guess)}")
        else:
            given += [Given(f"{section}.{name}", value, origin, partner) for name, value in values.items()]
    return given


def _from_partners(table: Mapping[str, object], origin: Origin, mistakes: list[str]) -> list[Given]:
    given: list[Given] = []
    for partner, values in table.items():
        place = f"{PARTNER}.{partner}"
        if mistake := mistake_in_name(partner, origin):
            mistakes.append(mistake)
        elif not isinstance(values, dict):
            mistakes.append(f"{place} {origin} must be a table, written as [{place}] on a line of its own")
        elif not values:
            mistakes.append(f"[{place}] {origin} is empty; say what differs, such as midi.out_channel = 2")
        else:
            given += _from_table(values, origin, mistakes, partner)
    return given


def _from_environment(environ: Mapping[str, str], mistakes: list[str]) -> list[Given]:
    given: list[Given] = []
    for variable, text in sorted(environ.items()):
        if not variable.startswith(VARIABLE_PREFIX):
            continue
        section, separator, name = variable.removeprefix(VARIABLE_PREFIX).lower().partition("__")
        partner = ""
        if section == PARTNER:
            partner, _, rest = name.partition("__")
            section, separator, name = rest.partition("__")
        if separator:
            setting, origin = f"{section}.{name}", Origin("variable", variable)
            given.append(Given(setting, _value_in(text, setting), origin, partner.replace("_", "-")))
        elif variable in (almost := {variable_of(each).replace("__", "_"): each for each in schema()}):
            mistakes.append(f"{variable} is not a setting{did_you_mean(variable_of(almost[variable]))}")
    return given


def _from_sets(sets: Sequence[str], mistakes: list[str]) -> list[Given]:
    given: list[Given] = []
    for text in sets:
        name, equals, value = (part.strip() for part in text.partition("="))
        if name and equals:
            partner, setting = addressed(name)
            given.append(Given(setting, _value_in(value, setting), Origin("option", "--set"), partner))
        else:
            mistakes.append(f"--set {shown(text)} has to look like --set play.temperature=0.8")
    return given


def _value_in(text: str, name: str) -> object:
    """Read a value as TOML where it is TOML of the right kind, else as the bare text."""
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    value = table["value"] if len(table) == 1 else text
    setting = schema().get(name)
    # A port may well be called 1 or true.
    return text if setting and setting.kind is str and not isinstance(value, str) else value


def _config_of(effective: Mapping[str, Given]) -> Config:
    table: dict[str, dict[str, object]] = {section: {} for section in sections()}
    for setting in schema().values():
        table[setting.section][setting.name] = effective[setting.dotted].value
    return msgspec.convert(table, Config)
