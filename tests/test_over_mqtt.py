"""A daemon that plays over JACK and is steered by MQTT: the music is none the worse for its broker."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from jack_server import requires_jack, running_jack_server
from jam_session import Jam, jam
from mqtt_broker import Broker, requires_mosquitto, running_broker
from mqtt_visitor import Visitor, visiting

pytestmark = [requires_jack, requires_mosquitto, pytest.mark.usefixtures("jack_server")]

AVAILABILITY = "antiphon/hall/availability"
TRIGGER = "antiphon/hall/cmd/trigger"


@pytest.fixture
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


def settings(broker: Broker) -> list[str]:
    address = ["mqtt.host=127.0.0.1", f"mqtt.port={broker.port}", "mqtt.id=hall"]
    return [
        *address,
        "play.seed=1",
        "record.enabled=false",
        "turn.shortest_pause=0.3",
        "turn.longest_pause=0.3",
    ]


async def online(visitor: Visitor) -> None:
    await visitor.until(AVAILABILITY, lambda payload: payload == b"online")


def asked(broker: Broker, command: str, payload: object) -> None:
    """Have somebody connect, command something once the daemon is there, and wait until it is done."""

    async def visit() -> None:
        async with visiting(broker.port) as visitor:
            await online(visitor)
            await visitor.send(f"antiphon/hall/cmd/{command}", json.dumps(payload))
            outcome = await visitor.outcome("antiphon/hall/event/command")
            assert outcome["ok"], outcome

    asyncio.run(visit())


def taken_leave(session: Jam, broker: Broker) -> None:
    """End the daemon while somebody watches; it says that it goes, and has let go of everything."""

    async def visit() -> None:
        async with visiting(broker.port) as visitor:
            await online(visitor)
            session.daemon.child.send_signal(signal.SIGTERM)
            await visitor.until(AVAILABILITY, lambda payload: payload == b"offline")

    asyncio.run(visit())
    assert session.daemon.child.wait(10) == 0
    session.until_quiet()
    assert session.sounding() == set()


def test_it_plays_when_it_is_told_and_takes_leave(tmp_path: Path, broker: Broker) -> None:
    with jam(tmp_path, *settings(broker)) as session:
        asked(broker, "trigger", {"seconds": 20, "seed": 3})
        session.next_onset()
        taken_leave(session, broker)


def test_a_broker_that_dies_in_mid_answer_does_not_stop_it(tmp_path: Path, broker: Broker) -> None:
    with jam(tmp_path, *settings(broker)) as session:
        asked(broker, "trigger", {"seconds": 20})
        session.next_onset()
        broker.kill()
        session.daemon.wait_for("trying again until it works")
        session.next_onset()
        broker.start()
        asked(broker, "panic", {})
        session.until_quiet()
        assert session.sounding() == set()
        taken_leave(session, broker)


def test_a_broker_that_stands_still_at_the_end_does_not_hold_it_up(tmp_path: Path, broker: Broker) -> None:
    with jam(tmp_path, *settings(broker)) as session:
        asked(broker, "trigger", {"seconds": 20})
        session.next_onset()
        broker.freeze()
        session.daemon.child.send_signal(signal.SIGTERM)
        assert session.daemon.child.wait(10) == 0
        broker.thaw()
        session.until_quiet()
        assert session.sounding() == set()


def test_a_daemon_that_plays_is_examined_and_every_note_goes_on(tmp_path: Path, broker: Broker) -> None:
    async def visit() -> list[dict[str, str]]:
        async with visiting(broker.port) as visitor:
            await online(visitor)
            await visitor.send("antiphon/hall/cmd/doctor")
            found = await visitor.outcome("antiphon/hall/event/doctor")
            return list(found["findings"])

    with jam(tmp_path, *settings(broker)) as session:
        asked(broker, "trigger", {"seconds": 30, "seed": 3})
        session.next_onset()
        found = {finding["name"]: finding for finding in asyncio.run(visit())}
        assert found["MQTT"]["verdict"] == found["MIDI"]["verdict"] == "good"
        assert found["engine"]["value"].startswith("lstm plays default")
        session.next_onset()
        taken_leave(session, broker)


def test_engines_change_in_mid_answer_and_every_note_ends(tmp_path: Path, broker: Broker) -> None:
    """Each takes over where the one before it was, and none of them leaves a note behind."""
    with jam(tmp_path, *settings(broker)) as session:
        asked(broker, "trigger", {"seconds": 60, "seed": 3})
        for engine in ("markov", "char-lstm", "rbm", "blend", "lstm"):
            session.next_onset()
            asked(broker, "engine", engine)
            session.daemon.wait_for("settings changed by MQTT: engine.kind")
            session.next_onset()
        taken_leave(session, broker)


def test_an_engine_that_cannot_play_leaves_the_music_as_it_is(tmp_path: Path, broker: Broker) -> None:
    with jam(tmp_path, *settings(broker)) as session:
        asked(broker, "trigger", {"seconds": 30, "seed": 3})
        session.next_onset()
        asked(broker, "set", {"engine.understudy": "nobody"})
        session.daemon.wait_for("what MQTT asked for cannot be: engine.understudy is")
        session.next_onset()
        taken_leave(session, broker)
