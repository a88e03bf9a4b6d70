"""The page's server with a desk behind it, and pages that speak to it as a browser does."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from antiphon.adapters.doors.web.door import serve
from antiphon.core.engine import Engine
from default_config import loaded
from desk_scene import Scene

PATIENCE = 20.0
"""Seconds that something is waited for before a test gives up on it."""

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a TCP port of the loopback that nobody has."""
    with socket.socket() as trial:
        trial.bind((LOOPBACK, 0))
        port: int = trial.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Served:
    """A door that is open, what is behind it, and where it says that it is."""

    scene: Scene
    port: int
    told: str

    @property
    def url(self) -> str:
        """Where it is for programs of this machine."""
        return f"http://{LOOPBACK}:{self.port}"


class OpenPage:
    """A page that is open: sends messages, and waits for some."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, type_: str, **fields: Any) -> None:
        await self._socket.send_json({"type": type_, **fields})

    async def send_text(self, text: str) -> None:
        await self._socket.send_str(text)

    async def send_bytes(self, data: bytes) -> None:
        await self._socket.send_bytes(data)

    async def next(self) -> dict[str, Any]:
        """Return the next message."""
        received = await self._socket.receive()
        assert received.type is WSMsgType.TEXT, received
        said: dict[str, Any] = json.loads(received.data)
        return said

    async def until(self, type_: str, **fields: Any) -> dict[str, Any]:
        """Return the next message of a type that has these values; what comes before is left out."""
        passed_over: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    said = await self.next()
                    if said["type"] == type_ and fields.items() <= said.items():
                        return said
                    passed_over.append(said)
        except TimeoutError:
            raise AssertionError(f"no {type_} with {fields} came, but {passed_over}") from None

    async def asked(self, name: str, **values: Any) -> dict[str, Any]:
        """Ask for something, and return the outcome."""
        await self.send("request", id=1, name=name, values=values)
        return await self.until("outcome")

    async def until_closed(self) -> int:
        """Return the code with which it is closed; what comes before is left out."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self._socket:
                pass
        assert self._socket.close_code is not None
        return self._socket.close_code

    async def until_told_the_time(self) -> None:
        """Ask for the time, and wait until it is told or the socket is closed."""
        with suppress(ClientError, ConnectionError):
            await self.send("clock", id=0)
            async with asyncio.timeout(PATIENCE):
                async for received in self._socket:
                    if json.loads(received.data)["type"] == "clock":
                        return

    async def close(self) -> None:
        await self._socket.close()


@asynccontextmanager
async def serving(folder: Path, *sets: str, engine: Engine | None = None) -> AsyncIterator[Served]:
    """Open the door of a desk whose recordings are in a folder."""
    port = free_port()
    scene = Scene(loaded(f"web.port={port}", f"record.folder='{folder}'", *sets), engine=engine)
    is_open: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    door = asyncio.create_task(serve(scene.desk.loaded.config, scene.desk, opened=is_open.set_result))
    try:
        both: set[asyncio.Future[Any]] = {door, is_open}
        await asyncio.wait(both, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        yield Served(scene, port, is_open.result())
    finally:
        scene.close()
        door.cancel()
        with suppress(asyncio.CancelledError):
            await door


@asynccontextmanager
async def page_of(served: Served, **how: Any) -> AsyncIterator[OpenPage]:
    """Open a page; what it is told first has been read."""
    async with ClientSession() as client, client.ws_connect(f"{served.url}/api/live", **how) as socket:
        page = OpenPage(socket)
        assert (await page.next())["type"] == "hello"
        yield page


def with_a_page(
    folder: Path, session: Callable[[Served, OpenPage], Coroutine[Any, Any, None]], *sets: str
) -> None:
    """Run a session of a desk and one page."""

    async def whole() -> None:
        async with serving(folder, *sets) as served, page_of(served) as page:
            await session(served, page)

    asyncio.run(whole())
