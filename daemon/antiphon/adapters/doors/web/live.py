"""One WebSocket: a page that plays, asks and is told."""

import asyncio
import logging
import socket
from contextlib import suppress
from dataclasses import dataclass

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
    Hold,
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
from antiphon.adapters.doors.web.sessions import Sessions
from antiphon.adapters.pacer import clock
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    HoldPressed,
    HoldReleased,
    KeyPressed,
    KeyReleased,
)
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

MOST_PAGES = 32

LONGEST_SENTENCE = 1000

CLOSING: Seconds = 1.0
"""How long a page may take to say goodbye."""

FAREWELL: Seconds = 0.3
"""How long it may take when the daemon is going; well within what a door has."""

BETWEEN_PINGS: Seconds = 10.0
"""A page that does not answer one within half of this is dropped."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Room:
    """What pages come to."""

    desk: Desk
    audience: Audience
    sessions: Sessions


class LivePage:
    """Implements :class:`antiphon.adapters.doors.web.audience.Page`.

    Args:
        socket: open already.
        transport: what it writes to.
    """

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport, room: Room) -> None:
        self.expects = False
        self._socket = socket
        self._transport = transport
        self._room = room
        self._hands = PageHands(room.desk.hear)
        self._allowance = Allowance(WEIGHT_PER_SECOND)
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, frame: bytes) -> None:
        if self._transport.get_write_buffer_size() > MOST_UNSENT:
            logger.info("a page was too slow, and is dropped")
            self._transport.abort()
            return
        # It does not wait: asyncio's own limit is above ours. A page may be gone just now.
        with suppress(ConnectionError):
            await self._socket.send_frame(frame, WSMsgType.TEXT)

    async def dismiss(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"the daemon is going")

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
            for task in self._tasks:
                task.cancel()

    async def _refuse(self, code: WSCloseCode, why: bytes) -> None:
        self._hands.leave()  # first, for the page may take its time to say goodbye
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
            case Hold(on):
                self._hands.do(HoldPressed() if on else HoldReleased())
            case Watch(expect):
                self.expects = expect
            case AskTheTime(id_):
                await self._say(Clock(id_, clock()))
            case Ask() | Continue() | Keep() if not self._may(WEIGHT_OF_A_REQUEST):
                return False
            case Ask():
                await self._say_outcome(message)
            case Continue() | Keep():
                self._attend_to(message)
        return True

    def _attend_to(self, message: Continue | Keep) -> None:
        """Do what takes its time, while the page plays on."""
        task = asyncio.get_running_loop().create_task(self._say_outcome(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say_outcome(self, message: Ask | Continue | Keep) -> None:
        try:
            session = await self._carry_out(message)
        except AntiphonError as error:
            sentence = without_paths("; ".join(str(error).splitlines()))
            await self._say(Outcome(message.id, sentence[:LONGEST_SENTENCE]))
        else:
            await self._say(Outcome(message.id, session=session))

    async def _carry_out(self, message: Ask | Continue | Keep) -> str:
        """Do what is asked for; return the id of the session that came of it, if one did."""
        desk, sessions = self._room.desk, self._room.sessions
        match message:
            case Ask(_, name, values):
                desk.carry_out(request_of(name, values, SOURCE), SOURCE)
            case Continue(_, session, at):
                desk.carry_out(await sessions.continuation(session, at), SOURCE)
            case Keep(_, seconds):
                return await sessions.keep(seconds)
        return ""

    async def _say(self, message: Outgoing) -> None:
        await self.send(frame_of(message))


async def serve_live(request: web.Request, room: Room) -> web.StreamResponse:
    """Serve a page from when it comes until it goes."""
    if len(room.audience) >= MOST_PAGES:
        raise web.HTTPServiceUnavailable(text=f"{MOST_PAGES} pages are open already, and that is the most")
    response = web.WebSocketResponse(
        heartbeat=BETWEEN_PINGS, compress=False, max_msg_size=LARGEST_REQUEST, timeout=CLOSING
    )
    await response.prepare(request)
    transport = request.transport
    if transport is None:
        return response
    _notice_soon_that_it_is_slow(transport)
    page = LivePage(response, transport, room)
    await room.audience.join(page)
    try:
        await page.follow()
    finally:
        room.audience.leave(page)
    return response


def _notice_soon_that_it_is_slow(transport: asyncio.Transport) -> None:
    """Let the system hold back little: it would take megabytes before anybody noticed."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_UNSENT)
