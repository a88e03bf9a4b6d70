import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from alsa_instruments import addresses, cable, keyboard, requires_alsa, synth
from antiphon.adapters.midi.alsa_sequencer import Address, AlsaOutput, AlsaSequencer
from antiphon.errors import PortError

pytestmark = requires_alsa

NOWHERE = Address(191, 7)
MORE_THAN_ANYBODY_LETS_WAIT = 1000
PATIENCE = 10.0


@pytest.fixture
def sequencer() -> Iterator[AlsaSequencer]:
    opened = AlsaSequencer("patch-bay")
    yield opened
    opened.delete()


def test_two_ports_are_connected_until_one_vanishes(sequencer: AlsaSequencer) -> None:
    with keyboard("Keystation") as keys:
        [source] = addresses(keys.port_name, "in")
        with synth("Minilogue") as minilogue:
            [destination] = addresses(minilogue.port_name, "out")
            assert not sequencer.are_connected(source, destination)
            sequencer.connect(source, destination)
            assert sequencer.are_connected(source, destination)
            assert not sequencer.are_connected(destination, source)
            keys.play(0x90, 60, 100)
            minilogue.wait_for(1)
        assert not sequencer.are_connected(source, destination)


def test_connecting_again_does_nothing(sequencer: AlsaSequencer) -> None:
    with keyboard("Keystation") as keys, synth("Minilogue") as minilogue:
        [source] = addresses(keys.port_name, "in")
        [destination] = addresses(minilogue.port_name, "out")
        sequencer.connect(source, destination)
        sequencer.connect(source, destination)
        keys.play(0x90, 60, 100)
        keys.play(0x80, 60, 0)
        minilogue.wait_for(2)
        assert [message[0] for message in minilogue.heard] == [0x90, 0x80]


def test_a_port_that_is_not_there_cannot_be_connected(sequencer: AlsaSequencer) -> None:
    with pytest.raises(PortError, match="ALSA refuses the connection"):
        sequencer.connect(NOWHERE, NOWHERE)


def test_who_comes_and_goes_is_announced(sequencer: AlsaSequencer) -> None:
    file = sequencer.follow_announcements()
    assert not sequencer.take_announcements()
    with keyboard("Keystation"):
        assert is_announced(file)
        assert sequencer.take_announcements()
        assert not sequencer.take_announcements()
    assert is_announced(file)
    assert sequencer.take_announcements()


def test_who_is_connected_is_announced_only_when_that_ends(sequencer: AlsaSequencer) -> None:
    with keyboard("Keystation") as keys, synth("Minilogue") as minilogue:
        [source] = addresses(keys.port_name, "in")
        [destination] = addresses(minilogue.port_name, "out")
        sequencer.follow_announcements()
        sequencer.connect(source, destination)
        assert not sequencer.take_announcements()


def test_nobody_else_finds_where_announcements_arrive(sequencer: AlsaSequencer) -> None:
    sequencer.follow_announcements()
    assert addresses("patch-bay:announcements", "out") == []


def is_announced(file: int) -> bool:
    return bool(select.select([file], [], [], PATIENCE)[0])


@contextmanager
def an_output() -> Iterator[AlsaOutput]:
    output = AlsaOutput("Sequel", "out")
    try:
        yield output
    finally:
        output.delete()


@pytest.mark.parametrize(
    "message", [b"\x90\x3c\x64", b"\x80\x3c\x40", b"\xb0\x40\x7f", b"\xc5\x07", b"\xe0\x00\x40"]
)
def test_a_message_arrives_as_it_was_sent(message: bytes) -> None:
    with an_output() as output, synth("Minilogue") as minilogue:
        cable("Sequel:out", minilogue.port_name)
        output.send_message(message)
        minilogue.wait_for(1)
        assert [bytes(heard) for heard in minilogue.heard] == [message]


def test_one_who_has_stopped_listening_keeps_nothing_from_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent = [bytes((0x90, pitch % 128, 1)) for pitch in range(MORE_THAN_ANYBODY_LETS_WAIT)]
    with an_output() as output, synth("Minilogue") as minilogue, deaf_port() as deaf:
        output.connect(output.address, deaf)
        cable("Sequel:out", minilogue.port_name)
        for number, message in enumerate(sent, start=1):
            output.send_message(message)
            minilogue.wait_for(number)
        assert [bytes(heard) for heard in minilogue.heard] == sent
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@contextmanager
def deaf_port() -> Iterator[Address]:
    """A program that listens, but has been stopped."""
    program = subprocess.Popen([sys.executable, "-c", _LISTENS], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    try:
        program.stdout.readline()
        [address] = addresses("Deaf:in", "out")
        program.send_signal(signal.SIGSTOP)
        yield address
    finally:
        program.kill()
        program.wait()
        program.stdout.close()


_LISTENS = """
import rtmidi, time
port = rtmidi.MidiIn(rtapi=rtmidi.API_LINUX_ALSA, name="Deaf")
port.open_virtual_port("in")
print("ready", flush=True)
time.sleep(60)
"""
