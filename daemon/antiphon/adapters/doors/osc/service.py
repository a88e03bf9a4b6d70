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
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import msgspec
from msgspec import Struct

from antiphon.adapters.broadcast import Follower, News, Sent, SettingsFollowed
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
from antiphon.adapters.doors.osc.complaints import Complaint
from antiphon.adapters.doors.osc.faders import Faders
from antiphon.adapters.doors.osc.messages import Message
from antiphon.adapters.doors.osc.packets import Timed, messages_in, packet_of
from antiphon.adapters.doors.osc.patience import Patience
from antiphon.adapters.pacer import wall_clock
from antiphon.core.commands import Publish
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, RequestError, reason_of
from antiphon.requests import Change, Panic, Reload, Request, Save, Trigger
from antiphon.schema import schema

SUBSCRIBED_FOR: Seconds = 60.0

MOST_LISTENERS = 32

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

WEIGHTS: dict[type, float] = {Save: 50.0, Reload: 50.0, Trigger: 5.0, Panic: 5.0, ShowState: 5.0}
"""What weighs more than the value of a fader."""

WEIGHT_OF_A_MISTAKE = 5.0

Peer: TypeAlias = tuple[Any, ...]
"""Somebody's socket as the system names it: host, port, and under IPv6 two numbers more."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Listener:
    """Somebody who is sent everything.

    Attributes:
        until: when that ends, on the clock of the loop; never for a destination of the settings.
        asked_by: the socket that asked for it, if one did.
        shown: what it was last sent of each value.
    """

    until: Seconds
    asked_by: Peer | None = None
    shown: dict[str, Arguments] = field(default_factory=dict)


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
        self._listeners: dict[Peer, Listener] = {}
        self._curious: set[Peer] = set()
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
            if asked is None or not self._is_patient_with(sender, WEIGHTS.get(type(asked), 0.0)):
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
                    self._subscribe(sender, port)
                case ShowState():
                    self._show_everything_to(sender)
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
            for sender in senders:
                self._take_as_shown(request, sender)
        try:
            self._desk.carry_out(request, SOURCE)
        finally:
            self._something_is_different.set()

    def _take_as_shown(self, change: Change, sender: Peer) -> None:
        """Send a fader no value that it has set itself, or it would be moved back while it is being moved.

        Where the value is refused, it is sent the one that holds.
        """
        asked = {
            address_of(schema()[name]): (shown(value),)
            for name, value in change.settings.items()
            if name in schema()
        }
        for peer, listener in self._listeners.items():
            if sender in (peer, listener.asked_by):
                listener.shown |= asked

    def _subscribe(self, sender: Peer, port: int | None) -> None:
        peer = (sender[0], port or sender[1], *sender[2:])
        if peer not in self._listeners and len(self._listeners) >= MOST_LISTENERS:
            raise RequestError(f"{MOST_LISTENERS} are sent everything already, and that is the most")
        until = self._loop.time() + SUBSCRIBED_FOR
        listener = self._listeners.setdefault(peer, Listener(until))
        listener.until = max(listener.until, until)
        listener.asked_by = sender
        self._something_is_different.set()

    def _show_everything_to(self, sender: Peer) -> None:
        peer = self._where_to_answer(sender)
        self._delays_until = -math.inf
        if peer in self._listeners:
            self._listeners[peer].shown.clear()
        elif len(self._curious) < MOST_LISTENERS:
            self._curious.add(peer)
        self._something_is_different.set()

    def _where_to_answer(self, sender: Peer) -> Peer:
        """Return where a sender listens: where it has itself sent everything, else where it sends from."""
        return next((peer for peer, each in self._listeners.items() if each.asked_by == sender), sender)

    async def _tell_news(self, follower: Follower) -> None:
        async for news in follower:
            if isinstance(news, SettingsFollowed) or (
                isinstance(news, Sent) and isinstance(news.command, Publish)
            ):
                self._something_is_different.set()
            if self._listeners:
                self._tell_one(news)

    def _tell_one(self, news: News) -> None:
        for message in messages_of(news, with_notes=self._arrangement.notes):
            for peer in self._listeners:
                self._send(message, peer)

    async def _tell_values(self) -> None:
        while True:
            # Not wait_for, which before Python 3.12 may lose that it is cancelled.
            with suppress(TimeoutError):
                async with asyncio.timeout(BETWEEN_LOOKS):
                    await self._something_is_different.wait()
            self._something_is_different.clear()
            now = self._loop.time()
            self._listeners = {peer: each for peer, each in self._listeners.items() if each.until > now}
            curious = {peer: Listener(now) for peer in self._curious}
            self._curious.clear()
            if listeners := {**self._listeners, **curious}:
                values = self._values(now)
                for peer, listener in listeners.items():
                    await self._show(values, peer, listener)
                await asyncio.sleep(BETWEEN_ROUNDS)

    def _values(self, now: Seconds) -> Values:
        values = shown_values(self._desk.loaded.config, self._desk.state())
        if now >= self._delays_until:
            self._delays, self._delays_until = values[DELAYS], now + BETWEEN_DELAYS
        return {**values, DELAYS: self._delays}

    async def _show(self, values: Values, peer: Peer, listener: Listener) -> None:
        """Send what a listener does not show yet, value by value, so that the music comes between."""
        for address, arguments in values.items():
            if listener.shown.get(address) != arguments:
                listener.shown[address] = arguments
                self._send(Message(address, arguments), peer)
                await asyncio.sleep(0)

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
        self._listeners[peer] = Listener(math.inf)
        self._something_is_different.set()

    def _answer(self, sender: Peer, message: Message) -> None:
        self._send(message, self._where_to_answer(sender))

    def _send(self, message: Message, peer: Peer) -> None:
        if self._transport.is_closing():
            return
        if self._network_is_slow:
            self._unsent.count(self._loop.time(), "the network is too slow")
            return
        self._transport.sendto(packet_of(message), peer)
