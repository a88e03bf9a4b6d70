"""The door of OSC is kept open, and never ends the music."""

import asyncio
import itertools
import logging
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from default_config import loaded
from desk_scene import Scene
from jack_server import requires_jack, running_jack_server
from jam_session import jam
from log_lines import log_lines
from missing import OSC

pytest.importorskip("pythonosc", reason=OSC)

from antiphon.adapters.doors.osc.door import LONGEST_WAIT, back_off, serve
from osc_peer import DEADLINE, LOOPBACK, free_port, osc_peer


@pytest.fixture
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


def test_it_waits_longer_and_longer_but_never_too_long() -> None:
    assert [*itertools.islice(back_off(), 8)] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_WAIT, LONGEST_WAIT]


def test_settings_that_cannot_be_are_told_and_it_stays_off(caplog: pytest.LogCaptureFixture) -> None:
    async def session() -> None:
        scene = Scene(loaded("osc.port=9", "osc.address=0.0.0.0"))
        await asyncio.wait_for(serve(scene.desk.loaded.config, scene.desk), DEADLINE)
        scene.close()

    asyncio.run(session())
    [line] = caplog.messages
    assert line.startswith("OSC stays off: osc.address 0.0.0.0 can be reached from elsewhere")


def test_a_port_that_is_taken_is_told_once_and_opened_when_it_is_free(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def session() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind((LOOPBACK, 0))
            port = other.getsockname()[1]
            scene = Scene(loaded(f"osc.port={port}"))
            async with log_lines() as lines:
                door = asyncio.create_task(serve(scene.desk.loaded.config, scene.desk))
                await lines.until("cannot be opened")
        async with osc_peer(port) as peer, asyncio.timeout(DEADLINE):
            while not peer.left():
                peer.send("/antiphon/panic")
                await asyncio.sleep(0.05)
        door.cancel()
        await asyncio.wait([door])
        scene.close()

    caplog.set_level(logging.INFO)
    asyncio.run(session())
    taken, opened = caplog.messages
    assert "cannot be opened: another program has it" in taken
    assert opened.startswith("OSC is open at port ")


@requires_jack
@pytest.mark.usefixtures("jack_server")
def test_a_daemon_is_triggered_and_ended_over_osc_and_shuts_the_door(tmp_path: Path) -> None:
    port = free_port()

    async def trigger() -> None:
        async with osc_peer(port) as peer:
            peer.send("/antiphon/subscribe")
            assert await peer.until("/antiphon/state/input") == ("player:out",)
            peer.send("/antiphon/trigger", "phrase", 60, 0.0, 0.5, 80, 64, 0.5, 0.5, 80, "seconds", 20.0)
            assert await peer.until("/antiphon/ok") == ("trigger",)
            pitch, velocity, _, part = await peer.until("/antiphon/note")
            assert (0 <= pitch <= 127, velocity > 0, part) == (True, True, "it")

    with jam(tmp_path, f"osc.port={port}", "osc.notes=true", "record.enabled=false") as session:
        session.daemon.wait_for(f"OSC is open at port {port} of 127.0.0.1")
        asyncio.run(trigger())
        session.next_onset()

        async def panic() -> None:
            async with osc_peer(port) as peer:
                peer.send("/antiphon/panic")
                assert await peer.until("/antiphon/ok") == ("panic",)

        asyncio.run(panic())
        session.until_quiet(0.3)
        assert session.sounding() == set()
        session.daemon.child.send_signal(signal.SIGTERM)
        assert session.daemon.child.wait(10) == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.bind((LOOPBACK, port))


def test_it_is_off_unless_told_otherwise() -> None:
    assert (loaded().config.osc.port, loaded().config.osc.address) == (0, "127.0.0.1")
