"""One end of a pair of MIDI ports: the settings that open them, and a memory of what they tell."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from antiphon.adapters.broadcast import News, PortFound, PortLost
from antiphon.adapters.midi.ports import MidiPorts
from antiphon.core.events import Event, InputLost, OutputLost
from antiphon.core.units import Seconds
from antiphon.settings import Midi


@dataclass
class Listener:
    """Remembers what the ports tell."""

    told: list[PortLost | PortFound] = field(default_factory=list)
    heard: list[tuple[Event, Seconds]] = field(default_factory=list)
    lost: list[Event] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: Event, arrived: Seconds) -> None:
        if isinstance(event, InputLost | OutputLost):
            self.lost.append(event)
        else:
            self.heard.append((event, arrived))
        self._changed.set()

    def listen(self, news: News) -> None:
        assert isinstance(news, PortLost | PortFound)
        self.told.append(news)
        self._changed.set()

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


def wishes(in_: str = "*", out: str = "*", api: Literal["alsa", "jack"] = "jack", wait: bool = False) -> Midi:
    """Return the settings of a pair of ports."""
    return Midi(api, in_, out, wait=wait, in_channel=0, out_channel=1, lowest_key=0, highest_key=127)


def open_ports(listener: Listener, midi: Midi | None = None) -> MidiPorts:
    return MidiPorts(midi or wishes(), time.monotonic, listener.hear, listener.listen)
