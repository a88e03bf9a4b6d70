"""What is served at which address, and to whom. Whatever waits for a disk is done in a thread."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from aiohttp import hdrs, web

from antiphon.adapters.doors.web.assets import Asset
from antiphon.adapters.doors.web.guard import Asked, Guard
from antiphon.adapters.doors.web.live import Room, serve_live
from antiphon.adapters.doors.web.reports import settings_shown
from antiphon.errors import AntiphonError, in_one_line

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

logger = logging.getLogger(__name__)

MOST_SHOWN = 100
USUALLY_SHOWN = 20
"""Recordings in one list."""

A_YEAR = 365 * 86_400

SERVED = {
    "/api/live": "live",
    "/api/state": "state",
    "/api/settings": "settings",
    "/api/sessions": "sessions",
    "/api/sessions/{id:[A-Za-z0-9_-]{1,32}}.mid": "session_as_file",
    "/api/sessions/{id:[A-Za-z0-9_-]{1,32}}": "session",
    "/{path:.*}": "asset",
}
"""What of :class:`Routes` answers at which address."""

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "midi=(self), camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "antiphon",
    "X-Content-Type-Options": "nosniff",
}


def application(room: Room, guard: Guard, cookie: str, assets: Mapping[str, Asset]) -> web.Application:
    """Return what answers requests.

    Args:
        room: what pages come to.
        guard: decides who may.
        cookie: name of the cookie that holds the token.
        assets: the files of the page, by their paths.
    """
    routes = Routes(room, assets)
    app = web.Application(middlewares=[_guarded(guard, cookie)])
    app.on_shutdown.append(lambda _: room.audience.dismiss())
    app.on_response_prepare.append(_add_headers)
    app.add_routes([web.get(address, getattr(routes, name)) for address, name in SERVED.items()])
    return app


class Routes:
    """What is answered at each address."""

    def __init__(self, room: Room, assets: Mapping[str, Asset]) -> None:
        self._room = room
        self._assets = assets

    async def live(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket, on which a page plays, asks and is told."""
        return await serve_live(request, self._room)

    async def state(self, _: web.Request) -> web.StreamResponse:
        """What it is doing, as the message `state`."""
        return _json(self._room.audience.state())

    async def settings(self, _: web.Request) -> web.StreamResponse:
        """The settings that can change while it plays, with their values, as in the message `hello`."""
        return _json(settings_shown(self._room.desk.loaded.config))

    async def sessions(self, request: web.Request) -> web.StreamResponse:
        """The recorded sessions, the newest first: `most` of them, from the one after `before` on."""
        most = request.query.get("most", str(USUALLY_SHOWN))
        if not (most.isascii() and most.isdigit() and 0 < int(most[:6]) <= MOST_SHOWN):
            raise web.HTTPBadRequest(text=f"most has to be a number from 1 to {MOST_SHOWN}")
        return _json(await self._room.sessions.newest(int(most), request.query.get("before", "")))

    async def session(self, request: web.Request) -> web.StreamResponse:
        """A recorded session: the notes and the pedal of both parts."""
        return _json(await self._room.sessions.shown(request.match_info["id"]))

    async def session_as_file(self, request: web.Request) -> web.StreamResponse:
        """A recorded session as a `.mid` file."""
        name, content = await self._room.sessions.content(request.match_info["id"])
        headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"', hdrs.CACHE_CONTROL: "no-store"}
        return web.Response(body=content, content_type="audio/midi", headers=headers)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """A file of the page."""
        asset = self._assets.get(request.path)
        if asset is None:
            raise web.HTTPNotFound(text="there is no such page")
        headers = {
            hdrs.ETAG: f'"{asset.etag}"',
            hdrs.CACHE_CONTROL: asset.caching,
            hdrs.VARY: "Accept-Encoding",
        }
        if any(known.value in (asset.etag, "*") for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        if asset.compressed is not None and "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            headers[hdrs.CONTENT_ENCODING] = "gzip"
            content = asset.compressed
        else:
            content = await asyncio.get_running_loop().run_in_executor(None, asset.content)
        return web.Response(body=content, headers={**headers, hdrs.CONTENT_TYPE: asset.type})


def _guarded(guard: Guard, cookie: str) -> Any:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        offered = request.query.get("token", "")
        token = offered or request.cookies.get(cookie, "")
        headers = request.headers
        asked = Asked(
            host=headers.get(hdrs.HOST, ""),
            origin=headers.get(hdrs.ORIGIN, ""),
            site=headers.get("Sec-Fetch-Site", "") if request.path.startswith("/api/") else "",
            token=token,
        )
        if (refusal := guard.refusal(asked)) is not None:
            return _refused(refusal.status, refusal.why)
        if request.body_exists:
            return _refused(413, "nothing may come with a request")
        response = await _answered(request, handler)
        if offered and guard.is_token(offered) and not response.prepared:
            response.set_cookie(cookie, offered, max_age=A_YEAR, httponly=True, samesite="Strict", path="/")
        return response

    return guarded


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _refused(error.status, error.text or error.reason)
    except AntiphonError as error:
        return _refused(404, str(error))
    except ConnectionError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a page asks for, the music goes on
        logger.error("a request of the page failed: %s: %s", type(error).__name__, in_one_line(error))
        return _refused(500, "this went wrong; the log of the daemon says how")


def _refused(status: int, why: str) -> web.Response:
    response = web.Response(status=status, text=f"{why}\n")
    response.force_close()
    return response


def _json(value: object) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=msgspec.json.encode(value), content_type="application/json", headers=headers)


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
