"""One end of a pair of MIDI ports: the settings that open them, and a memory of what they tell."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from antiphon.adapters.midi.ports import MidiPorts
from antiphon.core.events import Event, InputLost, OutputLost
from antiphon.core.units import Seconds


@dataclass(frozen=True)
class Wishes:
    """The settings of the ports."""

    api: str = "jack"
    in_: str = "*"
    out: str = "*"
    in_channel: int = 0
    out_channel: int = 1


@dataclass
class Listener:
    """Remembers what the ports tell."""

    heard: list[tuple[Event, Seconds]] = field(default_factory=list)
    lost: list[Event] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: Event, arrived: Seconds) -> None:
        if isinstance(event, InputLost | OutputLost):
            self.lost.append(event)
        else:
            self.heard.append((event, arrived))
        self._changed.set()

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


def open_ports(listener: Listener, wishes: Wishes = Wishes()) -> MidiPorts:
    return MidiPorts(wishes, time.monotonic, listener.hear)
