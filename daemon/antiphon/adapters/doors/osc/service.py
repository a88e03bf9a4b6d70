"""The socket of OSC: hears what is asked for, has the desk do it, and tells whoever follows.

It needs python-osc. Whatever it hears, it sends nothing to anybody whom ``osc.allow`` does not name, but for
the destinations of ``osc.send_to``.
"""

import asyncio
import functools
import logging
import math
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import msgspec
from msgspec import Struct

from antiphon.adapters.broadcast import Follower, Sent, SettingsFollowed
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors.osc.addresses import (
    DELAYS,
    SOURCE,
    Arguments,
    Asked,
    ShowState,
    Subscribe,
    Values,
    address_of,
    asked_in,
    failed,
    messages_of,
    shown,
    shown_values,
    succeeded,
)
from antiphon.adapters.doors.osc.agenda import Agenda
from antiphon.adapters.doors.osc.arrangement import Arrangement, Destination
from antiphon.adapters.doors.osc.audience import Audience, Peer
from antiphon.adapters.doors.osc.complaints import Complaint
from antiphon.adapters.doors.osc.messages import Message
from antiphon.adapters.doors.osc.packets import Timed, messages_in, packet_of
from antiphon.adapters.doors.osc.patience import Patience
from antiphon.adapters.faders import Faders
from antiphon.adapters.pacer import wall_clock
from antiphon.core.commands import Publish
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, RequestError, reason_of
from antiphon.requests import Change, Reload, Request, Save, Trigger
from antiphon.schema import schema

HEAD_START: Seconds = 1.0
"""How long before its moment a trigger is handed on, so that the improviser can look ahead."""

BETWEEN_LOOKS: Seconds = 0.5
"""How often it is looked whether something is different that nobody tells of, such as a port that is lost."""

BETWEEN_ROUNDS: Seconds = 0.05
"""How long passes at least until values are sent again."""

BETWEEN_DELAYS: Seconds = 60.0
"""How often it is told how late everything was."""

BETWEEN_SEARCHES: Seconds = 30.0
"""How long after a destination was not found it is looked for again."""

BYTES_OF_A_MESSAGE = 256
"""A packet weighs as much as messages of this size would."""

WEIGHT_OF_A_MISTAKE = 5.0

logger = logging.getLogger(__name__)


class Move(Struct, frozen=True):
    """A setting that was changed by itself, and whom to answer."""

    change: Change
    message: Message
    sender: Peer


class Service(asyncio.DatagramProtocol):
    """One socket, from when it is opened until it is closed."""

    def __init__(self, arrangement: Arrangement, desk: Desk) -> None:
        self._arrangement = arrangement
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._agenda = Agenda(wall_clock, self._loop.call_later)
        self._faders = Faders(self._move_together, self._loop.call_later)
        self._patience = Patience()
        self._audience = Audience()
        self._delays: Arguments = ()
        self._delays_until: Seconds = -math.inf
        self._something_is_different = asyncio.Event()
        self._closed = self._loop.create_future()
        self._network_is_slow = False
        self._strangers = Complaint("packets of OSC came from senders that osc.allow does not name")
        self._unsent = Complaint("packets of OSC could not be sent")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._agenda.clear()
        self._faders.clear()
        if not self._closed.done():
            self._closed.set_result(exc)

    def pause_writing(self) -> None:
        self._network_is_slow = True

    def resume_writing(self) -> None:
        self._network_is_slow = False

    def error_received(self, exc: Exception) -> None:
        self._unsent.count(self._loop.time(), reason_of(exc))

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        if not self._arrangement.allows(addr[0]):
            self._strangers.count(self._loop.time(), f"the last from {addr[0]}")
            return
        if not self._is_patient_with(addr, 1 + len(data) // BYTES_OF_A_MESSAGE):
            return
        try:
            messages = messages_in(data, wall_clock())
        except RequestError as error:
            self._refuse(addr, error)
            return
        if self._is_patient_with(addr, len(messages) - 1):
            for timed in messages:
                self._follow(timed, addr)

    async def tell(self, follower: Follower) -> None:
        """Tell whoever follows all that happens, until the socket is closed."""
        async with asyncio.TaskGroup() as tasks:
            telling = [
                tasks.create_task(self._tell_news(follower)),
                tasks.create_task(self._tell_values()),
                *(tasks.create_task(self._find(each)) for each in self._arrangement.destinations),
            ]
            await asyncio.shield(self._closed)
            for each in telling:
                each.cancel()

    def _is_patient_with(self, sender: Peer, weight: float) -> bool:
        verdict = self._patience.verdict(sender[:2], weight, self._loop.time())
        if verdict == "say that it is too much":
            logger.warning("OSC: %s sends more than can be followed; the rest is left alone", sender[0])
            trouble = RequestError("more came than can be followed; the rest is left alone")
            self._answer(sender, failed(trouble))
        return verdict == "listen"

    def _refuse(self, sender: Peer, error: AntiphonError) -> None:
        if self._is_patient_with(sender, WEIGHT_OF_A_MISTAKE):
            self._answer(sender, failed(error))

    def _follow(self, timed: Timed, sender: Peer) -> None:
        """Do what a message asks for, now or at its moment."""
        try:
            asked = asked_in(timed.message)
            if asked is None or not self._is_patient_with(sender, weight_of(asked)):
                return
            beforehand = 0.0
            if isinstance(asked, Trigger) and asked.at is None and timed.at is not None:
                asked, beforehand = msgspec.structs.replace(asked, at=timed.at), HEAD_START
            act = functools.partial(self._act, asked, timed.message, sender)
            if timed.at is None:
                act()
            else:
                self._agenda.put_down(act, timed.at, beforehand)
        except RequestError as error:
            self._refuse(sender, error)

    def _act(self, asked: Asked, message: Message, sender: Peer) -> None:
        """Do it, and answer."""
        if isinstance(asked, Change) and len(asked.settings) == 1:
            self._faders.move(next(iter(asked.settings)), Move(asked, message, sender))
            return
        self._faders.settle()
        try:
            match asked:
                case Subscribe(port):
                    self._audience.subscribe(sender, port, self._loop.time())
                    self._something_is_different.set()
                case ShowState():
                    self._delays_until = -math.inf
                    self._audience.show_everything_to(sender)
                    self._something_is_different.set()
                case _:
                    self._carry_out(asked, [sender])
        except AntiphonError as error:
            self._refuse(sender, error)
        else:
            self._answer(sender, succeeded(message))

    def _move_together(self, moves: Sequence[Move]) -> None:
        """Follow the moves of several faders as one change; where that is mistaken, one by one."""
        together = Change({name: value for move in moves for name, value in move.change.settings.items()})
        try:
            self._carry_out(together, [move.sender for move in moves])
        except AntiphonError as error:
            if len(moves) == 1:
                self._refuse(moves[0].sender, error)
                return
            for move in moves:
                self._move_together([move])
        else:
            for move in moves:
                self._answer(move.sender, succeeded(move.message))

    def _carry_out(self, request: Request, senders: Sequence[Peer]) -> None:
        if isinstance(request, Change):
            self._take_as_shown(request, senders)
        try:
            self._desk.carry_out(request, SOURCE)
        finally:
            self._something_is_different.set()

    def _take_as_shown(self, change: Change, senders: Sequence[Peer]) -> None:
        known = {name: value for name, value in change.settings.items() if name in schema()}
        asked = {address_of(schema()[name]): (shown(value),) for name, value in known.items()}
        self._audience.take_as_shown(senders, asked)

    async def _tell_news(self, follower: Follower) -> None:
        async for news in follower:
            if isinstance(news, SettingsFollowed) or (
                isinstance(news, Sent) and isinstance(news.command, Publish)
            ):
                self._something_is_different.set()
            for message in messages_of(news, with_notes=self._arrangement.notes):
                for peer in self._audience:
                    self._send(message, peer)

    async def _tell_values(self) -> None:
        while True:
            # Not wait_for, which before Python 3.12 may lose that it is cancelled.
            with suppress(TimeoutError):
                async with asyncio.timeout(BETWEEN_LOOKS):
                    await self._something_is_different.wait()
            self._something_is_different.clear()
            now = self._loop.time()
            if listeners := self._audience.round(now):
                values = self._values(now)
                for peer, listener in listeners.items():
                    for address, arguments in listener.news_in(values):
                        self._send(Message(address, arguments), peer)
                        await asyncio.sleep(0)  # so that the music comes between
                await asyncio.sleep(BETWEEN_ROUNDS)

    def _values(self, now: Seconds) -> Values:
        values = shown_values(self._desk.loaded.config, self._desk.state())
        if now >= self._delays_until:
            self._delays, self._delays_until = values[DELAYS], now + BETWEEN_DELAYS
        return {**values, DELAYS: self._delays}

    async def _find(self, destination: Destination) -> None:
        """Send everything to a destination of the settings, as soon as its address is known."""
        is_told = False
        while True:
            try:
                found = await self._loop.getaddrinfo(
                    destination.host,
                    destination.port,
                    family=self._arrangement.family,
                    type=socket.SOCK_DGRAM,
                    flags=socket.AI_V4MAPPED,
                )
            except (OSError, ValueError) as error:
                if not is_told:
                    logger.warning(
                        "OSC: %s of osc.send_to is not found: %s; it is looked for again and again",
                        destination,
                        reason_of(error),
                    )
                is_told = True
                await asyncio.sleep(BETWEEN_SEARCHES)
            else:
                self._add(destination, found[0][4])
                return

    def _add(self, destination: Destination, peer: Peer) -> None:
        if trouble := self._arrangement.trouble_in_reaching(destination, peer[0]):
            logger.warning("OSC: %s", trouble)
            return
        self._audience.add(peer)
        self._something_is_different.set()

    def _answer(self, sender: Peer, message: Message) -> None:
        self._send(message, self._audience.ear_of(sender))

    def _send(self, message: Message, peer: Peer) -> None:
        if self._transport.is_closing():
            return
        if self._network_is_slow:
            self._unsent.count(self._loop.time(), "the network is too slow")
            return
        self._transport.sendto(packet_of(message), peer)


def weight_of(asked: Asked) -> float:
    """Return how much more than the value of a fader it is to do this."""
    match asked:
        case Change(settings) if len(settings) == 1:
            return 0.0
        case Save() | Reload():
            return 50.0
    return 5.0
