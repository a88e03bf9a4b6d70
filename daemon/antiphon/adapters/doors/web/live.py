"""One WebSocket: a page that plays, asks and is told."""

import asyncio
import logging
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.allowance import Allowance
from antiphon.adapters.doors.web.audience import Audience
from antiphon.adapters.doors.web.hands import PageHands
from antiphon.adapters.doors.web.messages import (
    LARGEST_REQUEST,
    SOURCE,
    Ask,
    AskTheTime,
    Clock,
    Continue,
    Incoming,
    Keep,
    Outcome,
    Outgoing,
    Pedal,
    Press,
    Release,
    Trouble,
    Watch,
    frame_of,
    opened,
)
from antiphon.adapters.doors.web.reports import without_paths
from antiphon.adapters.pacer import clock
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon.errors import AntiphonError, RequestError
from antiphon.requests import request_of

WEIGHT_PER_SECOND = 500.0
"""How much of one page is followed; 1 is a key that is pressed or released."""

BYTES_OF_A_MESSAGE = 256
"""A message weighs as much as messages of this size would."""

WEIGHT_OF_A_REQUEST = 4.0
WEIGHT_OF_A_MISTAKE = 9.0

MOST_UNSENT = 32_768
"""Bytes that may wait for a page; one that lets more wait is dropped. asyncio lets twice as many wait."""

BETWEEN_PINGS: Seconds = 10.0
"""A page that does not answer one within half of this is dropped."""

logger = logging.getLogger(__name__)


class LivePage:
    """Implements :class:`antiphon.adapters.doors.web.audience.Page`.

    Args:
        socket: open already.
        transport: what it writes to.
    """

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport, desk: Desk) -> None:
        self.expects = False
        self._socket = socket
        self._transport = transport
        self._desk = desk
        self._hands = PageHands(desk.hear)
        self._allowance = Allowance(WEIGHT_PER_SECOND)

    async def send(self, frame: bytes) -> None:
        if self._transport.get_write_buffer_size() > MOST_UNSENT:
            logger.info("a page was too slow, and is dropped")
            self._transport.abort()
            return
        # It does not wait: asyncio's own limit is above ours. A page may be gone just now.
        with suppress(ConnectionError):
            await self._socket.send_frame(frame, WSMsgType.TEXT)

    async def follow(self) -> None:
        """Do what comes, until the page is gone or sends too much."""
        try:
            async for received in self._socket:
                if received.type is not WSMsgType.TEXT:
                    await self._refuse(WSCloseCode.UNSUPPORTED_DATA, b"only text is understood")
                elif not await self._take(received.data):
                    await self._refuse(WSCloseCode.POLICY_VIOLATION, b"this is more than can be followed")
        finally:
            self._hands.leave()

    async def _refuse(self, code: WSCloseCode, why: bytes) -> None:
        await self._socket.close(code=code, message=why)

    async def _take(self, text: str) -> bool:
        """Do what a frame asks for; tell whether it was not too much."""
        if not self._may(1 + len(text) / BYTES_OF_A_MESSAGE):
            return False
        try:
            message = opened(text)
        except RequestError as error:
            await self._say(Trouble(str(error)))
            return self._may(WEIGHT_OF_A_MISTAKE)
        return await self._do(message)

    def _may(self, weight: float) -> bool:
        return self._allowance.verdict(weight, clock()) == "listen"

    async def _do(self, message: Incoming) -> bool:
        match message:
            case Press(pitch, velocity):
                self._hands.do(KeyPressed(Pitch(pitch), Velocity(velocity)))
            case Release(pitch):
                self._hands.do(KeyReleased(Pitch(pitch)))
            case Pedal(value):
                self._hands.do(ControlMoved(SUSTAIN_PEDAL, value))
            case Watch(expect):
                self.expects = expect
            case AskTheTime(id_):
                await self._say(Clock(id_, clock()))
            case Ask() | Continue() | Keep():
                if not self._may(WEIGHT_OF_A_REQUEST):
                    return False
                await self._say(await self._outcome(message))
        return True

    async def _outcome(self, message: Ask | Continue | Keep) -> Outcome:
        try:
            match message:
                case Ask(id_, name, values):
                    self._desk.carry_out(request_of(name, values, SOURCE), SOURCE)
                    return Outcome(id_)
                case _:
                    raise RequestError("this is not there yet")
        except AntiphonError as error:
            return Outcome(message.id, without_paths("; ".join(str(error).splitlines())))

    async def _say(self, message: Outgoing) -> None:
        await self.send(frame_of(message))


async def live(request: web.Request, desk: Desk, audience: Audience) -> web.WebSocketResponse:
    """Serve a page from when it comes until it goes."""
    socket = web.WebSocketResponse(
        heartbeat=BETWEEN_PINGS, compress=False, max_msg_size=LARGEST_REQUEST, timeout=1.0
    )
    await socket.prepare(request)
    assert request.transport is not None
    page = LivePage(socket, request.transport, desk)
    await audience.join(page)
    try:
        await page.follow()
    finally:
        audience.leave(page)
    return socket
