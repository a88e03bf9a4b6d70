"""Packets of Open Sound Control 1.0, from bytes and to bytes, with bounds to all that others may send.

Messages are read and written by python-osc. Bundles are taken apart here: python-osc goes round for ever in
one that names a negative size, and as deep as one is nested. This module does not know what an address means.
"""

from collections.abc import Iterator

from msgspec import Struct
from pythonosc import osc_message
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing import osc_types

from antiphon.adapters.doors.osc.messages import Message
from antiphon.core.units import Seconds
from antiphon.errors import RequestError, legible

LARGEST_PACKET = 4096
"""Bytes of a packet; to read one takes the loop about a millisecond at most."""

MOST_MESSAGES = 64
"""Messages in a bundle, together with those of the bundles in it."""

DEEPEST = 8
"""Bundles within each other."""

BUNDLE = b"#bundle\x00"

TYPES = frozenset("ihfdsTFN")
"""Types of arguments that are understood: numbers, text, true, false and nil."""

ERA: Seconds = 2.0**32
"""After so many seconds the clock of time tags begins anew; in 2036 for the first time."""


class Timed(Struct, frozen=True):
    """A message, and the moment that its bundle asks for, in seconds since 1970; None is at once."""

    message: Message
    at: Seconds | None


def messages_in(packet: bytes, now: Seconds) -> list[Timed]:
    """Return the messages of a packet in their order.

    Args:
        packet: as it came.
        now: seconds since 1970, which say what era the time tags are of.

    Raises:
        RequestError: it is too large, or not a packet of OSC.
    """
    if len(packet) > LARGEST_PACKET:
        raise RequestError(f"a packet of {len(packet)} bytes is too large; {LARGEST_PACKET} is the most")
    messages: list[Timed] = []
    for timed in _contents(packet, None, now, DEEPEST):
        if len(messages) == MOST_MESSAGES:
            raise RequestError(f"a bundle has too many messages; {MOST_MESSAGES} is the most")
        messages.append(timed)
    return messages


def packet_of(message: Message) -> bytes:
    """Return a message as it is sent."""
    builder = OscMessageBuilder(message.address)
    for argument in message.arguments:
        builder.add_arg(argument)
    return builder.build().dgram


def _contents(packet: bytes, at: Seconds | None, now: Seconds, depth: int) -> Iterator[Timed]:
    if packet.startswith(b"/"):
        yield Timed(_message_in(packet), at)
    elif not packet.startswith(BUNDLE) or len(packet) < 16:
        raise RequestError("this packet is neither a message nor a bundle of OSC")
    elif not depth:
        raise RequestError(f"bundles are nested too deeply; {DEEPEST} within each other is the most")
    else:
        own = _moment_of(packet[8:16], now)
        moments = [each for each in (at, own) if each is not None]
        for element in _elements(packet):
            # What is in a bundle is never due before the bundle.
            yield from _contents(element, max(moments, default=None), now, depth - 1)


def _elements(bundle: bytes) -> Iterator[bytes]:
    start = 16
    while start < len(bundle):
        size = int.from_bytes(bundle[start : start + 4], "big")
        start += 4 + size
        if not size or start > len(bundle):
            raise RequestError("a bundle ends in the middle of a message")
        yield bundle[start - size : start]


def _moment_of(tag: bytes, now: Seconds) -> Seconds | None:
    if int.from_bytes(tag, "big") <= 1:
        return None
    at, _ = osc_types.get_date(tag, 0)
    return at + round((now - at) / ERA) * ERA


def _message_in(packet: bytes) -> Message:
    try:
        address, types_at = osc_types.get_string(packet, 0)
        types = osc_types.get_string(packet, types_at)[0] if packet[types_at:] else ","
        if not_understood := set(types[1:]) - TYPES:
            named = ", ".join(sorted(map(repr, not_understood)))[:60]
            raise RequestError(
                f"{legible(address[:60])} has arguments of a type that is not understood: {named}"
            )
        return Message(address, tuple(osc_message.OscMessage(packet)))
    except (osc_types.ParseError, osc_message.ParseError, UnicodeDecodeError) as error:
        raise RequestError("a message of OSC is cut off or garbled") from error
