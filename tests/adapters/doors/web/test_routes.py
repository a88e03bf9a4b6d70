"""What is served at which address, and to whom."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from mido import MidiFile

from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from missing import WEB

pytest.importorskip("aiohttp", reason=WEB)
pytest.importorskip("segno", reason=WEB)

from aiohttp import ClientSession, CookieJar, TCPConnector, web

from antiphon.adapters.doors.web.assets import assets_in
from antiphon.adapters.doors.web.audience import Audience
from antiphon.adapters.doors.web.guard import Guard, digest_of
from antiphon.adapters.doors.web.live import Room
from antiphon.adapters.doors.web.routes import HEADERS, application
from antiphon.adapters.doors.web.sessions import Sessions
from default_config import loaded
from desk_scene import Scene
from web_pages import LOOPBACK, free_port

SESAME = "sesame, open yourself"

Visit: TypeAlias = Callable[[ClientSession, str], Coroutine[Any, Any, None]]


def visited(tmp_path: Path, visit: Visit, token: str = "") -> None:
    """Serve a page of two files, and have somebody come by."""
    static = tmp_path / "static" / "assets"
    static.mkdir(parents=True)
    (static.parent / "index.html").write_text("<!doctype html>")
    (static / "app-1a2b.js").write_text("let it = 'be';" * 50)

    async def whole() -> None:
        scene = Scene(loaded(f"record.folder='{tmp_path}'"))
        room = Room(scene.desk, Audience(scene.desk), Sessions(tmp_path / "sessions", scene.broadcast))
        guard = Guard([], digest_of(token) if token else None)
        runner = web.AppRunner(
            application(room, guard, "antiphon-1", assets_in(static.parent)), lingering_time=0.0
        )
        await runner.setup()
        port = free_port()
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
            jar = CookieJar(unsafe=True)  # cookies of addresses, as browsers take them
            async with ClientSession(cookie_jar=jar, connector=TCPConnector(force_close=True)) as client:
                await visit(client, f"http://{LOOPBACK}:{port}")
        finally:
            await runner.cleanup()
            scene.close()

    asyncio.run(whole())


def test_the_page_and_its_files_are_served_with_their_types(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")
            assert await answer.text() == "<!doctype html>"
            assert answer.headers["Cache-Control"] == "no-cache"
        async with client.get(f"{url}/assets/app-1a2b.js") as answer:
            assert (answer.content_type, answer.headers["Content-Encoding"]) == ("text/javascript", "gzip")
            assert await answer.text() == "let it = 'be';" * 50
            assert "immutable" in answer.headers["Cache-Control"]
            etag = answer.headers["ETag"]
        async with client.get(f"{url}/assets/app-1a2b.js", headers={"If-None-Match": etag}) as answer:
            assert answer.status == 304
        async with client.get(f"{url}/assets/app-1a2b.js", headers={"Accept-Encoding": "identity"}) as answer:
            assert "Content-Encoding" not in answer.headers
            assert await answer.text() == "let it = 'be';" * 50

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere",
        "/api/state",
        "/api/sessions/0123456789ab",
        "/assets/app-1a2b.js",
        "/api/sessions?most=0",
    ],
)
def test_whatever_is_answered_no_script_but_ours_may_run_and_nobody_may_frame_it(
    tmp_path: Path, path: str
) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(url + path) as answer:
            assert HEADERS.items() <= dict(answer.headers).items()
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/assets/../../secret",
        "/..%2fsecret",
        "/assets/%2e%2e%2f%2e%2e%2fsecret",
        "//etc/passwd",
        "/api/sessions/..%2fsecret.mid",
        "/api/sessions/%2e%2e",
    ],
)
def test_nothing_is_served_but_the_files_of_the_page(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")

    async def visit(client: ClientSession, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 404 ")
        assert b"secret" not in answer.partition(b"\r\n\r\n")[2]

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/api/live", "/api/state", "/api/sessions"])
def test_another_site_can_neither_play_nor_look(
    tmp_path: Path, path: str, headers: dict[str, str], status: int
) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(url + path, headers=headers) as answer:
            assert answer.status == status
            assert len(await answer.text()) < 120

    visited(tmp_path, visit)


def test_a_link_of_another_site_may_lead_to_the_page(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(url, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
            assert answer.status == 200

    visited(tmp_path, visit)


@pytest.mark.parametrize(
    "path", ["/", "/api/live", "/api/state", "/api/sessions", "/assets/app-1a2b.js", "/x"]
)
def test_without_the_token_nothing_is_served(tmp_path: Path, path: str) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        for asked in (path, f"{path}?token=wrong"):
            async with client.get(url + asked) as answer:
                assert answer.status == 401
                assert not answer.cookies

    visited(tmp_path, visit, token=SESAME)


def test_who_has_brought_the_token_once_need_not_bring_it_again(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(url, params={"token": SESAME}) as answer:
            assert answer.status == 200
            cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
        async with client.get(f"{url}/api/state") as answer:
            assert answer.status == 200
            assert "Set-Cookie" not in answer.headers
        async with client.ws_connect(f"{url}/api/live") as live:
            assert (await live.receive_json())["type"] == "hello"

    visited(tmp_path, visit, token=SESAME)


def test_a_request_with_something_in_it_is_refused_before_that_is_read(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 10000000\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
        writer.close()

    visited(tmp_path, visit)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_done_by_a_request(tmp_path: Path, method: str) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.request(method, f"{url}/api/state") as answer:
            assert answer.status == 405

    visited(tmp_path, visit)


def test_the_state_and_the_settings_can_be_looked_at(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(f"{url}/api/state") as answer:
            assert (await answer.json())["mode"] == "answer"
            assert answer.headers["Cache-Control"] == "no-store"
        async with client.get(f"{url}/api/settings") as answer:
            settings = {each["name"]: each for each in await answer.json()}
            assert settings["play.temperature"]["value"] == 1.0

    visited(tmp_path, visit)


@pytest.mark.parametrize("most", ["0", "-1", "101", "x", "1e1", "\u0663"])
def test_a_list_is_as_long_as_may_be_asked_for(tmp_path: Path, most: str) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.get(f"{url}/api/sessions", params={"most": most}) as answer:
            assert answer.status == 400
            assert "from 1 to 100" in await answer.text()

    visited(tmp_path, visit)


def test_what_is_kept_is_listed_shown_and_taken_along_by_its_id(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        async with client.ws_connect(f"{url}/api/live") as live:
            for key in (60, 64):
                await live.send_json({"type": "press", "pitch": key})
                await live.send_json({"type": "release", "pitch": key})
            await live.send_json({"type": "keep", "id": 1})
            while (said := await live.receive_json())["type"] != "outcome":
                pass
        async with client.get(f"{url}/api/sessions") as answer:
            text = await answer.text()
            [listed] = await answer.json()
        assert str(tmp_path) not in text
        assert listed["id"] == said["session"]
        assert (listed["heard"], listed["played"], listed["is_going_on"]) == (2, 0, False)
        async with client.get(f"{url}/api/sessions/{listed['id']}") as answer:
            notes = (await answer.json())["parts"]["you"]["notes"]
        assert [pitch for _, _, pitch, _ in notes] == [60, 64]
        async with client.get(f"{url}/api/sessions/{listed['id']}.mid") as answer:
            assert answer.content_type == "audio/midi"
            assert answer.headers["Content-Disposition"].startswith('attachment; filename="antiphon-')
            (tmp_path / "taken.mid").write_bytes(await answer.read())
        assert [note.pitch for note in notes_heard(read_performance(tmp_path / "taken.mid"))] == [60, 64]
        assert [track.name for track in MidiFile(tmp_path / "taken.mid").tracks] == ["you", "antiphon"]

    visited(tmp_path, visit)


def test_an_id_that_nothing_has_is_told(tmp_path: Path) -> None:
    async def visit(client: ClientSession, url: str) -> None:
        for path in ("0123456789ab", "0123456789ab.mid"):
            async with client.get(f"{url}/api/sessions/{path}") as answer:
                assert answer.status == 404
                assert "there is no such recording" in await answer.text()

    visited(tmp_path, visit)
