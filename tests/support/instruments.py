"""A keyboard and a synth on real ports of JACK or ALSA, in the process of the test."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from antiphon.adapters.midi.libraries import MidiSystem, new_client


class Keyboard:
    """Something to play on: the port `NAME:out`."""

    def __init__(self, name: str, port: Any) -> None:
        self.port_name = f"{name}:out"
        self._port = port

    def play(self, *message: int) -> None:
        """Send a message."""
        self._port.send_message(message)


class Synth:
    """Something that plays, and remembers every message but active sensing: the port `NAME:in`."""

    def __init__(self, name: str, port: Any) -> None:
        self.port_name = f"{name}:in"
        self._port = port
        self._heard: list[Sequence[int]] = []

    @property
    def heard(self) -> list[Sequence[int]]:
        """All that it has heard, one message after another."""
        # Fetched, for a callback that waits for Python's lock misses what comes meanwhile.
        while (message_and_delta := self._port.get_message()) is not None:
            self._heard.append(message_and_delta[0])
        return self._heard

    def wait_for(self, messages: int) -> None:
        """Wait until it has heard that many, for two seconds at most."""
        give_up_at = time.monotonic() + 2
        while len(self.heard) < messages and time.monotonic() < give_up_at:
            time.sleep(0.002)
        assert len(self.heard) >= messages, self.heard


@contextmanager
def keyboard_on(system: MidiSystem, name: str) -> Iterator[Keyboard]:
    """Plug in a keyboard; it is unplugged at the end."""
    port = new_client("out", system, name)
    port.open_virtual_port("out")
    try:
        yield Keyboard(name, port)
    finally:
        port.delete()


@contextmanager
def synth_on(system: MidiSystem, name: str) -> Iterator[Synth]:
    """Plug in a synth; it is unplugged at the end, when nothing may be sent to it any more."""
    port = new_client("in", system, name)
    port.open_virtual_port("in")
    port.ignore_types(sysex=True, timing=False, active_sense=True)
    synth = Synth(name, port)
    try:
        yield synth
    finally:
        port.delete()
