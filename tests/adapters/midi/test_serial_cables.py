"""Serial lines as ports of the daemon, alone and beside those of a MIDI system."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.adapters.broadcast import PortFound, PortLost
from antiphon.adapters.midi.panic import panic
from antiphon.adapters.midi.port_names import choose
from antiphon.adapters.midi.serial_cables import serial_names
from antiphon.adapters.midi.system import list_all_ports, needed_system
from antiphon.adapters.midi.wire import panic_messages, silencing_messages
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import ClockTicked, InputLost, KeyPressed, KeyReleased, OutputLost
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import PortError
from jack_instruments import keyboard, synth
from jack_server import requires_jack, running_jack_server
from midi_libraries import requires_alsa_library
from missing import SERIAL
from port_listener import Listener, open_ports, wishes
from serial_pair import SerialPair

pytest.importorskip("serial", reason=SERIAL)

MIDDLE_C = Pitch(60)
PLAY = PlayNote(0.0, MIDDLE_C, Velocity(100))
SILENCE = b"".join(silencing_messages(1))


@pytest.fixture
def keys(tmp_path: Path) -> SerialPair:
    return SerialPair(tmp_path / "ttyAMA0")


@pytest.fixture
def piano(tmp_path: Path) -> SerialPair:
    return SerialPair(tmp_path / "ttyUSB0")


@requires_alsa_library
def test_two_serial_lines_need_no_midi_system(keys: SerialPair, piano: SerialPair) -> None:
    midi = wishes(in_=keys.name, out=piano.name)
    assert needed_system(midi) == "serial"

    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener, midi)
        assert (ports.input_name, ports.output_name) == (keys.name, piano.name)
        keys.send(b"\x90\x3c\x40\xf8\x3c\x00")
        await listener.wait_until(lambda: len(listener.heard) == 3)
        ports.send(PLAY)
        ports.drain()
        ports.close()
        return listener

    began = time.monotonic()
    heard = asyncio.run(main()).heard
    assert [event for event, _ in heard] == [
        KeyPressed(MIDDLE_C, Velocity(64)),
        ClockTicked(),
        KeyReleased(MIDDLE_C),
    ]
    assert all(began < at < time.monotonic() for _, at in heard)
    assert piano.receive(3) == b"\x90\x3c\x64"


@requires_alsa_library
def test_one_line_may_be_both_heard_and_played(keys: SerialPair) -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener, wishes(in_=keys.name, out=keys.name))
        keys.send(b"\x90\x3c\x40")
        await listener.wait_until(lambda: len(listener.heard) == 1)
        ports.send(PLAY)
        ports.drain()
        ports.close()
        return listener

    asyncio.run(main())
    assert keys.receive(3) == b"\x90\x3c\x64"


@requires_alsa_library
def test_a_line_that_is_unplugged_is_taken_again_and_the_other_is_unharmed(
    keys: SerialPair, piano: SerialPair
) -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener, wishes(in_=keys.name, out=piano.name))
        keys.send(b"\x90\x3c\x40")
        await listener.wait_until(lambda: len(listener.heard) == 1)
        keys.unplug()
        await listener.wait_until(lambda: listener.lost == [InputLost()])
        assert ports.lost == {"in"}
        ports.tend()
        ports.send(PLAY)
        ports.drain()
        assert piano.receive(3) == b"\x90\x3c\x64"
        keys.plug_in()
        ports.tend()
        assert ports.lost == frozenset()
        keys.send(b"\x90\x3e\x40")
        await listener.wait_until(lambda: len(listener.heard) == 2)
        ports.close()
        return listener

    listener = asyncio.run(main())
    assert listener.lost == [InputLost()]
    assert listener.told == [PortLost("in", keys.name), PortFound("in", keys.name)]


@requires_alsa_library
def test_an_instrument_that_is_back_is_silenced_first(keys: SerialPair, piano: SerialPair) -> None:
    async def main() -> Listener:
        listener = Listener()
        ports = open_ports(listener, wishes(in_=keys.name, out=piano.name))
        piano.unplug()
        ports.tend()
        await listener.wait_until(lambda: listener.lost == [OutputLost()])
        ports.send(PLAY)
        piano.plug_in()
        ports.tend()
        ports.send(ReleaseNote(0.0, MIDDLE_C))
        ports.drain()
        assert piano.receive(12) == SILENCE + b"\x80\x3c\x40"
        ports.close()
        return listener

    assert asyncio.run(main()).lost == [OutputLost()]


def test_a_line_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path, piano: SerialPair) -> None:
    async def main() -> None:
        open_ports(Listener(), wishes(in_=f"serial:{tmp_path}/ttyAMA9", out=piano.name))

    with pytest.raises(PortError, match="switch the UART on"):
        asyncio.run(main())


@requires_alsa_library
def test_a_second_daemon_on_the_same_line_is_refused(keys: SerialPair, piano: SerialPair) -> None:
    async def main() -> None:
        ports = open_ports(Listener(), wishes(in_=keys.name, out=piano.name))
        try:
            with pytest.raises(PortError, match="already plays on"):
                open_ports(Listener(), wishes(in_=keys.name, out=piano.name))
        finally:
            ports.close()

    asyncio.run(main())


def test_serial_lines_are_listed_and_taken_by_name_only(tmp_path: Path, keys: SerialPair) -> None:
    assert serial_names((f"{tmp_path}/tty*",)) == (keys.name,)
    midi = wishes(in_=keys.name, out=keys.name)
    system, there = list_all_ports(midi)
    assert system == "serial"
    assert keys.name in there.inputs
    assert keys.name in there.outputs
    assert choose("*", [keys.name], "in") is None
    with pytest.raises(PortError):
        choose("*ttyAMA*", [keys.name], "in")


def test_a_panic_reaches_an_instrument_on_a_line(piano: SerialPair) -> None:
    assert panic("none", piano.name, pace=0.0) == piano.name
    arrived = b""
    while data := piano.receive(4096, patience=0.0):
        arrived += data
    assert arrived.startswith(b"".join(panic_messages())[:96])


@pytest.fixture
def _jack() -> Iterator[None]:
    with running_jack_server():
        yield


@requires_jack
@pytest.mark.usefixtures("_jack")
def test_a_keyboard_on_a_line_is_answered_through_jack_and_the_other_way_round(
    keys: SerialPair, piano: SerialPair
) -> None:
    async def main() -> None:
        with synth("Minilogue") as minilogue, keyboard("Keystation") as keystation:
            listener = Listener()
            ports = open_ports(listener, wishes(in_=keys.name, out="Minilogue*"))
            keys.send(b"\x90\x3c\x40")
            await listener.wait_until(lambda: len(listener.heard) == 1)
            ports.send(PLAY)
            minilogue.wait_for(1)
            ports.close()

            ports = open_ports(listener, wishes(in_="Keystation*", out=piano.name))
            keystation.play(0x90, 62, 64)
            await listener.wait_until(lambda: len(listener.heard) == 2)
            ports.send(PLAY)
            ports.drain()
            assert piano.receive(3) == b"\x90\x3c\x64"
            ports.close()

    asyncio.run(main())


@requires_alsa_library
def test_what_is_plugged_in_an_hour_after_the_start_is_taken_then(tmp_path: Path) -> None:
    """Neither port is there when the machine starts, as after a power cut."""

    async def main() -> None:
        listener = Listener()
        heard, played = f"serial:{tmp_path}/ttyAMA0", f"serial:{tmp_path}/ttyUSB*"
        ports = open_ports(listener, wishes(heard, played, wait=True))
        assert ports.lost == {"in", "out"}
        assert (ports.input_name, ports.output_name) == (heard, played)
        ports.send(PLAY)
        ports.tend()
        piano = SerialPair(tmp_path / "ttyUSB3")
        ports.tend()
        assert ports.lost == {"in"}
        assert ports.output_name == piano.name
        keys = SerialPair(tmp_path / "ttyAMA0")
        ports.tend()
        assert ports.lost == frozenset()
        keys.send(b"\x90\x3c\x40")
        await listener.wait_until(lambda: len(listener.heard) == 1)
        ports.send(PLAY)
        ports.drain()
        assert piano.receive(12) == SILENCE + b"\x90\x3c\x64"
        with pytest.raises(PortError, match="already plays on"):
            open_ports(Listener(), wishes(in_=keys.name, out=piano.name))
        ports.close()

    asyncio.run(main())


def test_a_port_that_is_missing_for_long_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        missing = f"serial:{tmp_path}/ttyAMA0"
        ports = open_ports(Listener(), wishes(in_=missing, out=missing, wait=True))
        for _ in range(100):
            ports.tend()
        ports.close()

    with caplog.at_level("INFO"):
        asyncio.run(main())
    assert [message for message in caplog.messages if "is missing" in message] == [
        f'the MIDI port "serial:{tmp_path}/ttyAMA0" is missing; waiting until it is plugged in'
    ] * 2
    assert len(caplog.messages) == 3


@requires_alsa_library
def test_a_port_that_was_never_there_is_not_back_when_it_comes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        line = f"serial:{tmp_path}/ttyAMA0"
        ports = open_ports(Listener(), wishes(in_=line, out=line, wait=True))
        keys = SerialPair(tmp_path / "ttyAMA0")
        ports.tend()
        keys.unplug()
        ports.tend()
        keys.plug_in()
        ports.tend()
        ports.close()

    with caplog.at_level("INFO"):
        asyncio.run(main())
    told = [message.rpartition('" ')[2] for message in caplog.messages if message.startswith("the MIDI port")]
    assert told[::2] == [
        "is missing; waiting until it is plugged in",
        "is there",
        "has vanished; waiting for it to come back",
        "is back",
    ]
