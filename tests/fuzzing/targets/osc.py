"""Packets of Open Sound Control."""

from collections.abc import Iterator
from itertools import chain

from antiphon.adapters.doors.osc.addresses import SOURCE, ShowState, Subscribe, asked_in, failed, succeeded
from antiphon.adapters.doors.osc.messages import Message
from antiphon.adapters.doors.osc.packets import BUNDLE, LARGEST_PACKET, messages_in, packet_of
from antiphon.adapters.doors.osc.service import weight_of
from antiphon.errors import RequestError
from followed import follow
from target import Target, is_told

NOW = 1.8e9
MOST_FOLLOWED = 4
"""Messages of a packet that are followed; each is an improviser's eight seconds."""


def examine(data: bytes) -> None:
    try:
        messages = messages_in(data, NOW)
    except RequestError as error:
        _answer(error)
        return
    for number, timed in enumerate(messages):
        try:
            asked = asked_in(timed.message)
        except RequestError as error:
            _answer(error)
            continue
        packet_of(succeeded(timed.message))
        if asked is not None:
            weight_of(asked)
        if asked is not None and not isinstance(asked, Subscribe | ShowState) and number < MOST_FOLLOWED:
            follow(asked, SOURCE)


def _answer(error: RequestError) -> None:
    is_told(error)
    packet_of(failed(error))


def seeds() -> Iterator[bytes]:
    messages = [
        packet_of(Message("/antiphon/trigger", ("seconds", 2, "phrase", 60, 0.0, 0.5, 80))),
        packet_of(Message("/antiphon/trigger", (1.0,))),
        packet_of(Message("/antiphon/play/temperature", (0.8,))),
        packet_of(Message("/antiphon/set", ("play.mode", "duet", "guide.density", 4.0))),
        packet_of(Message("/antiphon/mood", (0.5, -0.3))),
        packet_of(Message("/antiphon/hold", (0,))),
        packet_of(Message("/antiphon/subscribe", (9001,))),
        packet_of(Message("/antiphon/play/thru", (True,))),
        packet_of(Message("/antiphon/state", (None,))),
        packet_of(Message("/antiphon/learn", ("what", "play.temperature"))),
    ]
    yield from messages
    yield _bundle(bytes(7) + b"\1", messages[:2])
    yield _bundle(bytes.fromhex("d3c5b5c000000000"), [_bundle(bytes(8), messages[2:4])])


def _bundle(tag: bytes, elements: list[bytes]) -> bytes:
    return (
        BUNDLE
        + tag
        + b"".join(chain.from_iterable((len(each).to_bytes(4, "big"), each) for each in elements))
    )


TARGET = Target(examine, seeds, longest=LARGEST_PACKET)
