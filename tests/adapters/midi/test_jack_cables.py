"""Cables of JACK: what becomes of them when a server ends or stands still, or a program is killed."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from antiphon.adapters.broadcast import PortFound
from antiphon.adapters.midi.jack_cables import JackCables
from antiphon.core.commands import PlayNote
from antiphon.core.events import Event, InputLost, OutputLost
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import PortError
from jack_instruments import cable, keyboard, synth
from jack_server import JackServer, requires_jack, running_jack_server
from jam_session import Process, script
from port_listener import Listener, open_ports

pytestmark = requires_jack

PLAY = PlayNote(0.0, Pitch(60), Velocity(100))
MORE_THAN_FIT_INTO_THE_RING = 5000


@pytest.fixture
def server() -> Iterator[JackServer]:
    with running_jack_server() as running:
        yield running


def test_a_thread_that_tells_of_the_end_of_its_server_is_not_killed_in_python(server: JackServer) -> None:
    told, opened, ended = threading.Event(), threading.Event(), threading.Event()

    def tell() -> None:
        told.set()
        opened.wait(5)
        time.sleep(0.05)  # is long enough to be killed in, and whoever is not killed ends all the same
        ended.set()

    JackCables(tell)
    server.kill()
    assert told.wait(5)
    opened.set()
    with pytest.raises(PortError, match="no JACK server"):
        JackCables(lambda: None)
    assert ended.is_set()


async def lost_while_it_sends(mistreat: Callable[[], None]) -> list[Event]:
    """Send a lot to a server after something was done to it, and return what is told of that."""
    listener = Listener()
    ports = open_ports(listener)
    mistreat()
    for _ in range(MORE_THAN_FIT_INTO_THE_RING):
        ports.send(PLAY)
    await listener.wait_until(lambda: len(listener.lost) == 2)
    ports.tend()
    assert ports.lost == {"in", "out"}
    ports.drain()
    ports.close()
    return listener.lost


def test_a_dead_server_is_noticed_and_blocks_nothing(
    server: JackServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    assert set(asyncio.run(lost_while_it_sends(server.kill))) == {InputLost(), OutputLost()}
    warnings = [record.message for record in caplog.records if record.levelno > logging.INFO]
    assert warnings == ["the MIDI system jack has stopped; waiting for it to come back"]
    assert capfd.readouterr().err == ""


def test_ports_open_again_on_a_new_server(server: JackServer) -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener)
        server.kill()
        await listener.wait_until(lambda: len(listener.lost) == 2)
        ports.tend()
        server.start()
        ports.tend()
        assert not ports.lost
        with keyboard("player") as player, synth("recorder") as recorder:
            cable(player.port_name, "antiphon:in")
            cable("antiphon:out", recorder.port_name)
            player.play(0x90, 60, 100)
            ports.send(PLAY)
            recorder.wait_for(1)
            await listener.wait_until(lambda: bool(listener.heard))
            ports.close()
        return listener

    assert len(asyncio.run(main()).lost) == 2


def test_a_frozen_server_is_noticed_when_something_is_sent(server: JackServer) -> None:
    assert set(asyncio.run(lost_while_it_sends(server.freeze))) == {InputLost(), OutputLost()}


def test_a_frozen_server_is_noticed_when_nothing_is_sent_and_used_again_when_it_moves(
    server: JackServer,
) -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener)
        ports.tend()
        server.freeze()
        await asyncio.sleep(0.02)
        ports.tend()
        ports.tend()
        assert ports.lost == {"in", "out"}
        server.thaw()
        await asyncio.sleep(0.02)
        ports.tend()
        assert not ports.lost
        with synth("recorder") as recorder:
            cable("antiphon:out", recorder.port_name)
            ports.send(PLAY)
            recorder.wait_for(1)
            ports.close()
        return listener

    assert len(asyncio.run(main()).lost) == 2


def test_a_keyboard_whose_program_was_killed_is_not_back_while_the_server_still_has_its_port(
    server: JackServer,
) -> None:
    async def main() -> Listener:
        listener = Listener()
        player = Process(script("midi_player"), "--name", "Keystation")
        player.wait_for("ready")
        ports = open_ports(listener)
        player.kill()
        await listener.wait_until(lambda: bool(listener.lost))
        ports.tend()
        assert "in" in ports.lost
        ports.close()
        player.end()
        return listener

    assert PortFound("in", "Keystation:out") not in asyncio.run(main()).told
