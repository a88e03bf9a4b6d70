"""What there is to say of every setting: its section, name, type, unit, range and meaning.

It is read off the structs that hold them. What a change means is said here too: whether it is followed
while it plays, and whether a partner may have its own. This module does not know what any setting does.
"""

import functools
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from antiphon.core.settings import Settings
from antiphon.settings import Config

ORDERED = (
    ("play.lowest", "play.highest"),
    ("turn.shortest_pause", "turn.longest_pause"),
    ("midi.lowest_key", "midi.highest_key"),
)
"""Pairs of settings of which the first must not be above the second."""

OF_THE_ENGINE = frozenset({"engine.kind", "engine.longest_step", "engine.understudy", "model.name"})
"""Settings that say which engine plays; where one of them changes, another takes its place. Those that name a
file of this machine, a delegate's library even, are not for everybody who comes by a door.
"""

OF_THE_SURFACE = frozenset({"controls.bindings"})
"""Settings of the controls that are followed at once; their ports are opened at the start."""

READ_AT_THE_START = frozenset({"play.seed"})
"""Settings of the music that are read once, when its engine is opened."""

OF_A_PARTNER = ("midi", "model", "engine", "markov", *Settings.__struct_fields__)
"""Sections of which a further partner may have settings of its own; the others are of the whole daemon."""


class Setting(Struct, frozen=True):
    """What the schema says about one setting.

    Attributes:
        shipped: the values that it may have; empty where it may have any of a range.
        further: returns more of them, which other packages bring; None where none can.
        choices_in_words: what to say of them where they are too many to be listed.
        objection: says what is wrong with a value of the right type, or nothing.
        lowest: the least that it may be, in its unit.
        highest: the most that it may be, in its unit.
    """

    section: str
    name: str
    kind: type
    shipped: tuple[str, ...]
    further: Callable[[], tuple[str, ...]] | None
    choices_in_words: str
    objection: Callable[[Any], str]
    lowest: float | None
    highest: float | None
    unit: str
    description: str
    checked_type: Any

    @property
    def dotted(self) -> str:
        """The name in full, such as ``play.temperature``."""
        return f"{self.section}.{self.name}"

    @property
    def choices(self) -> tuple[str, ...]:
        """All values that it may have; empty where it may have any of a range."""
        more = self.further() if self.further else ()
        return (*self.shipped, *(each for each in more if each not in self.shipped))

    def may_be(self, value: object) -> bool:
        """Whether it may have a value, as far as there is a choice."""
        # Whoever keeps to what ships does not wait until other packages are looked at.
        return not self.shipped or value in self.shipped or value in self.choices

    @property
    def live(self) -> bool:
        """Whether a change is followed while it runs; all others wait for a restart."""
        if self.section in Settings.__struct_fields__:
            return self.dotted not in READ_AT_THE_START
        return self.dotted in OF_THE_ENGINE | OF_THE_SURFACE

    @property
    def is_table(self) -> bool:
        """Whether it holds names and values of its own; doors that carry single values leave it out."""
        return self.kind is dict

    @property
    def range(self) -> str:
        """The range in words, empty where there is none."""
        if self.choices_in_words:
            return self.choices_in_words
        if self.choices:
            return ("one of " if len(self.choices) > 1 else "") + ", ".join(self.choices)
        if self.lowest is not None and self.highest is not None:
            return f"from {self.lowest:.12g} to {self.highest:.12g}"
        return f"from {self.lowest:.12g} up" if self.lowest is not None else ""


@functools.cache
def schema() -> Mapping[str, Setting]:
    """Every setting by its dotted name, in the order in which they are shown."""
    return {
        setting.dotted: setting
        for section in msgspec.structs.fields(Config)
        for setting in _settings_of(section.name, section.type)
    }


def sections() -> Mapping[str, str]:
    """Every section by its name, with what its settings are about in a sentence."""
    return {field.name: field.type.__doc__ or "" for field in msgspec.structs.fields(Config)}


def values_of(config: Config) -> Mapping[str, Any]:
    """Return the value of every setting by its dotted name, as a file of settings may hold it."""
    table = msgspec.to_builtins(config)
    return {name: table[setting.section][setting.name] for name, setting in schema().items()}


def no_objection(value: object) -> str:
    """Say nothing, for there is no more to a value than its type and range."""
    return ""


def _settings_of(section: str, struct: type[Struct]) -> Iterable[Setting]:
    for field in msgspec.structs.fields(struct):
        base, meta = typing.get_args(field.type)
        listed = typing.get_args(base) if typing.get_origin(base) is Literal else ()
        extra = meta.extra or {}
        yield Setting(
            section=section,
            name=field.encode_name,
            kind=str if listed else typing.get_origin(base) or base,
            shipped=listed or extra.get("shipped", ()),
            further=extra.get("further"),
            choices_in_words=extra.get("choices", ""),
            objection=extra.get("objection", no_objection),
            lowest=meta.ge,
            highest=meta.le,
            unit=extra.get("unit", ""),
            description=meta.description,
            checked_type=field.type,
        )
