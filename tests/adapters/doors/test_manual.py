"""The page of all topics and addresses: what it says is what the doors do."""

import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path

from antiphon.adapters.broadcast import (
    ChangeFailed,
    Examined,
    Heard,
    News,
    PortFound,
    PortLost,
    Sent,
    SettingsFollowed,
)
from antiphon.adapters.doors import manual
from antiphon.adapters.doors.mqtt.ensemble import Ensemble
from antiphon.adapters.doors.mqtt.inbox import meant
from antiphon.adapters.doors.mqtt.outbox import Outbox
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.adapters.doors.osc.addresses import ROOT, SENT, addresses, messages_of
from antiphon.adapters.punctuality import Punctuality
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
from antiphon.core.events import KeyPressed
from antiphon.core.units import Pitch, Velocity
from antiphon.findings import Finding
from default_config import loaded

PROJECT = Path(__file__).resolve().parents[3]

OCCURRENCES: tuple[Occurrence, ...] = (
    TurnTaken(5, 1.8),
    TurnGivenBack("phrase ended", 4, 2.0),
    OnsetsDropped(1, 0.1),
    CueDropped(),
    PedalHeld(),
    PlayerCame(),
    PlayerLeft(60.0),
    KeysHeld(1),
    HeldLong(),
    ClockCame(120.0),
    ClockWent(),
    SongStarted(0.0),
    SongStopped(4.0),
)


def everything_that_happens() -> Iterator[News]:
    yield Heard(KeyPressed(Pitch(60), Velocity(80)), 1.0, 1.0)
    yield Sent(PlayNote(1.0, Pitch(60), Velocity(80)), 1.0)
    yield Sent(ReleaseNote(1.5, Pitch(60)), 1.5)
    for occurrence in OCCURRENCES:
        yield Sent(Publish(2.0, occurrence), 2.0)
    yield SettingsFollowed({"play.temperature": 0.8}, (), "a test")
    yield ChangeFailed("there is no such engine", "a test")
    yield PortLost("in", "Keystation")
    yield PortFound("in", "Keystation")
    yield Examined((Finding("heat", "good", "40 °C"),))


def test_the_page_is_what_the_code_says() -> None:
    page = (PROJECT / "docs" / "topics.md").read_text(encoding="utf-8")
    assert page == manual.page() + "\n", "run `make docs`"


def test_everything_that_happens_is_tried_here() -> None:
    assert {type(occurrence) for occurrence in OCCURRENCES} == {*typing.get_args(Occurrence)}
    assert {type(news) for news in everything_that_happens()} == {*typing.get_args(News)}


def test_every_event_of_mqtt_is_described_with_its_fields() -> None:
    topics = Topics("ID")
    outbox = Outbox(topics, with_notes=True)
    ensemble = Ensemble(topics, loaded("mqtt.notes=true").config.mqtt)
    told = [message for news in everything_that_happens() for message in outbox.messages(news)]
    told += [message for news in everything_that_happens() if (message := ensemble.hear(news))]
    apart = [outbox.latency(Punctuality().delays()), outbox.outcome("trigger")]
    told = [message for message in told if message.topic != topics.error]
    names = {message.topic.removeprefix(topics.event("")) for message in [*told, *apart]}
    assert names | {"model"} == manual.EVENTS.keys()
    for message in told:
        for field in json.loads(message.payload):
            assert f"`{field}`" in manual.EVENTS[message.topic.removeprefix(topics.event(""))], message


def test_every_message_of_osc_is_described() -> None:
    sent = {
        message.address.removeprefix(ROOT)
        for news in everything_that_happens()
        for message in messages_of(news, with_notes=True)
    }
    assert sent | {"state/…", "ok", "error"} == manual.ADDRESSES.keys()
    assert all(f"{ROOT}{name}".startswith(SENT) for name in manual.ADDRESSES)


def test_every_command_on_the_page_is_understood_by_both_doors() -> None:
    rows = re.findall(r"\| `cmd/([\w/]+)` \| `([\w/]+)` \|", manual.page())
    assert len(rows) > 20
    for command, address in rows:
        values = {"value": None} if command.count("/") or command in ("mode", "engine", "mood") else {}
        needed: dict[str, dict[str, object]] = {
            "set": {"settings": {}},
            "learn": {"what": "hold"},
            "unlearn": {"what": "hold"},
        }
        meant(command, needed.get(command, values))
        assert address in addresses()
