"""Keeps the door of OSC open: opens the socket, and opens it again whenever it is gone.

What stands in the way is told in a sentence of the log, and tried again.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial

from antiphon.adapters.broadcast import Follower
from antiphon.adapters.desk import Desk, DoorState
from antiphon.adapters.doors.osc.arrangement import Arrangement, arranged, trouble_with
from antiphon.adapters.doors.osc.service import Service
from antiphon.core.units import Seconds
from antiphon.errors import ConfigurationError
from antiphon.settings import Config

LONGEST_WAIT: Seconds = 60.0

logger = logging.getLogger(__name__)


async def serve(config: Config, desk: Desk) -> None:
    """Serve OSC until cancelled; return at once where it cannot be as the settings say."""
    try:
        arrangement = arranged(config.osc)
    except ConfigurationError as error:
        logger.error("OSC stays off: %s", error)
        return
    follower = Follower()
    desk.broadcast.listen(follower)
    await _serve_for_ever(
        arrangement, lambda: Service(arrangement, desk), follower, partial(desk.door_is, "osc")
    )


async def _serve_for_ever(
    arrangement: Arrangement,
    new_service: Callable[[], Service],
    follower: Follower,
    door_is: Callable[[DoorState], None],
) -> None:
    loop = asyncio.get_running_loop()
    told, waits = "", back_off()
    while True:
        try:
            transport, service = await loop.create_datagram_endpoint(
                new_service, local_addr=(str(arrangement.address), arrangement.port)
            )
        except OSError as error:
            if (trouble := trouble_with(arrangement, error)) != told:
                logger.warning("OSC: %s; it is tried again and again", trouble)
            told = trouble
        else:
            logger.info("OSC is open at %s", arrangement)
            door_is("on")
            told, waits = "", back_off()
            try:
                await service.tell(follower)
            finally:
                transport.close()
                door_is("off")
            logger.warning("OSC: the socket is gone; it is opened again")
        await asyncio.sleep(next(waits))


def back_off() -> Iterator[Seconds]:
    """Yield how long to wait before the next attempt: a second, and each time twice as long, to a minute."""
    wait = 1.0
    while True:
        yield wait
        wait = min(2 * wait, LONGEST_WAIT)
