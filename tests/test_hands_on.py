"""Knobs, pedals and lights at a daemon that plays over JACK: a keyboard, and a box of knobs beside it."""

import asyncio
import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from jack_server import requires_jack, running_jack_server
from jam_session import Jam, Process, jam, script
from missing import MQTT
from mqtt_broker import Broker, requires_mosquitto, running_broker

pytestmark = [requires_jack, pytest.mark.usefixtures("jack_server")]

ON, OFF, CC = 0x90, 0x80, 0xB0

BINDINGS = {"cc 20": "play.temperature", "cc 67": "hold", "note 21": "panic"}

SETTINGS = (
    "turn.shortest_pause=0.3",
    "turn.longest_pause=0.3",
    "play.seed=1",
    "play.seconds=20",
    "play.thru=true",
)


@pytest.fixture
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


def in_toml(bindings: dict[str, str]) -> str:
    return "\n".join(
        ["[controls.bindings]", *(f'"{source}" = "{what}"' for source, what in bindings.items()), ""]
    )


@contextmanager
def box() -> Iterator[tuple[Process, Process]]:
    """Plug in a box of knobs, and what sees its lights."""
    with ExitStack() as stack:

        def plugged(name: str, program: str) -> Process:
            process = Process(script(program), "--name", name)
            stack.callback(process.end)
            process.wait_for("ready")
            return process

        yield plugged("knobs", "midi_player"), plugged("lights", "midi_recorder")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Jam]:
    file = tmp_path / "mine.toml"
    file.write_text(in_toml(BINDINGS))
    with jam(tmp_path, *SETTINGS, config_file=file) as started:
        yield started


def test_a_knob_moves_a_setting_and_is_not_passed_through(session: Jam) -> None:
    session.play((0.0, (CC, 20, 127)))
    session.daemon.wait_for("settings changed by a control: play.temperature")
    session.play((0.0, (CC, 21, 5)))
    assert session.next_message().data == (CC, 21, 5)


def test_a_key_that_is_bound_is_no_key_and_silences_everything(session: Jam) -> None:
    session.play((0.0, (ON, 21, 90)), (0.05, (OFF, 21, 0)))
    session.play_phrase()
    session.daemon.wait_for("answering")
    session.play((0.5, (ON, 21, 90)), (0.0, (OFF, 21, 0)))
    session.daemon.wait_for("(silenced)")
    session.until_quiet()
    assert session.sounding() == set()
    assert all(message.data[1] != 21 for message in session.messages if message.is_onset)


def test_a_tap_on_the_pedal_ends_the_answer(session: Jam) -> None:
    session.play_phrase()
    session.daemon.wait_for("answering")
    session.play((0.5, (CC, 67, 127)), (0.05, (CC, 67, 0)))
    session.daemon.wait_for("answered with")
    session.until_quiet()
    assert session.sounding() == set()


def test_lights_follow_a_file_that_is_read_again(session: Jam, tmp_path: Path) -> None:
    session.daemon.end()
    with box() as (knobs, lights):
        file = tmp_path / "mine.toml"
        file.write_text(in_toml(BINDINGS) + "[play]\ntemperature = 1.0\n")
        with jam(
            tmp_path, "controls.in=knobs*", "controls.feedback=lights*", config_file=file, place="second-"
        ) as second:
            lights.wait_for(json.dumps([CC, 20, 64]))
            knobs.say(json.dumps({"at": 0.0, "bytes": [CC, 20, 100]}))
            second.daemon.wait_for("settings changed by a control: play.temperature")
            file.write_text(in_toml({"cc 21": "play.temperature"}) + "[play]\ntemperature = 2.0\n")
            second.daemon.child.send_signal(signal.SIGHUP)
            lights.wait_for(json.dumps([CC, 21, 127]))


def test_a_slow_piano_is_silent_at_once_when_a_key_is_touched(tmp_path: Path) -> None:
    slow = ("actuator.latency='1:150 127:0'", "actuator.release=40")
    with jam(tmp_path, *SETTINGS, *slow) as session:
        for _ in range(3):
            session.play_phrase()
            session.daemon.wait_for("answering")
            session.interrupt(wait=0.6)
            session.daemon.wait_for("interrupted")
            session.until_quiet()
            assert session.sounding() == {(0, 40)}, "nothing but the key that is held, passed through"
            session.let_go()
        assert any(message.is_onset for message in session.messages)


@requires_mosquitto
def test_a_light_follows_a_change_over_mqtt_and_learns_over_it(tmp_path: Path) -> None:
    pytest.importorskip("aiomqtt", reason=MQTT)
    with running_broker(tmp_path) as broker, box() as (knobs, lights):
        door = ("mqtt.host=127.0.0.1", f"mqtt.port={broker.port}", "mqtt.id=hall")
        table = '{"cc 20" = "play.temperature"}'
        ports = (f"controls.bindings={table}", "controls.in=knobs*", "controls.feedback=lights*")
        with jam(tmp_path, *door, *ports) as session:
            asked(broker, "set/play/temperature", "2.0")
            lights.wait_for(json.dumps([CC, 20, 127]))
            asked(broker, "learn", json.dumps({"what": "guide.lock"}))
            for value in (3, 4):
                knobs.say(json.dumps({"at": 0.0, "bytes": [CC, 74, value]}))
            session.daemon.wait_for('learnt: "cc 74 ch 1" is guide.lock')
            asked(broker, "set/guide/lock", "1.0")
            lights.wait_for(json.dumps([CC, 74, 127]))


def asked(broker: Broker, command: str, payload: str) -> None:
    """Have somebody connect, command something once the daemon is there, and wait until it is done."""
    from mqtt_visitor import visiting  # here, where it is known that it can be

    async def visit() -> None:
        async with visiting(broker.port) as visitor:
            await visitor.until_online("hall")
            await visitor.send(f"antiphon/hall/cmd/{command}", payload)
            outcome = await visitor.outcome("antiphon/hall/event/command")
            assert outcome["ok"], outcome

    asyncio.run(visit())
