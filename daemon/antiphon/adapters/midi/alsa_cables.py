"""Ports under ALSA's sequencer, which never dies; but an unplugged port keeps accepting messages.

rtmidi hears, and lists what there is. Its input is opened as a virtual port and connected from outside, so
that a keyboard that is plugged in again is connected to the port that was there before. A new one each time
would use up the 32 queues that the sequencer has for all programs: an input cannot safely be deleted while it
may call back.
"""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from antiphon.adapters.midi.alsa_sequencer import Address, AlsaOutput, AlsaSequencer
from antiphon.adapters.midi.connection import (
    Connection,
    Direction,
    Receive,
    call_back,
    port_name,
    virtual_name,
)
from antiphon.adapters.midi.libraries import new_client
from antiphon.adapters.midi.port_names import CLIENT_NAME, stable_names
from antiphon.adapters.midi.usb_sockets import usb_socket
from antiphon.errors import PortError

logger = logging.getLogger(__name__)

_SETTLING = 0.05
"""Seconds for what has reached the kernel to leave through a DIN cable: some fifty messages."""

_DIRECTIONS: tuple[Direction, ...] = ("in", "out")

_ADDRESS = re.compile(r" (\d+):(\d+)$")


class AlsaCables:
    """Plugs into the ports of the ALSA sequencer.

    Raises:
        PortError: the sequencer cannot be opened.
    """

    system = "alsa"

    def __init__(self) -> None:
        with ExitStack() as undo:
            self._listers: dict[Direction, Any] = {}
            for direction in _DIRECTIONS:
                self._listers[direction] = new_client(direction, "alsa", f"{CLIENT_NAME}-watch")
                undo.callback(self._listers[direction].delete)
            self._sequencer = AlsaSequencer(f"{CLIENT_NAME}-watch")
            undo.pop_all()
        self._peers: dict[str, Address] = {}
        self._stop_following: Callable[[], object] = lambda: None

    def names(self, direction: Direction) -> tuple[str, ...]:
        return tuple(self._addresses(direction))

    def _addresses(self, direction: Direction) -> dict[str, Address]:
        names = stable_names(self._listers[direction].get_ports(), usb_socket)
        return {name: _address_in(raw_name) for name, raw_name in names.items()}

    def plug(self, direction: Direction, peer: str | None, partner: str = "") -> Connection:
        port = port_name(direction, partner)
        client, address = self._open_input(port) if direction == "in" else self._open_output(port)
        with ExitStack() as undo:
            undo.callback(client.delete)
            own_name = f"{virtual_name(direction, partner)} {address.client}:{address.port}"
            connection = Connection(client, direction, peer, own_name, partner)
            self._connect(connection)
            undo.pop_all()
        return connection

    def replug(self, former: Connection, peer: str | None) -> Connection:
        connection = replace(former, peer=peer)
        self._connect(connection)
        return connection

    def _open_output(self, port: str) -> tuple[AlsaOutput, Address]:
        output = AlsaOutput(CLIENT_NAME, port)
        return output, output.address

    def _open_input(self, port: str) -> tuple[Any, Address]:
        # rtmidi does not say which numbers its port has, so the port is looked for under a name that only
        # it can have, and then gets its proper one.
        passing_name = f"in-{secrets.token_hex(4)}"
        client = new_client("in", "alsa")
        try:
            client.open_virtual_port(passing_name)
            (raw_name,) = (name for name in self._listers["out"].get_ports() if f":{passing_name} " in name)
            client.set_port_name(port)
        except (OSError, ValueError, RuntimeError) as error:  # what rtmidi's own errors derive from
            client.delete()
            raise PortError(
                f'the MIDI port "{CLIENT_NAME}:{port}" cannot be opened: {error}; '
                "`antiphon ports` shows what is there"
            ) from error
        return client, _address_in(raw_name)

    def _connect(self, connection: Connection) -> None:
        if connection.peer is None:
            return
        address = self._addresses(connection.direction).get(connection.peer)
        if address is None:
            raise PortError(f'the MIDI port "{connection.peer}" is missing; plug it in again')
        try:
            self._sequencer.connect(*_ends(connection, address))
        except PortError as error:
            raise PortError(
                f'the MIDI port "{connection.peer}" cannot be opened: {error}; '
                "`antiphon ports` shows what is there"
            ) from error
        self._peers[connection.own_name] = address

    def hear(
        self, connection: Connection, receive: Receive, on_loss: Callable[[], None] = lambda: None
    ) -> None:
        call_back(connection.client, receive)  # rtmidi does not tell of a loss

    def follow(self, loop: asyncio.AbstractEventLoop, on_change: Callable[[], None]) -> None:
        def announced() -> None:
            if self._sequencer.take_announcements():
                on_change()

        try:
            file = self._sequencer.follow_announcements()
        except PortError as error:
            logger.debug("%s; the ports are looked at once a second", error)
            return
        loop.add_reader(file, announced)
        self._stop_following = lambda: loop.remove_reader(file)

    def system_lives(self) -> bool:
        return True

    def system_is_gone(self) -> bool:
        return False

    def is_plugged(self, connection: Connection) -> bool:
        # The name alone would not tell: who is plugged in again at once is there, but not connected.
        if connection.peer is None:
            return True
        return self._sequencer.are_connected(*_ends(connection, self._peers[connection.own_name]))

    def may_send(self, size: int) -> bool:
        return True

    def settle(self) -> None:
        time.sleep(_SETTLING)

    def unplug_output(self, connection: Connection) -> None:
        connection.client.delete()

    def unplug_input(self, connection: Connection) -> None:
        # delete() waits, with Python's lock, for a thread that may be waiting for that lock to call back.
        connection.client.cancel_callback()

    def close(self) -> None:
        self._stop_following()
        self._sequencer.delete()
        for lister in self._listers.values():
            lister.delete()


def _ends(connection: Connection, peer: Address) -> tuple[Address, Address]:
    """Return where what goes through a connection comes from, and where it arrives."""
    own = _address_in(connection.own_name)
    return (peer, own) if connection.direction == "in" else (own, peer)


def _address_in(raw_name: str) -> Address:
    """Return the numbers at the end of a name as rtmidi gives it."""
    found = _ADDRESS.search(raw_name)
    assert found is not None, raw_name
    return Address(int(found[1]), int(found[2]))
