"""What a broker does to the music, which is nothing: player -> antiphon -> recorder over real JACK ports.

The broker dies, stands still, is cut off or floods the daemon in the middle of an answer. Each time the notes
arrive as they were due, none is stuck, and afterwards the daemon is found and steered as before.
"""

import asyncio
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from aiomqtt import MqttError

from fault_table import Fault
from faults_at_large import Tell, words_of
from jack_server import FRAMES_PER_CYCLE, SAMPLE_RATE, requires_jack
from jam_session import PATIENCE, Jam, jam, script
from mqtt_broker import Broker, free_port, requires_mosquitto, running_broker
from mqtt_visitor import visiting
from network_namespace import network_elsewhere

pytestmark = [requires_jack, requires_mosquitto]

HALL = "antiphon/hall"
PAUSE = 0.3
JACK_WAY = 3 * FRAMES_PER_CYCLE / SAMPLE_RATE
LATE = 0.010 + 2 * JACK_WAY
"""Seconds; of the median, as in other tests of jams."""

MANY_NOTES = (f"turn.shortest_pause={PAUSE}", f"turn.longest_pause={PAUSE}", "play.seed=1", "guide.density=8")
A_LONG_ANSWER = "play.seconds=6"

OVERHEARD = (script("overheard_daemon"),)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


@contextmanager
def jam_on_a_broker(
    folder: Path, port: int, *settings: str, host: str = "127.0.0.1", program: tuple[str, ...] = OVERHEARD
) -> Iterator[Jam]:
    on_the_broker = (f"mqtt.host={host}", f"mqtt.port={port}", "mqtt.id=hall", "mqtt.notes=true")
    with jam(folder / "recordings", *MANY_NOTES, *on_the_broker, *settings, program=program) as session:
        session.daemon.wait_for("on the MQTT broker")
        yield session


def assert_punctual(session: Jam) -> str:
    """End the daemon, and hold what arrived against what was due; return what that was."""
    session.until_quiet(0.3)
    assert session.sounding() == set()
    session.daemon.child.terminate()
    told = json.loads(session.daemon.wait_for('{"onsets"'))
    arrived = [(message.at, message.data[1]) for message in session.messages if message.is_onset]
    assert [pitch for _, pitch in arrived] == [pitch for _, pitch in told["onsets"]]
    late = [at - due for (at, _), (due, _) in zip(arrived, told["onsets"], strict=True)]
    assert min(late) >= 0.0
    assert statistics.median(late) <= LATE
    return (
        f"nothing: {len(late)} notes, half of them within {1000 * statistics.median(late):.1f} ms, "
        f"and {told['left_out']} left out"
    )


async def steered(port: int) -> None:
    """Change a setting, as often as it takes, and find state and availability to be right."""
    give_up_at = time.monotonic() + 2 * PATIENCE
    while True:
        try:
            async with visiting(port) as visitor, asyncio.timeout(2.0):
                await visitor.send(f"{HALL}/cmd/set/play/temperature", "0.75")
                while not (await visitor.outcome(f"{HALL}/event/command"))["ok"]:
                    pass  # one of a flood, or it is still on its way
                break
        except (MqttError, TimeoutError):
            assert time.monotonic() < give_up_at, "the daemon is not on the broker"
    async with visiting(port) as visitor:
        online = await visitor.until(f"{HALL}/availability", lambda payload: payload == b"online")
        assert online.retain
        state = json.loads(bytes((await visitor.until(f"{HALL}/state", is_as_set)).payload))
        assert (state["mode"], state["answering"], state["sounding"]) == ("answer", False, [])


def steered_after(broker: Broker) -> float:
    """Return how many seconds it takes until the daemon can be steered by the broker."""
    began = time.monotonic()
    asyncio.run(steered(broker.port))
    return time.monotonic() - began


def brief(line: str) -> str:
    """Return a line of the log without what only this run has in it."""
    return re.sub(r"(localhost|[\d.]+\d):\d+|(?<=port )\d+", "BROKER", words_of(line, Path("/nowhere")))


async def until_the_flood_is_over(port: int) -> None:
    """What the broker still has of it is delivered, and for a second nothing of it is followed."""
    async with visiting(port) as visitor:
        while True:
            try:
                async with asyncio.timeout(1.0):
                    await visitor.until(f"{HALL}/event/command")
            except TimeoutError:
                return


def is_as_set(payload: bytes) -> bool:
    state = json.loads(payload)
    return state["settings"]["play.temperature"] == 0.75 and not state["answering"]


def test_a_broker_that_is_killed_in_mid_answer(tmp_path: Path, broker: Broker, tell: Tell) -> None:
    with jam_on_a_broker(tmp_path, broker.port, A_LONG_ANSWER) as session:
        session.play_phrase()
        session.next_onset()
        broker.kill()
        trying = session.daemon.wait_for("trying again")
        broker.start()
        back = steered_after(broker)
        session.daemon.has_said("answered with")
        heard = assert_punctual(session)
    tell(Fault("the MQTT broker dies and comes back", "`SIGKILL` to mosquitto", heard, brief(trying), back))


def test_a_broker_that_stands_still(tmp_path: Path, broker: Broker, tell: Tell) -> None:
    """For longer than the daemon takes to notice, which here is soon."""
    with jam_on_a_broker(tmp_path, broker.port, A_LONG_ANSWER) as session:
        session.play_phrase()
        session.next_onset()
        broker.freeze()
        trying = session.daemon.wait_for("trying again")
        session.daemon.wait_for("answered with")
        broker.thaw()
        back = steered_after(broker)
        heard = assert_punctual(session)
    tell(Fault("the MQTT broker stands still", "`SIGSTOP` to mosquitto", heard, brief(trying), back))


@pytest.mark.long
def test_a_broker_that_stands_still_for_half_a_minute(tmp_path: Path, broker: Broker) -> None:
    """The daemon as it is run, which is patient for longer, and answers all the while."""
    program = ("-m", "antiphon.cli", "run")
    with jam_on_a_broker(tmp_path, broker.port, A_LONG_ANSWER, program=program) as session:
        session.play_phrase()
        session.next_onset()
        broker.freeze()
        thaw_at = time.monotonic() + 30.0
        while time.monotonic() < thaw_at:
            session.daemon.wait_for("answered with")
            decision = session.play_phrase() + PAUSE
            assert session.next_onset().at - decision <= 20 * LATE
        session.daemon.wait_for("answered with")
        broker.thaw()
        asyncio.run(steered(broker.port))
        session.until_quiet(0.3)
        assert session.sounding() == set()


def test_a_network_that_is_cut_and_mended(tmp_path: Path, tell: Tell) -> None:
    with network_elsewhere() as cable:
        port = free_port()
        here = (f"listener {port} {cable.address}", "allow_anonymous true")
        with running_broker(tmp_path, *here) as broker:
            program = (*cable.program, *OVERHEARD)
            with jam_on_a_broker(
                tmp_path, port, A_LONG_ANSWER, host=cable.address, program=program
            ) as session:
                session.play_phrase()
                session.next_onset()
                cable.cut()
                trying = session.daemon.wait_for("trying again")
                session.daemon.wait_for("answered with")
                cable.mend()
                back = steered_after(broker)
                heard = assert_punctual(session)
    tell(Fault("the network is cut and mended", "a link that is down", heard, brief(trying), back))


def test_a_flood(tmp_path: Path, broker: Broker, tell: Tell) -> None:
    with jam_on_a_broker(tmp_path, broker.port, A_LONG_ANSWER) as session:
        flood = [sys.executable, script("mqtt_flood"), str(broker.port), "hall"]
        with subprocess.Popen(flood, stdout=subprocess.PIPE) as flooding:
            try:
                assert flooding.stdout is not None
                assert flooding.stdout.readline() == b"flooding\n"
                session.play_phrase()
                refused = session.daemon.wait_for("refused what came by MQTT")
                session.daemon.wait_for("answered with")
            finally:
                flooding.kill()
        asyncio.run(until_the_flood_is_over(broker.port))
        asyncio.run(steered(broker.port))
        heard = assert_punctual(session)
    tell(Fault("a flood of commands comes by MQTT", "as fast as one program can send", heard, brief(refused)))
