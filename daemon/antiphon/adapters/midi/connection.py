"""What an open port is, and what each MIDI system must be able to do with one."""

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from antiphon.adapters.midi.libraries import keep_for_ever
from antiphon.adapters.midi.port_names import CLIENT_NAME
from antiphon.core.units import Seconds

Direction: TypeAlias = Literal["in", "out"]

Receive: TypeAlias = Callable[[Sequence[int], Seconds], None]
"""Takes a message, and when it came by ``time.monotonic``; on any thread."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open port.

    Attributes:
        client: the rtmidi object.
        direction: `in` hears, `out` plays.
        peer: the port it is connected to, or None if it is virtual and others connect to it.
        own_name: the full name that the MIDI system has given it.
        partner: whose port it is; empty for the main partner.
    """

    client: Any
    direction: Direction
    peer: str | None
    own_name: str
    partner: str = ""

    @property
    def name(self) -> str:
        """The port as the user knows it."""
        return self.peer or virtual_name(self.direction, self.partner)


def virtual_name(direction: Direction, partner: str = "") -> str:
    """Return the name under which others find our virtual port."""
    return f"{CLIENT_NAME}:{port_name(direction, partner)}"


def port_name(direction: Direction, partner: str) -> str:
    """Return what a port of ours is called: ``in``, or ``bass-in`` for a partner of that name."""
    return f"{partner}-{direction}" if partner else direction


class Cables(Protocol):
    """The ports of one MIDI system, and how to plug into them. Lives on the thread of the loop."""

    @property
    def system(self) -> str:
        """What the system is called, such as `alsa`."""
        ...

    def names(self, direction: Direction) -> tuple[str, ...]:
        """Return the ports of others that one can hear (`in`) or play (`out`)."""
        ...

    def plug(self, direction: Direction, peer: str | None, partner: str = "") -> Connection:
        """Open a partner's port that is connected to the peer, or a virtual one. Raises PortError."""
        ...

    def replug(self, former: Connection, peer: str | None) -> Connection:
        """Open a port in place of one whose peer has vanished. Raises PortError."""
        ...

    def hear(
        self, connection: Connection, receive: Receive, on_loss: Callable[[], None] = lambda: None
    ) -> None:
        """Have an input hand over each short message but active sensing, and tell if some may be missing."""
        ...

    def follow(self, loop: asyncio.AbstractEventLoop, on_change: Callable[[], None]) -> None:
        """Call back on the loop when a port may have come or gone; without that, one has to look."""
        ...

    def system_lives(self) -> bool:
        """Tell whether the MIDI system itself still does its work; asked about once a second."""
        ...

    def system_is_gone(self) -> bool:
        """Tell whether it is dead for good, so that only new cables can help."""
        ...

    def is_plugged(self, connection: Connection) -> bool:
        """Tell whether the peer is still there and was there all the time."""
        ...

    def may_send(self, size: int) -> bool:
        """Tell whether a message of that many bytes can be sent with no risk of waiting; if so, count it."""
        ...

    def settle(self) -> None:
        """Wait until what was sent has left, or cannot leave any more; a quarter of a second at most."""
        ...

    def unplug_output(self, connection: Connection) -> None:
        """Close an output."""
        ...

    def unplug_input(self, connection: Connection) -> None:
        """Close an input; nothing is handed over any more afterwards."""
        ...

    def close(self) -> None:
        """Leave the MIDI system, all ports being closed."""
        ...


def call_back(client: Any, receive: Receive) -> None:
    """Have rtmidi's own thread hand over each short message but active sensing."""

    def callback(message_and_delta: tuple[Sequence[int], float], _data: object) -> None:
        receive(message_and_delta[0], time.monotonic())

    # System exclusive messages mean nothing to the music; ticks of a clock come with MIDI time code.
    client.ignore_types(sysex=True, timing=False, active_sense=True)
    client.set_callback(callback)
    # rtmidi's thread may be on its way into the callback while that is cancelled; it would then call what has
    # been freed. Holding on to the pair (callback, data), which only rtmidi knows, keeps it valid.
    for referrer in gc.get_referrers(callback):
        if type(referrer) is tuple:
            keep_for_ever(referrer)
