"""Bytes of a MIDI cable: put together, handed over, heard, answered.

An input is what comes through the cable, but for the byte 0xFD, which MIDI does not define. It says what the
next byte means: up to 0x7F so many 32nds of a second pass, from 0x80 on a system exclusive message of up to
64 kB comes with a tick of a clock in its midst, and 0xFD is itself. The first byte chooses the settings.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from typing import cast

from antiphon.adapters.midi.byte_stream import ByteStream
from antiphon.adapters.midi.hand_off import HandOff
from antiphon.core.events import Event, InputLost, Silenced
from antiphon.core.improviser import Improviser
from antiphon.core.settings import Settings
from antiphon.core.units import Seconds
from default_settings import settings
from synthesizer import Synthesizer
from target import Target
from uniform_engine import UniformEngine

ESCAPE = 0xFD
LONG_SYSEX = 512
"""Bytes for each number from 0x80 on; the longest are 64 kB."""

LONGEST: Seconds = 20.0
"""Simulated seconds that an input may last; more are passed over."""

MODES = ("answer", "duet", "takeover", "attract", "listen")


class HandTurned:
    """As much of a loop as hands over, that goes round only when it is told to."""

    def __init__(self) -> None:
        self._ready: deque[tuple[Callable[..., object], tuple[object, ...]]] = deque()

    def call_soon(self, callback: Callable[..., object], *args: object) -> None:
        self._ready.append((callback, args))

    call_soon_threadsafe = call_soon

    def go_round(self) -> None:
        while self._ready:
            callback, args = self._ready.popleft()
            callback(*args)


class Room:
    """A cable, and all that is behind it."""

    def __init__(self, chosen: Settings) -> None:
        self._improviser = Improviser(UniformEngine(), chosen, 0.0)
        self.synthesizer = Synthesizer(self._improviser)
        self._loop = HandTurned()
        loop = cast(asyncio.AbstractEventLoop, self._loop)
        self._hand_off = HandOff(loop, lambda: self.synthesizer.now, self.hear, channel=0)
        self._stream = ByteStream()

    def take(self, data: bytes) -> None:
        for message in self._stream.feed(data):
            self._hand_off.receive(message, self.synthesizer.now)
        self._loop.go_round()

    def hear(self, event: Event, at: Seconds) -> None:
        self._improviser.receive(event, at)
        self.synthesizer.play()

    def close(self) -> None:
        self._stream.close()


def examine(data: bytes) -> None:
    room = Room(_settings(data[0] if data else 0))
    try:
        for part in _parts(data[1:]):
            if isinstance(part, bytes):
                room.take(part)
            elif room.synthesizer.now < LONGEST:
                room.synthesizer.pass_time(room.synthesizer.now + part)
        room.hear(InputLost(), room.synthesizer.now)
        room.synthesizer.pass_time(room.synthesizer.now + 5.0)
        room.hear(Silenced(), room.synthesizer.now)
    finally:
        room.close()
    assert not room.synthesizer.sounding, f"stuck: {room.synthesizer.sounding}"


def _parts(data: bytes) -> Iterator[bytes | Seconds]:
    """Yield what comes through the cable, and the seconds that pass in between."""
    came, *escaped = data.split(bytes((ESCAPE,)))
    yield came
    for each in escaped:
        if not each:
            yield bytes((ESCAPE,))
            continue
        what, came = each[0], each[1:]
        yield what / 32 if what < 0x80 else _sysex((what - 0x7F) * LONG_SYSEX)
        yield came


def _sysex(length: int) -> bytes:
    half = bytes(length // 2 - 1)
    return b"\xf0" + half + b"\xf8" + half + b"\xf7"


@cache
def _settings(chosen: int) -> Settings:
    return settings(
        play={
            "mode": MODES[chosen % len(MODES)],
            "seconds": 3.0,
            "longest_note": 1.0,
            "thru": bool(chosen & 0x40),
            "transpose": 12 if chosen & 0x20 else 0,
        },
        turn={"shortest_pause": 0.2, "longest_pause": 1.0, "absence": 5.0},
        attract={"after": 2.0, "rest": 1.0, "seconds": 4.0},
        guide={"zone": 60 if chosen & 0x80 else 0},
        tempo={"begin": "beat" if chosen & 0x10 else "free", "send": "always" if chosen & 0x08 else "off"},
    )


def seeds() -> Iterator[bytes]:
    gap, pause = bytes((ESCAPE, 4)), bytes((ESCAPE, 80))
    phrase = b"".join(b"\x90" + bytes((pitch, 80)) + gap + bytes((pitch, 0)) for pitch in (60, 64, 67, 72))
    for mode in range(len(MODES)):
        yield bytes((mode,)) + phrase + pause
    yield b"\x40\xb0\x40\x7f" + phrase + b"\xb0\x40\x00" + pause + phrase
    yield b"\x90" + phrase[:5] + b"\xf4\xf5\xf9\xff\xfe\xf1\x10\xf3\x20\xf2\x01\x02" + phrase
    yield b"\x18\xfa" + (b"\xf8" + bytes((ESCAPE, 1))) * 48 + phrase + b"\xfc"
    yield b"\x00\x90\x3c" + bytes((ESCAPE, 0xFF)) + b"\x40" + phrase + bytes((ESCAPE, ESCAPE)) + pause
    yield b"\x00\xf0\x7e\x7f\xf8\x06\x01" + phrase + b"\xe0\x00\x40\xc0\x05\xd0\x33\xa0\x3c\x20"


TARGET = Target(examine, seeds, longest=512)
