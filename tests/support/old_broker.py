"""A broker that speaks nothing newer than MQTT 3.1.1: another one, with somebody at its door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CONNACK_UNACCEPTABLE_VERSION = bytes([0x20, 2, 0, 1])
"""MQTT 3.1.1, 3.2.2.3."""

NAME_OF_PROTOCOL = b"\x00\x04MQTT"


class Porter:
    """Passes on whoever connects by 3.1.1 and turns away all others.

    Args:
        port: of the broker behind.
        says_why: whether those who are turned away are told; some brokers only hang up.
    """

    def __init__(self, port: int, says_why: bool) -> None:
        self.turned_away = 0
        self._visits: set[asyncio.Task[None]] = set()
        self._port = port
        self._says_why = says_why

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Look at whoever connects, and stay until they have left."""
        task = asyncio.current_task()
        assert task is not None
        self._visits.add(task)
        try:
            await self._attend(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def close(self) -> None:
        """Wait until everybody has left."""
        if self._visits:
            await asyncio.wait(self._visits)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connect = await reader.read(4096)
        if not connect:
            return
        level = connect[connect.index(NAME_OF_PROTOCOL) + len(NAME_OF_PROTOCOL)]
        if level > 4:
            self.turned_away += 1
            if self._says_why:
                writer.write(CONNACK_UNACCEPTABLE_VERSION)
                await writer.drain()
            return
        from_broker, to_broker = await asyncio.open_connection("127.0.0.1", self._port)
        to_broker.write(connect)
        await asyncio.gather(copied(reader, to_broker), copied(from_broker, writer))


async def copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def old_broker(port: int, *, says_why: bool = True) -> AsyncIterator[tuple[int, Porter]]:
    """Put a porter before a broker; yield the port at which he stands."""
    porter = Porter(port, says_why)
    server = await asyncio.start_server(porter.receive, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], porter
        await porter.close()
