"""Messages of a broker: commands, answers of others, and what time it is.

The first line of an input is the topic, below that of the daemon unless it begins with ``/``; the second says
what else came with it; then comes the payload.
"""

from collections.abc import Iterator

import msgspec

from antiphon.adapters.doors.mqtt.common_clock import CommonClock, Reading
from antiphon.adapters.doors.mqtt.door import may_be_replied_to
from antiphon.adapters.doors.mqtt.ensemble import Ensemble
from antiphon.adapters.doors.mqtt.inbox import SOURCE, Arrived, Asked, Inbox, Refused
from antiphon.adapters.doors.mqtt.outbox import Outbox
from antiphon.adapters.doors.mqtt.topics import topics_of
from antiphon.errors import RequestError
from antiphon.requests import Trigger
from default_config import loaded
from followed import follow
from target import Target, is_told

MQTT = msgspec.structs.replace(loaded().config.mqtt, host="broker", id="here", answers="*", conductor="there")
TOPICS = topics_of(MQTT, "host")
NOW = Reading(1000.0, 1.8e9)
ASKED = 999.5
"""When the conductor was asked the time."""


def examine(data: bytes) -> None:
    topic, _, rest = data.partition(b"\n")
    correlation, _, payload = rest.partition(b"\n")
    name = topic.decode(errors="replace")
    arrived = Arrived(
        name[1:] if name.startswith("/") else f"{TOPICS.base}/{name}",
        payload,
        correlation=correlation or None,
        reply_to=correlation.decode(errors="replace") or None,
    )
    _examine_command(arrived)
    if (answered := Ensemble(TOPICS, MQTT).taken_up(arrived)) is not None:
        follow(Trigger(phrase=answered.notes), SOURCE)
    clock = CommonClock(TOPICS, MQTT.conductor)
    clock.question(ASKED)
    if clock.concerns(arrived.topic):
        clock.take(arrived, NOW)
        clock.by_our_own(Trigger(at=NOW.wall + 1.0), NOW)


def _examine_command(arrived: Arrived) -> None:
    outbox = Outbox(TOPICS, with_notes=True)
    if arrived.reply_to is not None:
        may_be_replied_to(arrived.reply_to)
    inbox = Inbox()
    match inbox.open(arrived, NOW.clock):
        case Asked(command, request, id_):
            outbox.outcome(command, "", id_, None, arrived.correlation)
            follow(request, SOURCE)
        case Refused(command, error, id_):
            is_told(RequestError(error))
            outbox.outcome(command, error, id_, None, arrived.correlation)
            outbox.error(f"{command}: {error}")
    inbox.open(arrived, NOW.clock + 0.1)


def seeds() -> Iterator[bytes]:
    yield b'cmd/trigger\n\n{"phrase": [{"pitch": 60, "at": 0}], "seconds": 2, "seed": 1, "id": "a"}'
    yield b'cmd/trigger\n7\n{"file": "hello.mid", "at": 1800000001.5, "expires": 1800000009}'
    yield b'cmd/set\n\n{"play.temperature": 0.8, "guide.density": 4, "id": 7}'
    yield b"cmd/set/play/polyphony\nantiphon/back\n4"
    yield b"cmd/mode\n\nduet"
    yield b'cmd/mood\n\n{"value": "0.5,-0.3"}'
    yield b'cmd/hold\n\n{"on": false}'
    yield b'cmd/learn\n\n{"what": "play.temperature"}'
    yield b"cmd/panic\n\n"
    yield b'/antiphon/all/cmd/engine\n\n"markov"'
    yield b'/antiphon/there/event/answer\n\n{"notes": [{"pitch": 60, "at": 0}], "reason": "phrase ended"}'
    yield b'cmd/clock\n\n{"by": "them", "asked": 1.5}'
    yield b'/antiphon/there/clock/here\n\n{"asked": 999.5, "clock": 5.0, "wall": 1.8e9}'


TARGET = Target(examine, seeds, longest=1024)
