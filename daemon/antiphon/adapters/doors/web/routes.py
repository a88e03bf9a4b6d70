"""What is served at which address."""

from functools import partial

import msgspec
from aiohttp import web

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.web.audience import Audience
from antiphon.adapters.doors.web.live import live
from antiphon.adapters.doors.web.reports import settings_shown


def application(desk: Desk, audience: Audience) -> web.Application:
    """Return what answers requests."""
    app = web.Application(client_max_size=4096)
    app.router.add_get("/api/live", partial(live, desk=desk, audience=audience))
    app.router.add_get("/api/state", lambda request: _json(audience.state()))
    app.router.add_get("/api/settings", lambda request: _json(settings_shown(desk.loaded.config)))
    return app


async def _json(value: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")
