"""Another program that speaks OSC, with a socket of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

DEADLINE = 10.0

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a UDP port of the loopback that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.bind((LOOPBACK, 0))
        port: int = trial.getsockname()[1]
        return port


def bundle(at: float, *messages: tuple[Any, ...]) -> bytes:
    """Return a bundle for a moment in seconds since 1970; 0 is at once."""
    builder = OscBundleBuilder(at)  # type: ignore[arg-type]
    for address, *arguments in messages:
        builder.add_content(build_msg(address, arguments))
    return builder.build().dgram


class OscPeer(asyncio.DatagramProtocol):
    """Sends to a door, and keeps what comes from it in the order in which it came."""

    def __init__(self, door: int) -> None:
        self._door = (LOOPBACK, door)
        self._received: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self.bytes_received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self.bytes_received += len(data)
        message = OscMessage(data)
        self._received.put_nowait((message.address, *message))

    def send(self, address: str, *arguments: Any) -> None:
        self.send_bytes(build_msg(address, arguments).dgram)

    def send_bytes(self, packet: bytes) -> None:
        self._transport.sendto(packet, self._door)

    async def next(self) -> tuple[Any, ...]:
        """Return the next message, as its address and its arguments."""
        return await asyncio.wait_for(self._received.get(), DEADLINE)

    async def until(self, address: str) -> tuple[Any, ...]:
        """Return the arguments of the next message of an address; what comes before is left out."""
        while True:
            came, *arguments = await self.next()
            if came == address:
                return tuple(arguments)

    def left(self) -> list[tuple[Any, ...]]:
        """Return everything that came and was not asked for."""
        return [self._received.get_nowait() for _ in range(self._received.qsize())]


@asynccontextmanager
async def osc_peer(door: int, port: int = 0) -> AsyncIterator[OscPeer]:
    transport, peer = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: OscPeer(door), local_addr=(LOOPBACK, port)
    )
    try:
        yield peer
    finally:
        transport.close()
