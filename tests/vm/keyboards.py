"""Keyboards to play on and instruments to listen to, as the kernel and the host of the machine make them.

A USB keyboard is one of the kernel's gadgets on a simulated bus, which can be unplugged. An instrument is
another, or the far end of a virtual MIDI card. A serial line has its other end in the same machine.
"""

import os
import select
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

from machine import sh

GADGETS = Path("/sys/kernel/config/usb_gadget")


def device_of(card: str, number: int = 0) -> Path:
    """Return the raw MIDI device of the sound card with this id."""
    for identity in Path("/sys/class/sound").glob("card*/id"):
        if identity.read_text(encoding="ascii").strip() == card:
            return Path(f"/dev/snd/midiC{identity.parent.name.removeprefix('card')}D{number}")
    sys.exit(f"there is no sound card {card}\n" + sh("cat /proc/asound/cards"))


class Gadget:
    """A USB instrument: the host knows it by its product, this end of it is the sound card ``card``.

    Args:
        product: what it calls itself.
        card: the id of the card at which it is played.
        socket: on the simulated bus, counted from 0.
    """

    def __init__(self, product: str, card: str, socket: int = 0) -> None:
        self.card = card
        self._controller = f"dummy_udc.{socket}"
        self._folder = GADGETS / product
        function, configuration = self._folder / "functions/midi.usb0", self._folder / "configs/c.1"
        for folder in (self._folder, self._folder / "strings/0x409", configuration, function):
            folder.mkdir()
        (self._folder / "idVendor").write_text("0x1d6b")
        (self._folder / "idProduct").write_text("0x0104")
        (self._folder / "strings/0x409/manufacturer").write_text("Test")
        (self._folder / "strings/0x409/product").write_text(product)
        (function / "id").write_text(card)
        (configuration / "midi.usb0").symlink_to(function)

    def plug_in(self) -> None:
        (self._folder / "UDC").write_text(self._controller)

    def unplug(self) -> None:
        (self._folder / "UDC").write_text("\n")


def load_bus(sockets: int = 1) -> None:
    sh(f"modprobe dummy_hcd num={sockets}; modprobe libcomposite")


class Keyboard:
    """Plays on a device, which is looked for anew each time, for it may have been unplugged."""

    def __init__(self, device: Callable[[], Path]) -> None:
        self._device = device

    def send(self, *messages: tuple[float, bytes]) -> None:
        """Play messages, each after a pause in seconds."""
        with self._device().open("wb", buffering=0) as port:
            for pause, message in messages:
                time.sleep(pause)
                port.write(message)
            time.sleep(0.2)  # until it has gone over the bus

    def play_phrase(self) -> None:
        pitches = (60, 62, 64, 65, 67)
        self.send(*((0.1, bytes([status, pitch, 80])) for pitch in pitches for status in (0x90, 0x80)))


class Instrument:
    """Hears what is played on a device, on a thread of its own, and knows what sounds."""

    def __init__(self, device: Path) -> None:
        self.onsets = 0
        self.sounding: set[int] = set()
        self._port = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
        threading.Thread(target=self._listen, daemon=True).start()

    def _bytes(self) -> Iterator[int]:
        while True:
            select.select([self._port], [], [])
            yield from os.read(self._port, 4096)

    def _listen(self) -> None:
        status = 0
        data: list[int] = []
        for byte in self._bytes():
            if byte >= 0x80:
                status, data = byte, []
                continue
            data.append(byte)
            if len(data) == 2:
                self._hear(status & 0xF0, *data)
                data = []

    def _hear(self, kind: int, pitch: int, velocity: int) -> None:
        if kind == 0x90 and velocity:
            self.onsets += 1
            self.sounding.add(pitch)
        elif kind in (0x80, 0x90):
            self.sounding.discard(pitch)
        elif kind == 0xB0 and pitch in (120, 123):
            self.sounding.clear()


def ends_of_the_cable() -> tuple[Path, Path]:
    """Return two serial lines that are connected with each other, ready to carry any byte."""
    lines = [
        Path("/dev") / line.parent.name
        for line in sorted(Path("/sys/class/tty").glob("ttyS*/device"))
        if line.resolve().parent.name.startswith("pci")
    ]
    near, far = lines
    descriptor = os.open(far, os.O_RDWR | os.O_NOCTTY)  # stays open, lest the kernel forgets that it is raw
    tty.setraw(descriptor, termios.TCSANOW)
    return near, far
