"""Ports under ALSA's sequencer, which never dies; but an unplugged port keeps accepting messages."""

import time
from typing import Any

from antiphon.adapters.midi_connection import Connection, Direction, virtual_name
from antiphon.adapters.midi_libraries import new_client
from antiphon.adapters.port_names import CLIENT_NAME, stable_names
from antiphon.errors import PortError

_SETTLING = 0.05
"""Seconds for what has reached the kernel to leave through a DIN cable: some fifty messages."""


class AlsaCables:
    """Plugs into the ports of the ALSA sequencer.

    Raises:
        PortError: the sequencer cannot be opened.
    """

    def __init__(self) -> None:
        self._listers: dict[Direction, Any] = {
            "in": new_client("in", "alsa", f"{CLIENT_NAME}-watch"),
            "out": new_client("out", "alsa", f"{CLIENT_NAME}-watch"),
        }

    def names(self, direction: Direction) -> tuple[str, ...]:
        return tuple(stable_names(self._listers[direction].get_ports()))

    def plug(self, direction: Direction, peer: str | None) -> Connection:
        client = new_client(direction, "alsa")
        try:
            if peer is None:
                client.open_virtual_port(direction)
            else:
                client.open_port(stable_names(client.get_ports())[peer], direction)
        except KeyError as error:
            raise PortError(f'the MIDI port "{peer}" is missing; plug it in again') from error
        except (OSError, ValueError, RuntimeError) as error:  # what rtmidi's own errors derive from
            raise PortError(
                f'the MIDI port "{peer or virtual_name(direction)}" cannot be opened: {error}'
            ) from error
        return Connection(client, direction, peer, virtual_name(direction))

    def replug(self, former: Connection, peer: str | None) -> Connection:
        connection = self.plug(former.direction, peer)
        if former.direction == "in":
            self.unplug_input(former)
        else:
            self.unplug_output(former)
        return connection

    def system_lives(self) -> bool:
        return True

    def system_is_gone(self) -> bool:
        return False

    def is_plugged(self, connection: Connection) -> bool:
        return connection.peer is None or connection.peer in self.names(connection.direction)

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
        for lister in self._listers.values():
            lister.delete()
