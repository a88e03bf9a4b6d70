"""What anybody may ask of a daemon while it plays: the one schema of requests, whichever door they come by.

The settings that a request may change are those of ``antiphon.schema``. This module does not know how a
request is written down, nor who carries it out.
"""

import difflib
import re
import typing
from collections.abc import Mapping
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, Struct

from antiphon.core.settings import quantity
from antiphon.errors import RequestError, reason_of

LONGEST_PHRASE = 1024
"""Notes that a phrase may have: half a minute of the densest music there is."""


class PhraseNote(Struct, frozen=True, forbid_unknown_fields=True):
    """A note of a phrase that is to be answered."""

    pitch: Annotated[int, quantity(0, 127, "MIDI note", "which note")]
    at: Annotated[float, quantity(0.0, 600.0, "s", "when it begins, from the beginning of the phrase")]
    length: Annotated[float, quantity(0.001, 60.0, "s", "how long it lasts")] = 0.25
    velocity: Annotated[int, quantity(1, 127, "velocity", "how hard it is struck")] = 80


class Trigger(Struct, frozen=True, forbid_unknown_fields=True, tag="trigger"):
    """Begin an answer, whether or not the turn is over."""

    phrase: Annotated[
        tuple[PhraseNote, ...],
        Meta(max_length=LONGEST_PHRASE, description="notes to answer, in place of what was played"),
    ] = ()
    file: Annotated[
        str, Meta(max_length=255, description="name of a .mid file of trigger.folder to answer")
    ] = ""
    seconds: (
        Annotated[float, quantity(0.0, 600.0, "s", "length at most; 0 is about as long as the question")]
        | None
    ) = None
    seed: (
        Annotated[int, quantity(0, 2**53, "", "the same one answers the same phrase in the same way")] | None
    ) = None
    at: (
        Annotated[float, quantity(0.0, 1e11, "s", "when to begin, in seconds since 1970; now if left out")]
        | None
    ) = None
    expires: (
        Annotated[float, quantity(0.0, 1e11, "s", "when it is too late to begin, in seconds since 1970")]
        | None
    ) = None


class Change(Struct, frozen=True, forbid_unknown_fields=True, tag="set"):
    """Follow other settings from now on; all of them, or where one is wrong, none."""

    settings: Annotated[
        dict[str, object], Meta(description="values by the full name, such as play.temperature")
    ]


class Save(Struct, frozen=True, forbid_unknown_fields=True, tag="save"):
    """Keep the settings that were changed while it played, for the next start."""


class Reload(Struct, frozen=True, forbid_unknown_fields=True, tag="reload"):
    """Read the configuration again and follow it."""


class Examine(Struct, frozen=True, forbid_unknown_fields=True, tag="doctor"):
    """Look at the machine beside the music; what is found is told to everybody in some seconds."""


class Panic(Struct, frozen=True, forbid_unknown_fields=True, tag="panic"):
    """Release everything at once and forget the question."""


class Hold(Struct, frozen=True, forbid_unknown_fields=True, tag="hold"):
    """Hold it, or let go: held it plays on in the mode takeover; else a tap yields, a long press silences."""

    on: Annotated[bool, Meta(description="whether somebody holds it from now on")] = True


WhatToDo: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="a setting such as play.temperature, or an action: hold, panic, trigger, save",
    ),
]


class Learn(Struct, frozen=True, forbid_unknown_fields=True, tag="learn"):
    """Let the next knob, pedal, key or button that is moved and not bound yet do something from then on."""

    what: WhatToDo


class Unlearn(Struct, frozen=True, forbid_unknown_fields=True, tag="unlearn"):
    """Free the controls that do something, or stop waiting for one that is to."""

    what: WhatToDo


Request: TypeAlias = Trigger | Change | Save | Reload | Examine | Panic | Hold | Learn | Unlearn

REQUESTS: Mapping[str, type[Request]] = {
    str(each.__struct_config__.tag): each for each in typing.get_args(Request)
}
"""Every request by its name."""


SHORT_FOR: Mapping[str, str] = {"mode": "play.mode", "engine": "engine.kind", "mood": "play.mood"}
"""What doors know some settings by that are changed more often than others."""


def request_of(name: str, values: Mapping[str, object], source: str) -> Request:
    """Return a request by its name and what it comes with.

    Args:
        name: one of ``REQUESTS``.
        values: its fields, as JSON or TOML would hold them.
        source: who asks for it, in words, such as "MQTT".

    Raises:
        RequestError: there is no such request, or a field is wrong.
    """
    kind = REQUESTS.get(name)
    if kind is None:
        guess = next(iter(difflib.get_close_matches(name, REQUESTS, n=1)), "")
        meant = f"did you mean {guess}?" if guess else f"choose one of: {', '.join(REQUESTS)}"
        raise RequestError(f"there is no request {name[:60]!r} (from {source}); {meant}")
    try:
        return msgspec.convert(dict(values), kind)
    except msgspec.ValidationError as error:
        what, _, where = reason_of(error).partition(" - at ")
        field = re.sub(r"^`\$\.?|`$", "", where)
        place = f"{name}.{field}" if field else name
        known = ", ".join(each.name for each in msgspec.structs.fields(kind)) or "none"
        hint = f"; its fields are: {known}" if "unknown field" in what else ""
        raise RequestError(f"{place} from {source}: {what}{hint}") from error
