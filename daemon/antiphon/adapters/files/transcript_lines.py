"""A transcript as lines of JSON: one for each entry, every number exactly as it was.

A step is an array, ``[at, told, drawn, said, expected]``, without what is empty at its end. Events, commands
and occurrences are arrays, too: the name of the class and its fields, without those at the end that are as
they are by default. Whatever is added to these vocabularies can be written without a line here.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias, get_args

import msgspec
from msgspec import Struct

from antiphon.config import defaults
from antiphon.core.commands import Command, Occurrence, Publish
from antiphon.core.engine import MusicEvent
from antiphon.core.events import Event, SettingsChanged
from antiphon.core.transcript import Beginning, EngineEntered, Entry, Step

Line: TypeAlias = list[Any]


def _by_name(*kinds: Any) -> Mapping[str, type[Struct]]:
    return {kind.__name__: kind for kind in kinds}


EMPTY: Line = [None, [], [], []]

TOLD = _by_name(EngineEntered, *get_args(Event))
SAID = _by_name(*get_args(Command))
OCCURRENCES = _by_name(*get_args(Occurrence))


def line_of(entry: Entry) -> bytes:
    """Return an entry as a line, its end included."""
    return _encoder.encode(entry if isinstance(entry, Beginning) else _step(entry)) + b"\n"


def entry_in(line: bytes) -> Entry:
    """Return the entry that a line holds.

    Raises:
        ValueError: it holds none.
    """
    try:
        written = msgspec.json.decode(line)
        if isinstance(written, dict):
            return msgspec.convert(written | {"settings": _completed(written["settings"])}, Beginning)
        return _read_step(written)
    except (
        msgspec.MsgspecError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise ValueError(f"no entry of a transcript: {line[:60]!r}") from error


def text_of(command: Command) -> bytes:
    """Return a command as JSON; commands of which this is the same are the same, bit by bit."""
    return _encoder.encode(_said(command))


def _step(step: Step) -> Line:
    line = [
        step.at,
        None if step.told is None else _named(step.told),
        [None if event is None else _fields(event) for event in step.drawn],
        [_said(command) for command in step.said],
        list(step.expected),
    ]
    while not line[-1]:
        line.pop()
        if len(line) == 1:
            break
    return line


def _said(command: Command) -> Line:
    if isinstance(command, Publish):
        return [Publish.__name__, command.due, _named(command.occurrence)]
    return _named(command)


def _named(struct: Struct) -> Line:
    return [type(struct).__name__, *_fields(struct)]


def _fields(struct: Struct) -> Line:
    fields = list(msgspec.structs.astuple(struct))
    defaults = type(struct).__struct_defaults__
    spare = len(defaults)
    while spare and fields and fields[-1] == defaults[spare - 1]:
        fields.pop()
        spare -= 1
    return fields


def _read_step(line: Line) -> Step:
    if not isinstance(line, list):
        raise TypeError(line)
    at, told, drawn, said, expected = [*line, *EMPTY[len(line) - 1 :]]
    return Step(
        _moment(at),
        None if told is None else _read(told, TOLD),
        tuple(None if event is None else _filled(MusicEvent, event) for event in drawn),
        tuple(_read_command(command) for command in said),
        msgspec.convert(expected, tuple[bytes | None, ...]),
    )


def _moment(at: object) -> float:
    moment = msgspec.convert(at, float)
    if not math.isfinite(moment):
        raise TypeError(at)
    return moment


def _read_command(written: Line) -> Any:
    if written[0] == Publish.__name__:
        _, due, occurrence = written
        return Publish(_moment(due), _read(occurrence, OCCURRENCES))
    return _read(written, SAID)


def _completed(settings: Mapping[str, Mapping[str, object]]) -> Mapping[str, object]:
    """Return settings with those that have been added since they were written as they ship."""
    shipped = _settings_that_ship()
    unknown = {name: values for name, values in settings.items() if name not in shipped}
    return unknown | {name: values | dict(settings.get(name, {})) for name, values in shipped.items()}


@cache
def _settings_that_ship() -> Mapping[str, dict[str, object]]:
    shipped: Mapping[str, dict[str, object]] = msgspec.to_builtins(defaults().config.settings)
    return shipped


def _read(written: Line, kinds: Mapping[str, type[Struct]]) -> Any:
    name, *fields = written
    if name == SettingsChanged.__name__:
        fields = [_completed(*fields)]
    return _filled(kinds[name], fields)


def _filled(kind: type[Struct], fields: Line) -> Any:
    return msgspec.convert(dict(zip(kind.__struct_fields__, fields, strict=False)), kind)


def _plain(number: Any) -> Any:
    """Return a number of numpy as one of Python's."""
    return number.item()


_encoder = msgspec.json.Encoder(enc_hook=_plain)
