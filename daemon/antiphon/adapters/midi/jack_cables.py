"""Ports under JACK, and the watch on its server, whose death or freezing rtmidi does not notice.

rtmidi writes messages into a ring of 16 KiB that only the server's cycles empty. With no server they gather
there without an error, and after some 2,340 of them the next send waits for ever and holds Python's lock.
So a client of our own follows the server's cycles, and nobody may send more than fits between two of them.
The same client lists and connects ports: rtmidi would open a new client for that, which takes 40 to 90 ms.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any

from antiphon.adapters.midi.connection import (
    Connection,
    Direction,
    Receive,
    port_name,
    virtual_name,
)
from antiphon.adapters.midi.jack_client import open_client, outlive_the_server
from antiphon.adapters.midi.jack_listener import JackListener
from antiphon.adapters.midi.libraries import QUEUE, new_client
from antiphon.adapters.midi.port_names import CLIENT_NAME, stable_names
from antiphon.core.units import Seconds
from antiphon.errors import PortError

logger = logging.getLogger(__name__)

_SAFE_BYTES_PER_CYCLE = 4096
"""A quarter of rtmidi's ring; more than five hundred notes in one cycle."""

_LENGTH_PREFIX = 4
"""rtmidi puts the length of each message in front of it."""

_CYCLES_TO_SETTLE = 3
"""One to take the messages out of the ring, one to hand them over, and the one that had begun already."""

_LONGEST_SETTLING = 0.25

_HEAD_START = 0.0003
"""Seconds into a cycle, in the first moments of which rtmidi fetches what there is to hear."""


class JackCables:
    """Plugs into the ports of a JACK server and follows that server's cycles.

    Args:
        on_trouble: called from a thread of JACK's when the server or some port has vanished.

    Raises:
        PortError: no server runs.
    """

    system = "jack"

    def __init__(self, on_trouble: Callable[[], None]) -> None:
        self._client = open_client(f"{CLIENT_NAME}-watch")
        self._on_trouble = on_trouble
        self._cycle_length: int = self._client.blocksize
        self._rate: int = self._client.samplerate
        self._head_start = round(_HEAD_START * self._rate)
        self._frame_at_last_send = -1
        self._bytes_since = 0
        self._frame_at_last_look = -1
        self._vanished: set[str] = set()
        self._dying: set[int] = set()
        self._own_names: set[str] = set()
        self._listeners: dict[str, JackListener] = {}
        self._server_is_gone = False
        self._client.set_shutdown_callback(self._server_has_gone)
        self._client.set_port_registration_callback(self._port_has_changed)
        self._client.activate()

    def names(self, direction: Direction) -> tuple[str, ...]:
        return tuple(self._full_names(direction))

    def _full_names(self, direction: Direction) -> dict[str, str]:
        ports = {port.uuid: port for port in self._client.get_ports(is_midi=True)}
        # A program that is killed has ports yet for as long as the server waits for it, up to five seconds.
        self._dying.intersection_update(ports)
        alive = [port for uuid, port in ports.items() if uuid not in self._dying]
        return stable_names(port.name for port in alive if port.is_output == (direction == "in"))

    def plug(self, direction: Direction, peer: str | None, partner: str = "") -> Connection:
        client = new_client(direction, "jack")
        with ExitStack() as undo:
            undo.callback(client.delete)
            own_name = self._register_port(client, port_name(direction, partner))
            self._own_names.add(own_name)
            connection = Connection(client, direction, peer, own_name, partner)
            if peer is None:
                self._let_others_find(own_name, virtual_name(direction, partner))
            else:
                self._connect(connection, peer)
            undo.pop_all()
        return connection

    def replug(self, former: Connection, peer: str | None) -> Connection:
        if former.own_name not in self._own_names:
            return self.plug(former.direction, peer, former.partner)  # it was open on a server that is gone
        connection = replace(former, peer=peer)
        if peer is not None:
            self._connect(connection, peer)
        return connection

    def _register_port(self, client: Any, name: str) -> str:
        # rtmidi does not say what JACK has named its client, so the port is looked for under a name that only
        # it can have, and then gets its proper one.
        passing_name = f"{name}-{secrets.token_hex(4)}"
        client.open_virtual_port(passing_name)
        (port,) = self._client.get_ports(f":{passing_name}$")
        client.set_port_name(name)
        return f"{port.name.rpartition(':')[0]}:{name}"

    def _let_others_find(self, own_name: str, name: str) -> None:
        # Two clients cannot share a name, so one of ours is `antiphon-01` but goes by both.
        import jack

        if own_name == name:
            return
        with suppress(jack.JackError):
            self._client.get_port_by_name(own_name).set_alias(name)

    def _connect(self, connection: Connection, peer: str) -> None:
        import jack

        full_name = self._full_names(connection.direction).get(peer)
        if full_name is None:
            raise PortError(f'the MIDI port "{peer}" is missing; plug it in again')
        ends = full_name, connection.own_name
        self._vanished.discard(full_name)
        if full_name in {port.name for port in self._client.get_all_connections(connection.own_name)}:
            return
        try:
            self._client.connect(*(ends if connection.direction == "in" else reversed(ends)))
        except jack.JackError as error:
            raise PortError(f'JACK refuses a connection to the port "{peer}": {error}') from error

    def _server_has_gone(self, _status: object, reason: str) -> None:
        outlive_the_server()  # before anybody can know that it is gone, and open another client
        logger.debug("%s", reason)
        self._server_is_gone = True
        for listener in list(self._listeners.values()):
            listener.end()
        self._on_trouble()

    def _port_has_changed(self, port: Any, is_new: bool) -> None:
        if port is None:
            return
        if is_new:
            self._dying.discard(port.uuid)
            return
        self._vanished.add(port.name)
        self._dying.add(port.uuid)
        self._on_trouble()

    def hear(
        self, connection: Connection, receive: Receive, on_loss: Callable[[], None] = lambda: None
    ) -> None:
        self._listeners[connection.own_name] = JackListener(
            connection.client, QUEUE, receive, on_loss, self._until_next_look
        )

    def _until_next_look(self) -> Seconds:
        to_come: int = self._head_start - self._client.frames_since_cycle_start
        return (to_come if to_come > 0 else max(to_come + self._cycle_length, 0)) / self._rate

    def follow(self, loop: asyncio.AbstractEventLoop, on_change: Callable[[], None]) -> None:
        """Tell of nothing that comes; what goes is told by ``on_trouble``."""

    def system_lives(self) -> bool:
        former, self._frame_at_last_look = self._frame_at_last_look, self._client.last_frame_time
        return not self._server_is_gone and former != self._frame_at_last_look

    def system_is_gone(self) -> bool:
        return self._server_is_gone

    def is_plugged(self, connection: Connection) -> bool:
        if connection.peer is None:
            return True
        full_name = self._full_names(connection.direction).get(connection.peer)
        return full_name is not None and full_name not in self._vanished

    def may_send(self, size: int) -> bool:
        frame = self._client.last_frame_time
        if frame != self._frame_at_last_send:
            self._frame_at_last_send, self._bytes_since = frame, 0
        if self._server_is_gone or self._bytes_since + size + _LENGTH_PREFIX > _SAFE_BYTES_PER_CYCLE:
            self._frame_at_last_look = frame
            return False
        self._bytes_since += size + _LENGTH_PREFIX
        return True

    def settle(self) -> None:
        begun = self._client.last_frame_time
        give_up_at = time.monotonic() + _LONGEST_SETTLING
        while not self._server_is_gone and time.monotonic() < give_up_at:
            # The counter has 32 bits and wraps around after a day.
            if (self._client.last_frame_time - begun) % 2**32 >= _CYCLES_TO_SETTLE * self._cycle_length:
                return
            time.sleep(0.001)

    def unplug_output(self, connection: Connection) -> None:
        if self._is_moving():
            connection.client.delete()

    def unplug_input(self, connection: Connection) -> None:
        if (listener := self._listeners.pop(connection.own_name, None)) is not None:
            listener.end()
            listener.join()
        if self._is_moving():
            connection.client.delete()

    def _is_moving(self) -> bool:
        if self._server_is_gone:
            return False  # and its clients may be, too
        begun = self._client.last_frame_time
        self.settle()
        return not self._server_is_gone and bool(self._client.last_frame_time != begun)

    def close(self) -> None:
        if self._is_moving():
            self._client.deactivate()
            self.settle()  # so that a callback which has begun is over: its thread is killed now
            self._client.close()
