"""What is said about a wrong setting: where it was given, what it may be, and what was probably meant."""

import difflib
import json
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from antiphon.errors import legible
from antiphon.schema import OF_A_PARTNER, ORDERED, Setting, schema, sections

VARIABLE_PREFIX = "ANTIPHON_"

PARTNER = "partner"
"""The table of further partners, and the first word in the names of their settings."""

_NAME_OF_A_PARTNER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

FORMER_NAMES: Mapping[str, str] = {
    "latency.priority": "system.priority",
    "latency.step": "engine.longest_step",
    "latency.understudy": "engine.understudy",
}
"""What settings were called before the first release, and what they are called now: a hint, and no more.

What has been released keeps its name; ``docs/versioning.md`` promises that, a test of the releases holds it.
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was given; ``name`` is a path, a variable, an option, or what somebody steers by."""

    kind: Literal["file", "variable", "option", "door"]
    name: str

    def __str__(self) -> str:
        return f"in {self.name}" if self.kind == "file" else f"from {self.name}"


@dataclass(frozen=True, slots=True)
class Given:
    """A value for what is hopefully a setting.

    Attributes:
        setting: its dotted name, such as ``play.temperature``.
        partner: the further partner whose setting it is; empty for the main one, and so for all.
    """

    setting: str
    value: object
    origin: Origin
    partner: str = ""

    @property
    def name(self) -> str:
        """The name in full, such as ``partner.bass.play.temperature``."""
        return full_name(self.partner, self.setting)


def full_name(partner: str, setting: str) -> str:
    return f"{PARTNER}.{partner}.{setting}" if partner else setting


def addressed(name: str) -> tuple[str, str]:
    """Return the partner and the setting that a full name names; the partner is empty where none is."""
    match name.split(".", 2):
        case [first, partner, setting] if first == PARTNER:
            return partner, setting
    return "", name


def mistake_in(given: Given) -> str:
    """Say in a sentence what is wrong, or nothing."""
    if given.partner and (mistake := mistake_in_name(given.partner, given.origin)):
        return mistake
    setting = schema().get(given.setting)
    if setting is None:
        return unknown(given)
    if given.partner and setting.section not in OF_A_PARTNER:
        return f"{given.name} {given.origin}: [{setting.section}] is of the whole daemon; {_of_its_own()}"
    if not _is_possible(given.value, setting):
        demand = _demand(setting, given.value)
        return f"{given.name} {given.origin} is {shown(given.value)}, but must be {demand}"
    if objection := setting.objection(given.value):
        return f"{given.name} {given.origin}, {shown(given.value)}, {objection}"
    return ""


def _is_possible(value: object, setting: Setting) -> bool:
    try:
        msgspec.convert(value, setting.checked_type)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the second of an argument that is not UTF-8
        return False
    return setting.may_be(value)


def mistake_in_name(partner: str, origin: Origin) -> str:
    """Say in a sentence why a partner cannot be called so, or nothing."""
    if _NAME_OF_A_PARTNER.fullmatch(partner):
        return ""
    meant = re.sub(r"[^a-z0-9]+", "-", partner.lower()).strip("-")[:40]
    return (
        f"{named(f'{PARTNER}.{partner}')} {origin} is no name for a partner, which is of a-z, 0-9 and -"
        f"{did_you_mean(full_name(meant, '').rstrip('.') if meant else '')}"
    )


def _of_its_own() -> str:
    return f"a partner may have its own {', '.join(OF_A_PARTNER[:-1])} and {OF_A_PARTNER[-1]}"


def _demand(setting: Setting, value: object) -> str:
    if setting.choices:
        guesses = _choices_like(value, setting.choices) if isinstance(value, str) else []
        return setting.range + did_you_mean(" or ".join(map(shown, guesses)))
    if setting.kind is bool:
        return "true or false"
    if setting.is_table:
        return setting.range
    if setting.kind is str:
        return f"text in quotes {setting.range}".strip()
    fits = isinstance(value, (int, float) if setting.kind is float else int) and not isinstance(value, bool)
    noun = "" if fits else "a number" if setting.kind is float else "a whole number"
    return f"{noun} {setting.range}".strip()


def unknown(given: Given) -> str:
    is_cut_short = given.setting.startswith(f"{PARTNER}.")
    guess = "" if is_cut_short else closest_setting(given.setting)
    guess = full_name(given.partner, guess) if guess else ""
    if given.origin.kind == "variable":
        return f"{given.origin.name} is not a setting{did_you_mean(variable_of(guess) if guess else '')}"
    return f"{named(given.name)} {given.origin} is not a setting{did_you_mean(guess)}"


def named(name: str) -> str:
    """Return a name that somebody has thought of, in quotes and cut where it is none that one could read."""
    return name if name.isprintable() and 0 < len(name) <= 60 else shown(name)


def waits_for_a_restart(given: Given) -> str:
    return f"{given.name} {given.origin} cannot change while it runs; set it in a file, and restart"


def misplaced(name: str, origin: Origin, partner: str = "") -> str:
    full = full_name(partner, name)
    if name in sections():
        return f"{full} {origin} must be a section, written as [{full}] on a line of its own"
    if name == PARTNER:
        return f"{full} {origin} must be a table of partners, such as [{PARTNER}.bass]"
    guess = closest_setting(name)
    return (
        f"{named(full)} {origin} stands outside every section"
        f"{did_you_mean(guess and full_name(partner, guess))}"
    )


def contradictions(effective: Mapping[str, Given], mistaken: set[str]) -> list[str]:
    pairs = [(effective[low], effective[high]) for low, high in ORDERED if not {low, high} & mistaken]
    return [
        f"{low.name} is {shown(low.value)} ({low.origin}) and {high.name} is {shown(high.value)} "
        f"({high.origin}), but the first must not be above the second"
        for low, high in pairs
        if typing.cast(float, low.value) > typing.cast(float, high.value)
    ]


def variable_of(dotted: str) -> str:
    return VARIABLE_PREFIX + dotted.replace(".", "__").replace("-", "_").upper()


def closest_setting(dotted: str) -> str:
    """Guess the setting that was meant: one that was called so, this name elsewhere, or one like it."""
    dotted = dotted.lower().replace("-", "_")
    if dotted in FORMER_NAMES:
        return FORMER_NAMES[dotted]
    section, _, name = dotted.rpartition(".")
    by_name = {setting.name: setting.dotted for setting in schema().values()}
    here = [setting.name for setting in schema().values() if setting.section == section]
    if name in by_name:
        return by_name[name]
    if like_it := closest(name, here):
        return f"{section}.{like_it}"
    return closest(f"{section}.{name}", schema()) or by_name.get(closest(name, by_name), "")


def closest_section(section: str, values: Mapping[str, object], partner: str = "") -> str:
    by_name = closest(section, sections() if partner else [*sections(), PARTNER])
    by_content = {setting.section for setting in schema().values() if setting.name in values}
    guess = by_name or (by_content.pop() if len(by_content) == 1 else "")
    return f"[{full_name(partner, guess)}]" if guess else ""


def _choices_like(word: str, choices: Sequence[str]) -> list[str]:
    """Return the choices that begin with a word, or else the one that is most like it."""
    begun = [choice for choice in choices if choice.lower().startswith(f"{word.strip().lower()} ")]
    return begun or [like_it for like_it in [closest(word, choices)] if like_it]


def closest(word: str, possibilities: Iterable[str]) -> str:
    """Return what is most like a word, without regard to case; empty where nothing is."""
    by_lower = {each.lower(): each for each in possibilities}
    return next((by_lower[each] for each in difflib.get_close_matches(word.lower(), by_lower, n=1)), "")


def did_you_mean(guess: str) -> str:
    return f"; did you mean {guess}?" if guess else ""


def shown(value: object) -> str:
    """Write a value as TOML would, on one line and not at length."""
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case str():
            text = legible(json.dumps(value, ensure_ascii=False))
        case bool():
            text = str(value).lower()
        case int() if abs(value) >= 10**18:  # Python refuses to write out a very long one
            text = "a very large number"
        case _:
            text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
