"""The whole configuration: its schema, the places it is gathered from, and what is said about mistakes.

Later places win: ``defaults.toml`` in the package, ``/etc/antiphon/antiphon.toml``,
``~/.config/antiphon/antiphon.toml``, ``--config``, ``ANTIPHON_SECTION__KEY``, ``--set section.key=value``,
and last the command's own options such as ``--temperature``. Every value is checked where it was given, also
one that a later place replaces, and all mistakes are told together.

This module does not know what any setting does, and the structs hold no defaults: those are in
``defaults.toml`` and nowhere else.
"""

import difflib
import functools
import importlib.resources
import json
import tomllib
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from antiphon.core.settings import Latency, Play, Settings, Turn
from antiphon.errors import ConfigurationError

SYSTEM_FILE = Path("/etc/antiphon/antiphon.toml")
"""What the administrator of the machine has set for everybody."""

VARIABLE_PREFIX = "ANTIPHON_"

ORDERED = (
    ("play.lowest", "play.highest"),
    ("turn.shortest_pause", "turn.longest_pause"),
)
"""Pairs of settings of which the first must not be above the second."""


class Midi(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the music comes from and goes to."""

    api: Annotated[
        Literal["auto", "alsa", "jack", "none"],
        Meta(description="MIDI system; auto takes the first that works, none opens no ports"),
    ]
    in_: Annotated[
        str, Meta(description="name pattern of the keyboard, such as Keystation*; * takes the first real one")
    ] = msgspec.field(name="in")
    out: Annotated[
        str,
        Meta(description="name pattern of the instrument that answers; * takes the first real one"),
    ]
    in_channel: Annotated[
        int, Meta(ge=0, le=16, description="MIDI channel that is listened to; 0 hears every channel")
    ]
    out_channel: Annotated[int, Meta(ge=1, le=16, description="MIDI channel on which the answers are sent")]


class Model(Struct, frozen=True, forbid_unknown_fields=True):
    """Which trained network plays."""

    name: Annotated[str, Meta(description="a shipped model, one of those that `antiphon models` lists")]
    file: Annotated[
        str, Meta(description="path of a .tflite file with its card beside it; empty takes the name")
    ]


class Engine(Struct, frozen=True, forbid_unknown_fields=True):
    """What invents the notes, and what computes it."""

    kind: Annotated[Literal["lstm"], Meta(description="what invents the notes; lstm is the trained network")]
    accelerator: Annotated[Literal["cpu"], Meta(description="what the network runs on")]


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of every session."""

    enabled: Annotated[bool, Meta(description="keep every session as a .mid file with both parts")]
    folder: Annotated[
        str, Meta(description="folder of the recordings; empty is ~/.local/share/antiphon/sessions")
    ]
    megabytes: Annotated[
        int,
        Meta(ge=1, le=1_000_000, description="megabytes; the oldest go when all recordings take more"),
    ]


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Every setting of the daemon, checked."""

    midi: Midi
    model: Model
    engine: Engine
    play: Play
    turn: Turn
    latency: Latency
    record: Record

    @property
    def settings(self) -> Settings:
        """The part that the music itself depends on."""
        return Settings(play=self.play, turn=self.turn, latency=self.latency)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the schema says about one setting; ``lowest`` and ``highest`` are inclusive."""

    section: str
    name: str
    kind: type
    choices: tuple[str, ...]
    lowest: float | None
    highest: float | None
    description: str
    checked_type: Any

    @property
    def dotted(self) -> str:
        """The name in full, such as ``play.temperature``."""
        return f"{self.section}.{self.name}"

    @property
    def range(self) -> str:
        """The range in words, empty where there is none."""
        if self.choices:
            return ("one of " if len(self.choices) > 1 else "") + ", ".join(self.choices)
        if self.lowest is not None and self.highest is not None:
            return f"from {self.lowest:.12g} to {self.highest:.12g}"
        return f"of at least {self.lowest:.12g}" if self.lowest is not None else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was given; ``name`` is a path, the name of a variable, or an option."""

    kind: Literal["file", "variable", "option"]
    name: str

    def __str__(self) -> str:
        return f"in {self.name}" if self.kind == "file" else f"from {self.name}"


DEFAULTS = Origin("file", "defaults.toml")


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


@dataclass(frozen=True, slots=True)
class _Given:
    section: str
    name: str
    value: object
    origin: Origin

    @property
    def dotted(self) -> str:
        return f"{self.section}.{self.name}" if self.section else self.name


@functools.cache
def schema() -> Mapping[str, Setting]:
    """Every setting by its dotted name, in the order of ``defaults.toml``."""
    return {
        setting.dotted: setting
        for section in msgspec.structs.fields(Config)
        for setting in _settings_of(section.name, section.type)
    }


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

    effective: dict[str, _Given] = {}
    mistaken: set[str] = set()
    for each in given:
        if mistake := _mistake_in(each):
            mistakes.append(mistake)
            mistaken.add(each.dotted)
        else:
            effective[each.dotted] = each
    mistakes += _contradictions(effective, mistaken)
    if mistakes:
        raise ConfigurationError("\n".join(dict.fromkeys(mistakes)))
    return Loaded(_config_of(effective), {name: effective[name].origin.name for name in schema()})


def _settings_of(section: str, struct: type[Struct]) -> Iterable[Setting]:
    for field in msgspec.structs.fields(struct):
        base, meta = typing.get_args(field.type)
        choices = typing.get_args(base) if typing.get_origin(base) is Literal else ()
        yield Setting(
            section=section,
            name=field.encode_name,
            kind=str if choices else base,
            choices=choices,
            lowest=meta.ge,
            highest=meta.le,
            description=meta.description,
            checked_type=field.type,
        )


def _user_files(environ: Mapping[str, str]) -> list[Path]:
    """Return the user's own file; nothing where nobody has a home, as some services do not."""
    folder = environ.get("XDG_CONFIG_HOME", "")
    if Path(folder).is_absolute():  # the XDG specification has relative ones ignored
        return [Path(folder, "antiphon", "antiphon.toml")]
    home = environ.get("HOME", "")
    return [Path(home, ".config", "antiphon", "antiphon.toml")] if home else []


def _from_file(path: Path, mistakes: list[str], *, must_exist: bool) -> list[_Given]:
    try:
        # Editors on Windows begin a file with a byte order mark. With a line end at its very end, the
        # parser names line and column there too.
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig") + "\n")
    except (FileNotFoundError, NotADirectoryError):
        if must_exist:
            mistakes.append(f"cannot read {path}: there is no such file")
    except OSError as error:
        mistakes.append(f"cannot read {path}: {(error.strerror or str(error)).lower()}")
    except UnicodeDecodeError as error:
        mistakes.append(f"cannot read {path}: byte {error.start + 1} is not UTF-8; save it as UTF-8 text")
    except (ValueError, RecursionError) as error:
        mistakes.append(f"cannot read {path}: {_lower_first(str(error))}")
    else:
        return _from_table(table, Origin("file", str(path)), mistakes)
    return []


def _from_table(table: Mapping[str, object], origin: Origin, mistakes: list[str]) -> list[_Given]:
    given: list[_Given] = []
    for section, values in table.items():
        if not isinstance(values, dict):
            mistakes.append(_misplaced(section, origin))
        elif section not in _sections():
            # One line for the section: its settings are then mistaken for the same reason.
            guess = _closest_section(section, values)
            mistakes.append(f"[{section}] {origin} is not a section{_did_you_mean(guess)}")
        else:
            given += [_Given(section, name, value, origin) for name, value in values.items()]
    return given


def _from_environment(environ: Mapping[str, str], mistakes: list[str]) -> list[_Given]:
    given: list[_Given] = []
    for variable, text in sorted(environ.items()):
        if not variable.startswith(VARIABLE_PREFIX):
            continue
        section, separator, name = variable.removeprefix(VARIABLE_PREFIX).lower().partition("__")
        if separator:
            given.append(_Given(section, name, _value_in(text, section, name), Origin("variable", variable)))
        elif variable in (almost := {_variable(each).replace("__", "_"): each for each in schema()}):
            mistakes.append(f"{variable} is not a setting{_did_you_mean(_variable(almost[variable]))}")
    return given


def _from_sets(sets: Sequence[str], mistakes: list[str]) -> list[_Given]:
    given: list[_Given] = []
    for text in sets:
        dotted, equals, value = text.partition("=")
        section, _, name = dotted.strip().rpartition(".")
        if not equals or not name:
            mistakes.append(f"--set {_shown(text)} has to look like --set play.temperature=0.8")
        else:
            origin = Origin("option", "--set")
            given.append(_Given(section, name, _value_in(value.strip(), section, name), origin))
    return given


def _from_options(options: Sequence[Option]) -> list[_Given]:
    return [
        _Given(setting.section, setting.name, option.value, Origin("option", option.name))
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


def _mistake_in(given: _Given) -> str:
    """Say in a sentence what is wrong, or nothing."""
    setting = schema().get(given.dotted)
    if setting is None:
        return _unknown(given)
    try:
        msgspec.convert(given.value, setting.checked_type)
    except msgspec.ValidationError:
        demand = _demand(setting, given.value)
        return f"{setting.dotted} {given.origin} is {_shown(given.value)}, but must be {demand}"
    return ""


def _demand(setting: Setting, value: object) -> str:
    if setting.choices:
        guess = _closest(value, setting.choices) if isinstance(value, str) else ""
        return setting.range + (_did_you_mean(_shown(guess)) if guess else "")
    if setting.kind is bool:
        return "true or false"
    if setting.kind is str:
        return "text in quotes"
    fits = isinstance(value, (int, float) if setting.kind is float else int) and not isinstance(value, bool)
    noun = "" if fits else "a number" if setting.kind is float else "a whole number"
    return f"{noun} {setting.range}".strip()


def _unknown(given: _Given) -> str:
    guess = _closest_setting(given.section, given.name)
    if given.origin.kind == "variable":
        return f"{given.origin.name} is not a setting{_did_you_mean(_variable(guess) if guess else '')}"
    return f"{given.dotted} {given.origin} is not a setting{_did_you_mean(guess)}"


def _misplaced(name: str, origin: Origin) -> str:
    if name in _sections():
        return f"{name} {origin} must be a section, written as [{name}] on a line of its own"
    return f"{name} {origin} stands outside every section{_did_you_mean(_closest_setting('', name))}"


def _contradictions(effective: Mapping[str, _Given], mistaken: set[str]) -> list[str]:
    pairs = [(effective[low], effective[high]) for low, high in ORDERED if not {low, high} & mistaken]
    return [
        f"{low.dotted} is {_shown(low.value)} ({low.origin}) and {high.dotted} is {_shown(high.value)} "
        f"({high.origin}), but the first must not be above the second"
        for low, high in pairs
        if typing.cast(float, low.value) > typing.cast(float, high.value)
    ]


def _config_of(effective: Mapping[str, _Given]) -> Config:
    table: dict[str, dict[str, object]] = {section: {} for section in _sections()}
    for each in effective.values():
        table[each.section][each.name] = each.value
    return msgspec.convert(table, Config)


def _sections() -> list[str]:
    return [field.name for field in msgspec.structs.fields(Config)]


def _variable(dotted: str) -> str:
    return VARIABLE_PREFIX + dotted.replace(".", "__").upper()


def _closest_setting(section: str, name: str) -> str:
    """Guess the setting that was meant: this name elsewhere, one like it here, or one like it anywhere."""
    plain = name.lower().replace("-", "_")
    by_name = {setting.name: setting.dotted for setting in schema().values()}
    here = [setting.name for setting in schema().values() if setting.section == section]
    if plain in by_name:
        return by_name[plain]
    if like_it := _closest(plain, here):
        return f"{section}.{like_it}"
    return _closest(f"{section}.{plain}", schema()) or by_name.get(_closest(plain, by_name), "")


def _closest_section(section: str, values: Mapping[str, object]) -> str:
    by_name = _closest(section, _sections())
    by_content = {setting.section for setting in schema().values() if setting.name in values}
    guess = by_name or (by_content.pop() if len(by_content) == 1 else "")
    return f"[{guess}]" if guess else ""


def _closest(word: str, possibilities: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word.lower(), possibilities, n=1)), "")


def _did_you_mean(guess: str) -> str:
    return f"; did you mean {guess}?" if guess else ""


def _shown(value: object) -> str:
    """Write a value as TOML would, on one line and not at length."""
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case str():
            text = json.dumps(value, ensure_ascii=False)
        case bool():
            text = str(value).lower()
        case int() if abs(value) >= 10**18:  # Python refuses to write out a very long one
            text = "a very large number"
        case _:
            text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
