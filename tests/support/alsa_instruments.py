"""A keyboard and a synth on ALSA's sequencer, in the process of the test."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import rtmidi

from antiphon.adapters.midi_system import ALSA_SEQUENCER

requires_alsa = pytest.mark.skipif(
    not os.access(ALSA_SEQUENCER, os.R_OK | os.W_OK),
    reason=f"{ALSA_SEQUENCER} cannot be opened: MIDI is not tested over ALSA",
)


class Keyboard:
    """Something to play on: the port `NAME:out`."""

    def __init__(self, name: str, port: Any) -> None:
        self.port_name = f"{name}:out"
        self._port = port

    def play(self, *message: int) -> None:
        """Send a message."""
        self._port.send_message(message)


class Synth:
    """Something that plays, and remembers every message: the port `NAME:in`."""

    def __init__(self, name: str) -> None:
        self.port_name = f"{name}:in"
        self.heard: list[Sequence[int]] = []

    def wait_for(self, messages: int) -> None:
        """Wait until it has heard that many, for two seconds at most."""
        give_up_at = time.monotonic() + 2
        while len(self.heard) < messages and time.monotonic() < give_up_at:
            time.sleep(0.002)
        assert len(self.heard) >= messages, self.heard


@contextmanager
def keyboard(name: str, to: str = "") -> Iterator[Keyboard]:
    """Plug in a keyboard, or connect one to a port right away; it is unplugged at the end."""
    port = rtmidi.MidiOut(rtapi=rtmidi.API_LINUX_ALSA, name=name)
    _open(port, to, "out")
    try:
        yield Keyboard(name, port)
    finally:
        port.delete()


@contextmanager
def synth(name: str, source: str = "") -> Iterator[Synth]:
    """Plug in a synth, or connect one to a port; it is unplugged at the end, when all has arrived."""
    synth = Synth(name)
    port = rtmidi.MidiIn(rtapi=rtmidi.API_LINUX_ALSA, name=name)
    _open(port, source, "in")
    port.set_callback(lambda heard, _: synth.heard.append(heard[0]))
    try:
        yield synth
    finally:
        port.delete()


def _open(port: Any, peer: str, name: str) -> None:
    if not peer:
        port.open_virtual_port(name)
        return
    # Inputs that were closed stay until the end of the process; the newest has the highest number.
    *_, newest = (index for index, raw_name in enumerate(port.get_ports()) if raw_name.startswith(f"{peer} "))
    port.open_port(newest, name)
