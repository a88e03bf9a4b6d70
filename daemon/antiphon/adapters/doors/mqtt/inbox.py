"""What comes in by MQTT, made into requests: bounded, checked, each once, and not too many.

It does no I/O and reads no clock, and does not know who carries a request out.
"""

from collections import OrderedDict
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from antiphon.adapters.doors.allowance import Allowance
from antiphon.adapters.doors.mqtt.topics import command_in
from antiphon.core.units import Seconds
from antiphon.errors import RequestError, legible, reason_of
from antiphon.mistakes import shown
from antiphon.requests import SHORT_FOR, Change, Request, request_of
from antiphon.schema import schema

SOURCE = "MQTT"

MOST_BYTES = 131_072
"""Of a payload; the longest phrase takes about half of it."""

PER_SECOND = 50
"""Commands that are followed in a second; what comes beyond that is dropped."""

REMEMBERED: Seconds = 60.0
"""How long a command is known again by its id."""

MOST_REMEMBERED = 1024

LONGEST_ID = 128


class Arrived(Struct, frozen=True):
    """A message as the broker delivered it.

    Attributes:
        retained: whether the broker had kept it from earlier.
        correlation: what the sender recognises the outcome by (MQTT 5).
        reply_to: where the sender expects the outcome (MQTT 5); None leaves it to us.
    """

    topic: str
    payload: bytes
    retained: bool = False
    correlation: bytes | None = None
    reply_to: str | None = None


class Asked(Struct, frozen=True):
    """A request that somebody sent; ``id`` is what they call it, where they call it something."""

    command: str
    request: Request
    id: str | int | None = None


class Refused(Struct, frozen=True):
    """A message that is no request, and why not, in a sentence."""

    command: str
    error: str
    id: str | int | None = None


class Inbox:
    """Opens one message after the other."""

    def __init__(self) -> None:
        self._allowance = Allowance(PER_SECOND)
        self._known: OrderedDict[object, Seconds] = OrderedDict()

    def open(self, arrived: Arrived, now: Seconds) -> Asked | Refused | None:
        """Return what a message asks for.

        It is None for what is passed over in silence: a message that the broker had kept, one that has been
        here before, and one of a flood that has been told of already.
        """
        command = command_in(arrived.topic)
        if command is None or arrived.retained:
            return None
        if (verdict := self._allowance.verdict(1.0, now)) != "listen":
            error = f"there are more than {PER_SECOND} commands a second; some are dropped"
            return Refused(shortened(command), error) if verdict == "say that it is too much" else None
        try:
            values = read(command, arrived.payload)
            id_ = taken_id(values)
        except RequestError as error:
            return Refused(shortened(command), str(error))
        if self._was_here(command, id_, arrived, now):
            return None
        try:
            return Asked(command, meant(command, values), id_)
        except RequestError as error:
            return Refused(shortened(command), str(error), id_)

    def _was_here(self, command: str, id_: str | int | None, arrived: Arrived, now: Seconds) -> bool:
        """Whether this very command came before; a sender that missed the acknowledgement sends it again."""
        while self._known and next(iter(self._known.values())) < now - REMEMBERED:
            self._known.popitem(last=False)
        if id_ is None and arrived.correlation is None:
            return False
        key = (command, id_) if id_ is not None else (command, arrived.correlation, arrived.payload)
        if key in self._known:
            return True
        self._known[key] = now
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return False


def read(command: str, payload: bytes) -> dict[str, object]:
    """Return what a payload holds by names; a single value, plain or as JSON, is called ``value``.

    Raises:
        RequestError: it is too long, is not UTF-8, or is neither JSON nor plain where it may be plain.
    """
    if len(payload) > MOST_BYTES:
        raise RequestError(f"a payload of {len(payload)} bytes is too long; {MOST_BYTES} is the most")
    try:
        text = payload.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise RequestError(f"byte {error.start + 1} of the payload is not UTF-8") from error
    setting = setting_in(command)
    if not text and not setting:
        return {}
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        if setting and len(text) <= 1024:
            return {"value": text}
        raise RequestError(f"the payload is not JSON: {reason_of(error)[:200]}") from error
    if isinstance(value, dict):
        return value
    if not setting:
        raise RequestError(f"the payload is {shown(value)}, but must be a JSON object, or nothing")
    # What is called 1 or true is meant as a name where a name is expected.
    takes_text = setting in schema() and schema()[setting].kind is str
    return {"value": text if takes_text and not isinstance(value, str) else value}


def taken_id(values: dict[str, object]) -> str | int | None:
    """Take away what the sender calls a command, if anything."""
    id_ = values.pop("id", None)
    if id_ is None or (isinstance(id_, str | int) and len(str(id_)) <= LONGEST_ID):
        return id_
    raise RequestError(f"id is {shown(id_)}, but must be a text or a number, of {LONGEST_ID} letters at most")


def meant(command: str, values: Mapping[str, object]) -> Request:
    """Return the request that a command stands for.

    Raises:
        RequestError: there is no such command, or what came with it is wrong.
    """
    setting = setting_in(command)
    if setting:
        if values.keys() != {"value"}:
            raise RequestError(f"{shortened(command)} takes one value, plain, as JSON, or as its field value")
        return Change({setting: values["value"]})
    if command == "set":
        return Change(dict(values))
    return request_of(command, values, SOURCE)


def setting_in(command: str) -> str:
    """Return the full name of the setting that a command gives one value to; empty where it does not."""
    first, *names = command.split("/")
    if first == "set" and names:
        return ".".join(names)
    return "" if names else SHORT_FOR.get(first, "")


def shortened(command: str) -> str:
    text = legible(command)
    return text if len(text) <= 100 else f"{text[:97]}..."
