"""The door of the page: opened, told of, opened again, and shut."""

import asyncio
import logging
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from missing import WEB

pytest.importorskip("aiohttp", reason=WEB)
pytest.importorskip("segno", reason=WEB)

from aiohttp import ClientSession

from antiphon.adapters.doors.web.door import MOST_CONNECTIONS, serve
from default_config import loaded
from desk_scene import Scene
from log_lines import log_lines
from web_pages import LOOPBACK, PATIENCE, OpenPage, free_port, page_of, serving


def test_where_it_is_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def whole() -> str:
        async with serving(tmp_path) as served:
            assert served.told == f"{served.url}/"
            return served.told

    with caplog.at_level(logging.INFO):
        url = asyncio.run(whole())
    assert f"the page is at {url}" in caplog.messages


def test_whoever_comes_from_elsewhere_brings_the_token_that_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))

    async def whole() -> None:
        async with serving(tmp_path, "web.address=0.0.0.0") as served, ClientSession() as client:
            async with client.get(f"{served.url}/api/state") as answer:
                assert answer.status == 401
            _, _, query = served.told.partition("?")
            async with client.get(f"{served.url}/api/state?{query}") as answer:
                assert answer.status == 200

    asyncio.run(whole())


def test_a_token_that_cannot_be_read_keeps_the_page_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def whole() -> None:
        scene = Scene(
            loaded(f"web.port={free_port()}", "web.address=0.0.0.0", "web.token_file=/nowhere/at/all")
        )
        await serve(scene.desk.loaded.config, scene.desk)
        scene.close()

    asyncio.run(whole())
    assert "the page stays off: cannot read the token in /nowhere/at/all" in caplog.text


def test_a_port_that_somebody_has_is_told_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def whole() -> None:
        with socket.create_server((LOOPBACK, 0)) as taken:
            port = taken.getsockname()[1]
            scene = Scene(loaded(f"web.port={port}", f"record.folder='{tmp_path}'"))
            is_open = asyncio.get_running_loop().create_future()
            config = scene.desk.loaded.config
            door = asyncio.create_task(
                serve(config, scene.desk, opened=is_open.set_result, between_attempts=0.01)
            )
            async with log_lines() as lines:
                await lines.until("it is tried again and again")
        async with asyncio.timeout(PATIENCE):
            await is_open
        scene.close()
        door.cancel()
        with suppress(asyncio.CancelledError):
            await door

    asyncio.run(whole())
    assert caplog.text.count("it is tried again and again") == 1


def test_connections_that_are_too_many_are_closed(tmp_path: Path) -> None:
    async def whole() -> None:
        async with serving(tmp_path) as served, page_of(served) as page:
            idle = [await asyncio.open_connection(LOOPBACK, served.port) for _ in range(MOST_CONNECTIONS + 5)]
            async with asyncio.timeout(PATIENCE):
                assert await idle[-1][0].read() == b""
            await page.send("press", pitch=60)
            await page.until("heard")
            for _, writer in idle:
                writer.close()

    asyncio.run(whole())


def test_when_the_daemon_goes_the_pages_are_told(tmp_path: Path) -> None:
    async def whole() -> None:
        async with ClientSession() as client:
            async with serving(tmp_path) as served:
                socket = await client.ws_connect(f"{served.url}/api/live")
                reading = asyncio.create_task(OpenPage(socket).until_closed())
            assert await reading == 1001

    asyncio.run(whole())


def test_what_is_no_http_is_nobodys_business(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def whole() -> None:
        async with serving(tmp_path) as served:
            caplog.clear()
            for nonsense in (b"\0" * 99, b"\x16\x03\x01\x02\0" * 9, b"GET / HTTP/9.9\r\n\r\n", b"x" * 99_999):
                reader, writer = await asyncio.open_connection(LOOPBACK, served.port)
                writer.write(nonsense + b"\r\n\r\n")
                with suppress(ConnectionError):
                    await reader.read()
                writer.close()
            async with page_of(served):
                pass

    asyncio.run(whole())
    assert "Traceback" not in caplog.text
    assert caplog.messages == []
