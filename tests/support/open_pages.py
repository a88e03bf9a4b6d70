"""Pages that are open, as a program of its own: ``python open_pages.py PORT PAGES [--asleep]``.

Each watches everything there is to be told; those that are asleep read nothing of it. A line says when all of
them are open; they stay so until the program is ended.
"""

import asyncio
import socket
import sys
import threading
from contextlib import AsyncExitStack

from aiohttp import ClientSession, ClientWebSocketResponse

HANDSHAKE = (
    "GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


async def stay_awake(port: int, pages: int) -> None:
    """Open pages that read all that comes."""
    async with AsyncExitStack() as opened:
        client = await opened.enter_async_context(ClientSession())
        url = f"http://127.0.0.1:{port}/api/live"
        sockets = [await opened.enter_async_context(client.ws_connect(url)) for _ in range(pages)]
        for each in sockets:
            await each.send_str('{"type":"watch","expect":true}')
        say_that_they_are_open()
        await asyncio.gather(*map(read_all, sockets))


async def read_all(page: ClientWebSocketResponse) -> None:
    async for _ in page:
        pass


def sleep(port: int, pages: int) -> None:
    """Open pages that read nothing; a library would read ahead by itself."""
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(pages)]
    for each in sockets:
        each.sendall(HANDSHAKE.encode())
    say_that_they_are_open()
    threading.Event().wait()


def say_that_they_are_open() -> None:
    sys.stdout.write("open\n")
    sys.stdout.flush()


if __name__ == "__main__":
    port, pages = int(sys.argv[1]), int(sys.argv[2])
    if "--asleep" in sys.argv[3:]:
        sleep(port, pages)
    else:
        asyncio.run(stay_awake(port, pages))
