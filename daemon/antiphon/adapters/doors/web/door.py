"""Keeps the page open: opens the port, tells where it is, and tries again where it is not to be had."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.web.assets import STATIC, assets_in
from antiphon.adapters.doors.web.audience import Audience
from antiphon.adapters.doors.web.guard import Guard, is_loopback
from antiphon.adapters.doors.web.invitation import invite, names_of_ours
from antiphon.adapters.doors.web.live import Room
from antiphon.adapters.doors.web.routes import application
from antiphon.adapters.doors.web.secret import secret_of
from antiphon.adapters.doors.web.sessions import Sessions
from antiphon.adapters.files.place import place_for_recordings
from antiphon.core.units import Seconds
from antiphon.errors import DoorError, reason_of
from antiphon.settings import Config, Web

BETWEEN_ATTEMPTS: Seconds = 5.0

BETWEEN_LOOKS: Seconds = 1.0

MOST_CONNECTIONS = 128
"""Those beyond are closed: they would use up what the process may open, and MIDI ports want some of it."""

IDLE: Seconds = 15.0
"""How long a connection may stay open without a request."""

logger = logging.getLogger(__name__)

http_logger = logging.getLogger("antiphon.adapters.doors.web.http")
http_logger.setLevel(logging.CRITICAL)
"""What comes that is no HTTP is nobody's business here; what our own routes do wrong, they tell."""


def unshown(url: str) -> None:
    """Leave it to people to open the page."""


async def serve(
    config: Config,
    desk: Desk,
    opened: Callable[[str], None] = unshown,
    between_attempts: Seconds = BETWEEN_ATTEMPTS,
) -> None:
    """Serve the page until this is cancelled; return at once where it cannot be as the settings say.

    Args:
        opened: called with the address of the page as soon as it is there.
        between_attempts: how long after it could not be opened it is tried again.
    """
    loop = asyncio.get_running_loop()
    needs_token = not is_loopback(config.web.address)
    try:
        secret = await loop.run_in_executor(None, secret_of, config.web, os.environ) if needs_token else None
    except DoorError as error:
        logger.error("the page stays off: %s", error)
        return
    assets = await loop.run_in_executor(None, assets_in, STATIC)
    if not assets:
        logger.warning("the page itself is not built here; run make page")
    place = await loop.run_in_executor(None, place_for_recordings, config.record, os.environ)
    room = Room(desk, Audience(desk), Sessions(place.folder, desk.broadcast))
    guard = Guard(names_of_ours(config.web.hosts), secret.digest if secret else None)
    cookie = f"antiphon-{config.web.port}"  # cookies know hosts, but no ports
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(room.audience.tell())
        app = application(room, guard, cookie, assets)
        await _stay_open(app, config.web, lambda: opened(invite(config.web, secret)), between_attempts)


async def _stay_open(
    app: web.Application, settings: Web, tell: Callable[[], None], between_attempts: Seconds
) -> None:
    address, port, told = settings.address, settings.port, ""
    while True:
        try:
            async with _opened(app, address, port) as server:
                tell()
                await _close_what_is_too_much(server)
        except (OSError, UnicodeError) as error:  # the second where the address is no name at all
            trouble = f"the page cannot be served at {address}, port {port}: {reason_of(error)}"
            if trouble != told:
                logger.warning("%s; it is tried again and again", trouble)
            told = trouble
        await asyncio.sleep(between_attempts)


@asynccontextmanager
async def _opened(app: web.Application, address: str, port: int) -> AsyncIterator[web.Server]:
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=http_logger,
        keepalive_timeout=IDLE,
        lingering_time=0.0,
        shutdown_timeout=0.2,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, address, port).start()
        assert runner.server is not None
        yield runner.server
    finally:
        await runner.cleanup()


async def _close_what_is_too_much(server: web.Server) -> None:
    while True:
        await asyncio.sleep(BETWEEN_LOOKS)
        for connection in server.connections[MOST_CONNECTIONS:]:
            connection.force_close()
