"""What a control of the player's does, as ``[controls]`` says it: what is sent, and what comes of it.

    "cc 20" = "play.temperature"          a knob moves a setting
    "cc 21 ch 2" = "guide.density"        on that channel alone
    "cc 22 relative" = "guide.lock"       an encoder without ends
    "note 21" = "panic"                   a key that plays no note any more
    "program 3" = "play.mode listen"      a button sets a value
    "cc 23" = "play.mood next"            or takes the next

It knows the settings and no MIDI: which bytes these are, and what a knob's position means, others say.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from antiphon.errors import ConfigurationError
from antiphon.mistakes import Given, Origin, closest_setting, did_you_mean, mistake_in, shown
from antiphon.requests import SHORT_FOR
from antiphon.schema import Setting, schema
from antiphon_models.shelf import shipped_names

BINDINGS = "controls.bindings"
"""The setting that holds them."""

Kind: TypeAlias = Literal["cc", "note", "program"]

Form: TypeAlias = Literal["", "14bit", "relative", "relative offset", "relative signed"]
"""How a controller tells where it is: by 7 bits; by 14, in a pair of controllers; or by how far it was
turned, in two's complement, around 64, or with a sign in bit 6.
"""

Verb: TypeAlias = Literal["follow", "set", "next", "previous", "toggle", "do"]

ACTIONS: Mapping[str, str] = {
    "hold": "a tap has it yield; as long as it is held it plays on from where you are",
    "panic": "release everything",
    "trigger": "begin an answer",
    "save": "keep the settings for the next start",
}
"""What may be done that is no setting."""

VERBS: Mapping[str, Verb] = {"next": "next", "previous": "previous", "toggle": "toggle"}

MOODS = (
    "none",
    "calm",
    "tender",
    "dreamy",
    "hopeful",
    "joyful",
    "excited",
    "wild",
    "tense",
    "mysterious",
    "wistful",
    "melancholy",
    "lonely",
    "sad",
)
"""Moods that a control goes through: once around, and at last into the dark."""

LARGEST = 127
CHANNELS = 16
HIGHEST_OF_A_PAIR = 31
"""Controllers 0 to 31 have their finer half 32 above them (MIDI 1.0)."""

FIRST_MODE_MESSAGE = 120
"""From here on controllers are messages to the whole channel, such as all notes off."""

_SOURCE = re.compile(
    r"(?P<kind>[a-z]+) +(?P<number>\d{1,4})(?: +(?P<form>14bit|relative(?: +(?:offset|signed))?))?"
    r"(?: +ch +(?P<channel>\d{1,4}))?"
)

LOOKS_LIKE = '"cc 20", "cc 21 ch 2", "cc 22 relative", "note 21" or "program 3"'


class Source(Struct, frozen=True):
    """What a control sends.

    Attributes:
        channel: 1 to 16; 0 is any that is listened to.
    """

    kind: Kind
    number: int
    channel: int = 0
    form: Form = ""

    def __str__(self) -> str:
        words = (self.kind, str(self.number), self.form, f"ch {self.channel}" if self.channel else "")
        return " ".join(filter(None, words))


class Target(Struct, frozen=True):
    """What comes of it.

    Attributes:
        name: of a setting in full, or one of ``ACTIONS``.
        verb: what is done with the setting; ``do`` for an action.
        value: what the setting is set to.
    """

    name: str
    verb: Verb
    value: object = None


class Binding(Struct, frozen=True):
    """A control, and what comes of it."""

    source: Source
    target: Target


def bindings_of(table: Mapping[str, str]) -> tuple[Binding, ...]:
    """Return what a table that was checked says."""
    return tuple(binding_of(source, target) for source, target in table.items())


@lru_cache(maxsize=256)
def binding_of(source: str, target: str) -> Binding:
    """Return what one line says.

    Raises:
        ConfigurationError: it says nothing that could be followed; the sentence names no place.
    """
    control, aim = source_of(source), target_of(target)
    if control.kind != "cc" and aim.verb == "follow":
        aim = replace(aim, verb="toggle" if schema()[aim.name].kind is bool else "next")
    if objection := _misfit(control, aim, target):
        raise ConfigurationError(objection)
    return Binding(control, aim)


def source_of(text: str) -> Source:
    """Return what a control sends.

    Raises:
        ConfigurationError: it is not written like that.
    """
    found = _SOURCE.fullmatch(" ".join(text.lower().split()))
    if found is None or found["kind"] not in ("cc", "note", "program"):
        raise ConfigurationError(f"{shown(text)} is no control; it has to look like {LOOKS_LIKE}")
    source = Source(found["kind"], int(found["number"]), int(found["channel"] or 0), found["form"] or "")  # type: ignore[arg-type]
    if objection := _impossible(source, found["channel"] is not None):
        raise ConfigurationError(f"{shown(text)}: {objection}")
    return source


def _impossible(source: Source, names_channel: bool) -> str:
    if source.number > LARGEST:
        return f"numbers go from 0 to {LARGEST}"
    if source.kind == "cc" and source.number >= FIRST_MODE_MESSAGE:
        return f"controllers from {FIRST_MODE_MESSAGE} on are for whole channels, and cannot be bound"
    if names_channel and not 1 <= source.channel <= CHANNELS:
        return f"channels go from 1 to {CHANNELS}"
    if source.form and source.kind != "cc":
        return f"only a cc can be {source.form}"
    if source.form == "14bit" and source.number > HIGHEST_OF_A_PAIR:
        return (
            f"controllers from 0 to {HIGHEST_OF_A_PAIR} come in pairs of 14 bits; name the lower of the two"
        )
    return ""


def target_of(text: str) -> Target:
    """Return what comes of a control.

    Raises:
        ConfigurationError: there is no such setting or action, or the value is not one that it may have.
    """
    first, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if first in ACTIONS and not rest:
        return Target(first, "do")
    setting = schema().get(SHORT_FOR.get(first, first))
    if setting is None:
        raise ConfigurationError(f"{shown(first)} is no setting and no action{_meant(first)}")
    if not setting.live or setting.kind is dict:
        raise ConfigurationError(f"{setting.dotted} cannot change while it runs; bind another setting")
    if not rest:
        return Target(setting.dotted, "follow")
    if rest in VERBS and rest not in setting.choices:
        return Target(setting.dotted, VERBS[rest])
    return Target(setting.dotted, "set", _value(setting, rest))


def _meant(word: str) -> str:
    close = difflib.get_close_matches(word, ACTIONS, n=1)
    guess = close[0] if close else closest_setting(word)
    return did_you_mean(guess) or f"; actions are {', '.join(ACTIONS)}"


def _value(setting: Setting, text: str) -> object:
    """Read what a button sets."""
    value: object = text
    if setting.kind is bool:
        value = {"true": True, "on": True, "false": False, "off": False}.get(text.lower(), text)
    elif setting.kind is not str:
        with suppress(ValueError):  # told below, as of any value of the wrong kind
            value = setting.kind(text)
    if mistake := mistake_in(Given(setting.dotted, value, Origin("option", BINDINGS))):
        raise ConfigurationError(mistake)
    return value


def _misfit(source: Source, target: Target, text: str) -> str:
    """Say why a control cannot do this, or nothing."""
    if target.verb == "do":
        if source.kind == "program" and target.name == "hold":
            return "a program change is never let go, so hold wants a cc or a note"
        return f"only a setting can be followed by a control that is {source.form}" if source.form else ""
    setting = schema()[target.name]
    if target.verb == "toggle" and setting.kind is not bool:
        return f"{setting.dotted} is not on or off; write {setting.dotted} next"
    if target.verb in ("follow", "next", "previous") and not is_gradual(setting) and setting.kind is not bool:
        return f"{setting.dotted} may be any text; write a value after it"
    if target.verb == "next" and text.strip().count(" ") == 0 and not choices_of(setting):
        return f"a {source.kind} has no position; write {setting.dotted} next, or a value after it"
    if source.form and target.verb != "follow":
        return f"only a setting can be followed by a control that is {source.form}"
    return ""


def is_gradual(setting: Setting) -> bool:
    """Whether the values of a setting have an order that one can go through."""
    return bool(choices_of(setting)) or setting.lowest is not None


def choices_of(setting: Setting) -> tuple[str, ...]:
    """Return the values that one goes through; empty for numbers, switches, and text of any kind."""
    match setting.dotted:
        case "play.mood":
            return MOODS
        case "model.name":
            return ("", *shipped_names())
    return setting.choices


def mistakes_in(given: Given) -> Iterator[str]:
    """Yield a sentence for each line of a table that cannot be followed."""
    if not isinstance(given.value, dict):
        return
    seen: dict[Source, str] = {}
    for source, target in given.value.items():
        try:
            control = binding_of(source, target).source
        except ConfigurationError as error:
            yield f"{BINDINGS} {given.origin}, {shown(source)} = {shown(target)}: {error}"
        else:
            if control in seen:
                yield f"{BINDINGS} {given.origin} binds {shown(source)} twice; leave one of them out"
            seen[control] = target


def without(table: Mapping[str, str], target: str) -> dict[str, str]:
    """Return a table in which no control does this; of a setting also none that moves it in another way."""
    meant = target_of(target)
    return {source: text for source, text in table.items() if not _is_for(target_of(text), meant)}


def _is_for(target: Target, meant: Target) -> bool:
    """Whether one control would take the place of another; a setting that is meant has one at most."""
    return target == meant or (target.name == meant.name and meant.verb == "follow" and target.verb != "set")
