"""MIDI through a serial line, of which a pseudo-terminal is the far end."""

import array
import asyncio
import errno
import fcntl
import os
import platform
from pathlib import Path

import pytest

from antiphon.adapters.midi.backlog import BYTES_PER_SECOND
from antiphon.adapters.midi.serial_line import BAUD, SerialLine, SerialOutput
from antiphon.errors import PortError
from missing import SERIAL
from serial_pair import SerialPair

pytest.importorskip("serial", reason=SERIAL)

TCGETS2 = 0x802C542A
"""From <asm-generic/ioctls.h>, as on x86, ARM and RISC-V: it tells speeds that are none of the usual ones."""

SPEED_CAN_BE_READ = platform.machine() in ("x86_64", "aarch64", "armv7l", "riscv64")

CHORD = [bytes((0x90, pitch, 100)) for pitch in range(60, 64)]


@pytest.fixture
def pair(tmp_path: Path) -> SerialPair:
    return SerialPair(tmp_path / "ttyAMA0")


def line_of(pair: SerialPair) -> SerialLine:
    return SerialLine(pair.name.removeprefix("serial:"))


def test_what_is_played_arrives_at_the_far_end(pair: SerialPair) -> None:
    output = SerialOutput(line_of(pair), lambda: None)
    for message in CHORD:
        output.send_message(message)
    output.settle()
    assert pair.receive(12) == b"".join(CHORD)
    output.close()


@pytest.mark.skipif(not SPEED_CAN_BE_READ, reason="the kernel of this machine counts its requests otherwise")
def test_the_line_has_the_speed_of_midi_which_is_none_of_the_usual_ones(pair: SerialPair) -> None:
    line = line_of(pair)
    settings = array.array("i", [0] * 64)
    fcntl.ioctl(line.descriptor, TCGETS2, settings)
    assert list(settings[9:11]) == [BAUD, BAUD]
    line.close()


def test_what_has_to_wait_leaves_by_itself_while_a_loop_runs(pair: SerialPair) -> None:
    async def main() -> bytes:
        output = SerialOutput(line_of(pair), lambda: None)
        for message in CHORD * 5:
            output.send_message(message)
        received = await asyncio.to_thread(pair.receive, 60)
        output.close()
        return received

    assert asyncio.run(main()) == b"".join(CHORD * 5)


def test_the_wire_is_given_no_more_than_it_carries(pair: SerialPair) -> None:
    output = SerialOutput(line_of(pair), lambda: None, clock=lambda: 10.0)
    for message in CHORD * 5:
        output.send_message(message)
    assert 0 < len(pair.receive(60, patience=0.0)) < BYTES_PER_SECOND / 100
    output.close()


def test_a_line_that_takes_nothing_is_waited_for_by_nobody_and_no_release_is_lost(
    pair: SerialPair, caplog: pytest.LogCaptureFixture
) -> None:
    moments = iter(range(10**9))
    output = SerialOutput(line_of(pair), lambda: None, clock=lambda: next(moments) / 1000)
    for _ in range(20_000):
        output.send_message(b"\x90\x3c\x64")
    for pitch in range(128):
        output.send_message(bytes((0x80, pitch, 64)))
    arrived = b""
    while data := pair.receive(4096, patience=0.01):
        arrived += data
        output.settle()
    for pitch in range(128):
        assert bytes((0x80, pitch, 64)) in arrived
    assert caplog.messages == ["more is played than a MIDI cable carries; notes too late are left out"]
    output.close()


def test_a_line_that_was_unplugged_is_noticed_when_it_is_played_on(pair: SerialPair) -> None:
    line = line_of(pair)
    output = SerialOutput(line, lambda: None)
    assert output.is_there
    pair.unplug()
    assert not output.is_there
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        output.send_message(CHORD[0])
    output.close()


def test_what_waits_for_a_line_that_was_unplugged_tells_of_it(pair: SerialPair) -> None:
    async def main() -> None:
        troubled = asyncio.Event()
        output = SerialOutput(line_of(pair), troubled.set)
        for message in CHORD * 5:
            output.send_message(message)
        pair.unplug()
        await asyncio.wait_for(troubled.wait(), 5)
        output.close()

    asyncio.run(main())


def test_a_line_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PortError, match=r"the serial port .*ttyAMA9 cannot be opened"):
        SerialLine(str(tmp_path / "ttyAMA9"))


def test_a_file_that_is_no_serial_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "ttyAMA0").write_text("")
    with pytest.raises(PortError, match="cannot be opened"):
        SerialLine(str(tmp_path / "ttyAMA0"))
