"""Keeps the page open: opens the port, tells where it is, and tries again where it is not to be had."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.web.audience import Audience
from antiphon.adapters.doors.web.routes import application
from antiphon.core.units import Seconds
from antiphon.errors import reason_of
from antiphon.schema import Config

BETWEEN_ATTEMPTS: Seconds = 5.0

logger = logging.getLogger(__name__)


async def serve(config: Config, desk: Desk) -> None:
    """Serve the page until this is cancelled."""
    audience = Audience(desk)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(audience.tell())
        await _serve_for_ever(config, application(desk, audience))


async def _serve_for_ever(config: Config, app: web.Application) -> None:
    told = ""
    while True:
        try:
            async with _open(app, config.web.address, config.web.port):
                logger.info("the page is at http://%s:%d/", config.web.address, config.web.port)
                await asyncio.Event().wait()
        except OSError as error:
            trouble = f"the page cannot be served at port {config.web.port}: {reason_of(error)}"
            if trouble != told:
                logger.warning("%s; it is tried again and again", trouble)
            told = trouble
        await asyncio.sleep(BETWEEN_ATTEMPTS)


@asynccontextmanager
async def _open(app: web.Application, address: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, address, port).start()
        yield
    finally:
        await runner.cleanup()
