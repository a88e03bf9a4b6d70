"""What the addresses of OSC mean: messages as what somebody asks for, and what is told as messages.

Every address is made of the schema of requests and of settings; none is listed here that these have. This
module does not know how a message travels.
"""

import difflib
import functools
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, assert_never

import msgspec
from msgspec import Struct

from antiphon.adapters.broadcast import ChangeFailed, Examined, Heard, News, PortFound, PortLost, Sent
from antiphon.adapters.doors.osc.messages import Argument, Message
from antiphon.adapters.state import State
from antiphon.core.commands import (
    ClockCame,
    ClockWent,
    CueDropped,
    HeldLong,
    KeysHeld,
    Occurrence,
    OnsetsDropped,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    PlayNote,
    Publish,
    ReleaseNote,
    SongStarted,
    SongStopped,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.errors import RequestError, legible
from antiphon.findings import what_to_do
from antiphon.mistakes import Given, Origin, mistake_in
from antiphon.requests import REQUESTS, SHORT_FOR, Change, Hold, PhraseNote, Request, request_of
from antiphon.schema import Setting, schema, values_of
from antiphon.settings import Config

SOURCE = "OSC"
"""What sentences call whoever comes by this door."""

ROOT = "/antiphon/"

SENT = tuple(f"{ROOT}{name}" for name in ("event/", "note", "state/", "ok", "error"))
"""How addresses begin that only we send; two daemons that hear each other must not answer these."""

NOTE_FIELDS = PhraseNote.__struct_fields__

LONGEST_SENTENCE = 500

POINT = 2
"""Numbers that are a mood: valence and arousal."""


class Subscribe(Struct, frozen=True):
    """Send everything to whoever asks, for a while; to this port of theirs, where they name one."""

    port: int | None = None


class ShowState(Struct, frozen=True):
    """Send all values to whoever asks."""


Asked: TypeAlias = Request | Subscribe | ShowState

HELD = "hold"
"""The one request that a button makes twice: when it is pressed, and when it is let go."""

Arguments: TypeAlias = tuple[Argument, ...]

Reading: TypeAlias = Callable[[Arguments], Asked | None]
"""Returns what somebody asks for by what comes with an address; None for a button that is let go."""


def asked_in(message: Message) -> Asked | None:
    """Return what a message asks for; None where it asks for nothing.

    Raises:
        RequestError: there is no such address, or it comes with something else than it takes.
    """
    if message.address.startswith(SENT):
        return None
    reading = addresses().get(message.address)
    if reading is None:
        address = message.address[:60]
        raise RequestError(f"there is no address {legible(address)}{_guess(address)}")
    if any(isinstance(each, float) and not math.isfinite(each) for each in message.arguments):
        raise RequestError(f"{message.address} comes with a number that is not finite")
    return reading(message.arguments)


@functools.cache
def addresses() -> Mapping[str, Reading]:
    """Every address that is understood, with how to read what comes with it."""
    readings: dict[str, Reading] = {
        f"{ROOT}{name}": functools.partial(_request, name) for name in REQUESTS if name != "set"
    }
    for setting in schema().values():
        if setting.is_table:
            continue
        reading = functools.partial(_change, setting)
        readings[address_of(setting)] = readings[f"{ROOT}set/{setting.section}/{setting.name}"] = reading
    for name, dotted in SHORT_FOR.items():
        if dotted in schema():
            readings[f"{ROOT}{name}"] = functools.partial(_change, schema()[dotted])
    readings[f"{ROOT}set"] = _changes
    readings[f"{ROOT}state"] = lambda arguments: ShowState() if _is_pressed("state", arguments) else None
    readings[f"{ROOT}subscribe"] = _subscribe
    return readings


def address_of(setting: Setting) -> str:
    """Return the address of a setting, which both sets it and tells its value."""
    return f"{ROOT}{setting.section}/{setting.name}"


@functools.lru_cache(maxsize=64)
def _guess(address: str) -> str:
    own = [address_of(setting) for setting in schema().values() if setting.live and not setting.is_table]
    known = [each for each in addresses() if each.count("/") == 2] + own
    # Without what all of them begin with, for to compare the whole would take the loop milliseconds.
    names = [each.removeprefix(ROOT) for each in known]
    meant = address.removeprefix(ROOT).removeprefix("set/")
    closest = difflib.get_close_matches(meant, names, n=1)
    return f"; did you mean {ROOT}{closest[0]}?" if closest else ""


def _request(name: str, arguments: Arguments) -> Asked | None:
    if len(arguments) != 1:
        return request_of(name, _named(arguments), SOURCE)
    if name == HELD:
        return Hold(_is_pressed(name, arguments))
    return request_of(name, {}, SOURCE) if _is_pressed(name, arguments) else None


def _is_pressed(name: str, arguments: Arguments) -> bool:
    """Return whether to do it: a button sends 1 when it is pressed, and 0 when it is let go."""
    match arguments:
        case ():
            return True
        case ((int() | float()) as position,) if position in (0, 1):
            return position == 1
    raise RequestError(f"{name} comes with nothing, the 1 or 0 of a button, or names that have values")


def _subscribe(arguments: Arguments) -> Subscribe:
    match arguments:
        case ():
            return Subscribe()
        case ((int() | float()) as port,) if port in range(1, 65536):
            return Subscribe(int(port))
    raise RequestError("subscribe comes with nothing, or with the port that is to be sent to")


def _change(setting: Setting, arguments: Arguments) -> Change:
    if setting.dotted == SHORT_FOR["mood"] and len(arguments) == POINT:
        # Two faders, or a pad that is one point of a plane.
        arguments = (",".join(f"{each:.7g}" if isinstance(each, float) else f"{each}" for each in arguments),)
    if len(arguments) != 1:
        raise RequestError(f"{address_of(setting)} comes with {len(arguments)} values, but takes one")
    value = _value_for(setting, arguments[0])
    if mistake := mistake_in(Given(setting.dotted, value, Origin("door", SOURCE))):
        raise RequestError(mistake)
    return Change({setting.dotted: value})


def _changes(arguments: Arguments) -> Change:
    if not arguments:
        raise RequestError("set takes names and their values, such as play.temperature 0.8")
    return Change(
        {
            name: _value_for(schema()[name], value) if name in schema() else value
            for name, value in _named(arguments).items()
        }
    )


def _value_for(setting: Setting, argument: object) -> object:
    """Return what a fader, which knows only floats, means for a setting; anything else stays as it is."""
    match argument:
        case int() | float() if setting.kind is bool:
            return argument > 0.5
        case float() if setting.kind is int:
            return round(argument)
        case float():
            return float(f"{argument:.7g}")  # 0.8 in 32 bits is 0.800000012
    return argument


def _named(arguments: Arguments) -> dict[str, Argument | list[dict[str, Argument]]]:
    """Return names with their values; to ``phrase`` belong all numbers that follow it, four to a note."""
    waiting = deque(arguments)
    named: dict[str, Argument | list[dict[str, Argument]]] = {}
    while waiting:
        name = waiting.popleft()
        if not isinstance(name, str):
            raise RequestError(f"{name} stands where a name is expected; each name is followed by its value")
        if name == "phrase":
            named[name] = _notes(waiting)
        elif waiting:
            named[name] = _whole(waiting.popleft())
        else:
            raise RequestError(f"{legible(name[:60])} comes without a value")
    return named


def _notes(waiting: deque[Argument]) -> list[dict[str, Argument]]:
    notes: list[dict[str, Argument]] = []
    while waiting and not isinstance(waiting[0], str):
        if len(waiting) < len(NOTE_FIELDS):
            raise RequestError(f"a note of a phrase has {len(NOTE_FIELDS)} numbers: {', '.join(NOTE_FIELDS)}")
        notes.append({field: _whole(waiting.popleft()) for field in NOTE_FIELDS})
    return notes


def _whole(argument: Argument) -> Argument:
    """Return a whole number as one; Pd and TouchOSC send it as a float."""
    return int(argument) if isinstance(argument, float) and argument.is_integer() else argument


def succeeded(message: Message) -> Message:
    """Return the answer to a message that was followed, by the name of what was asked."""
    return Message(f"{ROOT}ok", (message.address.removeprefix(ROOT),))


def failed(error: Exception | str) -> Message:
    """Return the answer to a message that was not."""
    return Message(f"{ROOT}error", ("; ".join(str(error).splitlines())[:LONGEST_SENTENCE],))


def messages_of(news: News, *, with_notes: bool) -> Iterator[Message]:
    """Yield what is sent about something that happened."""
    match news:
        case Sent(Publish(_, occurrence)):
            yield from _messages_of_occurrence(occurrence)
        case Sent(PlayNote(due, pitch, velocity, "it"), at) if with_notes:
            yield Message(f"{ROOT}note", (pitch, velocity, due - at, "it"))
        case Sent(ReleaseNote(due, pitch, "it"), at) if with_notes:
            yield Message(f"{ROOT}note", (pitch, 0, due - at, "it"))
        case Heard(KeyPressed(pitch, velocity)) if with_notes:
            yield Message(f"{ROOT}note", (pitch, velocity, 0.0, "you"))
        case Heard(KeyReleased(pitch)) if with_notes:
            yield Message(f"{ROOT}note", (pitch, 0, 0.0, "you"))
        case ChangeFailed(sentence):
            yield failed(sentence)
        case PortLost(direction, name):
            yield Message(f"{ROOT}event/port", (direction, 0, name))
        case PortFound(direction, name):
            yield Message(f"{ROOT}event/port", (direction, 1, name))
        case Examined(findings):
            for finding in findings:
                values = finding.name, finding.verdict, finding.value, what_to_do(finding)
                yield Message(f"{ROOT}event/doctor", tuple(each[:LONGEST_SENTENCE] for each in values))


def _messages_of_occurrence(occurrence: Occurrence) -> Iterator[Message]:
    match occurrence:
        case TurnTaken(onsets, seconds):
            yield Message(f"{ROOT}event/phrase", (onsets, seconds))
            yield Message(f"{ROOT}event/turn", ("taken",))
        case TurnGivenBack(reason, onsets, seconds):
            yield Message(f"{ROOT}event/turn", ("given_back", reason, onsets, seconds))
        case PlayerCame():
            yield Message(f"{ROOT}event/player", (1,))
        case PlayerLeft(seconds):
            yield Message(f"{ROOT}event/player", (0, seconds))
        case OnsetsDropped(onsets, late):
            yield Message(f"{ROOT}event/dropped", (onsets, late))
        case CueDropped():
            yield Message(f"{ROOT}event/cue", ("dropped",))
        case PedalHeld():
            yield Message(f"{ROOT}event/pedal", ("held",))
        case HeldLong():
            yield Message(f"{ROOT}event/hold", ("long",))
        case KeysHeld(keys):
            yield Message(f"{ROOT}event/keys", ("held", keys))
        case ClockCame(bpm):
            yield Message(f"{ROOT}event/clock", ("came", bpm))
        case ClockWent():
            yield Message(f"{ROOT}event/clock", ("went",))
        case SongStarted(beat):
            yield Message(f"{ROOT}event/song", ("started", beat))
        case SongStopped(beat):
            yield Message(f"{ROOT}event/song", ("stopped", beat))
        case _:
            assert_never(occurrence)


DELAYS = f"{ROOT}state/delays"

Values: TypeAlias = Mapping[str, Arguments]
"""What is sent to whoever follows, by its address: what a fader or a lamp of that address shows."""


def shown_values(config: Config, state: State) -> Values:
    """Return the values of all settings that can change while it plays, and what it is doing."""
    settings = {
        address_of(schema()[name]): (shown(value),)
        for name, value in values_of(config).items()
        if schema()[name].live and not schema()[name].is_table
    }
    doing = {f"{ROOT}state/{name}": _flat(value) for name, value in msgspec.to_builtins(state).items()}
    return {**settings, **doing}


def _flat(value: object) -> Arguments:
    """Return a value of the state as arguments: none where there is none, and of delays the number and the
    99th percentile of each kind.
    """
    match value:
        case None:
            return ()
        case dict():
            return tuple(each for kind in value.values() for each in (kind["count"], kind["p99"]))
        case list() | tuple():
            return tuple(value)
        case bool() | int() | float() | str():
            return (shown(value),)
    raise TypeError(f"a state has no place for {value!r}")


def shown(value: Any) -> Argument:
    """Return a value as every program takes it; few know true and false."""
    return int(value) if isinstance(value, bool) else value
