"""Ports that are serial lines: DIN sockets on the UART of a Raspberry Pi, or an adapter on USB.

There is no system behind them that could die, and nobody else connects them. Their names are
``serial:`` and the path of the device.
"""

import asyncio
import glob
from collections.abc import Callable, Iterable

from antiphon.adapters.midi.connection import Connection, Direction, Receive
from antiphon.adapters.midi.port_names import SERIAL
from antiphon.adapters.midi.serial_line import SerialInput, SerialLine, SerialOutput
from antiphon.errors import PortError

USUAL = ("/dev/serial[0-9]*", "/dev/ttyAMA*", "/dev/ttyUSB*")
"""The UARTs of a Raspberry Pi and their aliases, and adapters on USB."""


def serial_names(paths: Iterable[str] = USUAL) -> tuple[str, ...]:
    """Return the names of the serial lines that are there.

    Args:
        paths: patterns of files.
    """
    found = (path for pattern in paths for path in sorted(glob.glob(pattern)))
    return tuple(SERIAL + path for path in dict.fromkeys(found))


class SerialCables:
    """Plugs into serial lines.

    Args:
        pattern: ``serial:`` and a path, in which ``*`` stands for any part.
        on_trouble: called when a line was unplugged.
    """

    system = "serial"

    def __init__(self, pattern: str, on_trouble: Callable[[], None]) -> None:
        self._path = pattern.removeprefix(SERIAL)
        self._on_trouble = on_trouble
        self._outputs: list[SerialOutput] = []

    def names(self, direction: Direction) -> tuple[str, ...]:
        return serial_names((self._path,))

    def plug(self, direction: Direction, peer: str | None, partner: str = "") -> Connection:
        if peer is None:
            return Connection(None, direction, None, "", partner)
        line = SerialLine(peer.removeprefix(SERIAL))
        if direction == "in":
            return Connection(SerialInput(line, self._on_trouble), direction, peer, peer, partner)
        output = SerialOutput(line, self._on_trouble)
        self._outputs.append(output)
        return Connection(output, direction, peer, peer, partner)

    def replug(self, former: Connection, peer: str | None) -> Connection:
        if peer is None:
            raise PortError("a serial port has no virtual one in its place; name one that is there")
        self._unplug(former)
        return self.plug(former.direction, peer, former.partner)

    def hear(
        self, connection: Connection, receive: Receive, on_loss: Callable[[], None] = lambda: None
    ) -> None:
        if connection.client is not None:
            connection.client.listen(receive)

    def follow(self, loop: asyncio.AbstractEventLoop, on_change: Callable[[], None]) -> None:
        """Tell of nothing that comes; what goes is told by ``on_trouble``."""

    def system_lives(self) -> bool:
        return True

    def system_is_gone(self) -> bool:
        return False

    def is_plugged(self, connection: Connection) -> bool:
        return connection.client is not None and connection.client.is_there

    def may_send(self, size: int) -> bool:
        return True

    def settle(self) -> None:
        for output in self._outputs:
            output.settle()

    def unplug_output(self, connection: Connection) -> None:
        self._unplug(connection)

    def unplug_input(self, connection: Connection) -> None:
        self._unplug(connection)

    def _unplug(self, connection: Connection) -> None:
        if connection.client in self._outputs:
            self._outputs.remove(connection.client)
        if connection.client is not None:
            connection.client.close()

    def close(self) -> None:
        pass
