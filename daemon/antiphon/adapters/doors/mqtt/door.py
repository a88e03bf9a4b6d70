"""The door for MQTT: a daemon on a broker, for as long as there is a network.

It stays connected, brings commands to the desk, and tells what happens. All that waits for the network waits
here; what happens meanwhile is kept up to a limit, and what happens while there is no connection is not told.
"""

import asyncio
import logging
import random
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain, repeat
from typing import TypeAlias

from aiomqtt import MqttError

from antiphon.adapters.broadcast import Follower, News, is_tick
from antiphon.adapters.desk import Desk
from antiphon.adapters.doors import home_assistant
from antiphon.adapters.doors.log_lines import forwarding
from antiphon.adapters.doors.mqtt.access import address
from antiphon.adapters.doors.mqtt.common_clock import CommonClock, Reading
from antiphon.adapters.doors.mqtt.connection import USUAL, Connection, Timing, connected
from antiphon.adapters.doors.mqtt.ensemble import Ensemble
from antiphon.adapters.doors.mqtt.inbox import SOURCE, Arrived, Asked, Refused
from antiphon.adapters.doors.mqtt.outbox import Message
from antiphon.adapters.doors.mqtt.speaker import Speaker
from antiphon.adapters.doors.mqtt.topics import Topics, command_in, partner_in, topics_of
from antiphon.adapters.pacer import clock, wall_clock
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, DoorError, RequestError
from antiphon.requests import Examine, Learn, Reload, Request, Trigger, Unlearn
from antiphon.settings import Config

logger = logging.getLogger(__name__)

SHORTEST_WAIT: Seconds = 1.0
LONGEST_WAIT: Seconds = 30.0
"""Between two attempts to connect; every one in a row waits twice as long, up to this."""

STEADY: Seconds = 10.0
"""A connection that has lasted so long was a good one."""

BETWEEN_STATES: Seconds = 0.25
"""The state is published no more often than this."""

UNLESS_TOLD: Seconds = 5.0
"""And it is looked at so often, should it change without news."""

BETWEEN_FIGURES: Seconds = 60.0

FIRST_QUESTIONS = 6
BETWEEN_FIRST_QUESTIONS: Seconds = 0.1
BETWEEN_QUESTIONS: Seconds = 4.0
"""To the conductor, what time it is."""

BETWEEN_LINES: Seconds = 1.0
"""Commands that are wrong are logged no more often than this."""

MOST_ANSWERS = 256
"""Outcomes and errors that may wait for the network; beyond that they are lost."""

LONGEST_SENTENCE = 1000

LONGEST_TOPIC = 1000

FAREWELL: Seconds = 0.8
"""How long the broker may take to be told that we are going; a little less than a door has."""

OF_THE_DAEMON = (Examine, Reload, Learn, Unlearn)
"""What no partner does for itself."""

Announce: TypeAlias = Callable[[Config, Topics], Iterable[tuple[str, bytes]]]
"""Makes what is published, retained, for programs that discover devices."""


ReadClocks: TypeAlias = Callable[[], Reading]


def our_clocks() -> Reading:
    """Return what this machine's clocks show."""
    return Reading(clock(), wall_clock())


def nothing(config: Config, topics: Topics) -> Iterable[tuple[str, bytes]]:
    """Announce nothing."""
    return ()


async def serve(config: Config, desk: Desk) -> None:
    """Stay on the broker until this is cancelled."""
    await MqttDoor(config, desk, announce=home_assistant.messages).serve()


class MqttDoor:
    """One daemon on one broker.

    Args:
        config: the settings that it was started with.
        desk: where requests are carried out.
        announce: makes what programs discover it by.
        timing: how long the broker may take.
        clocks: reads those that an ensemble agrees about.
    """

    def __init__(
        self,
        config: Config,
        desk: Desk,
        announce: Announce = nothing,
        timing: Timing = USUAL,
        clocks: ReadClocks = our_clocks,
    ) -> None:
        self._config = config
        self._mqtt = config.mqtt
        self._desk = desk
        self._announce = announce
        self._timing = timing
        self._clocks = clocks
        self._topics = topics_of(config.mqtt, socket.gethostname())
        self._main = Speaker(desk, self._topics, config.mqtt.notes)
        self._others = {
            name: Speaker(partner, self._topics.of_partner(name), config.mqtt.notes)
            for name, partner in desk.partners.items()
        }
        self._outbox = self._main.outbox
        self._ensemble = Ensemble(self._topics, config.mqtt)
        self._common_clock = CommonClock(self._topics, config.mqtt.conductor)
        self._answers: asyncio.Queue[Message] = asyncio.Queue(MOST_ANSWERS)
        self._logged_at: Seconds | None = None
        self._has_told_the_model = False
        self._told = ""
        self._came_at: Seconds | None = None

    async def serve(self) -> None:
        """Stay connected until this is cancelled, and then take leave."""
        for speaker in self._speakers:
            speaker.desk.broadcast.listen(speaker.hear)
        self._desk.broadcast.listen(self._hand_on)
        self._desk.door_is("mqtt", "not connected")
        waits = waiting_times(random.random)
        with forwarding(self._tell_of_trouble, leaving_out=__name__):
            while True:
                self._came_at = None
                try:
                    await self._visit()
                except DoorError as error:
                    self._log_once(str(error))
                finally:
                    self._fall_silent()
                stop_if_cancelled()
                if self._came_at is not None and clock() - self._came_at > STEADY:
                    waits = waiting_times(random.random)
                await asyncio.sleep(next(waits))

    def _log_once(self, sentence: str) -> None:
        if sentence != self._told:
            logger.warning("%s; trying again until it works", sentence)
        self._told = sentence

    @property
    def _speakers(self) -> tuple[Speaker, ...]:
        return self._main, *self._others.values()

    def _fall_silent(self) -> None:
        for speaker in self._speakers:
            speaker.news = None
        self._desk.door_is("mqtt", "not connected")

    def _hand_on(self, news: News) -> None:
        if not is_tick(news) and (handed_on := self._ensemble.hear(news)) is not None:
            self._queue(handed_on)

    async def _visit(self) -> None:
        """Connect, and serve until the connection is lost."""
        will = self._outbox.availability(is_there=False)
        client_id = f"antiphon-{self._topics.id}"
        async with connected(self._mqtt, client_id, will, self._timing) as connection:
            try:
                await self._arrive(connection)
                stop_if_cancelled()
                await self._exchange(connection)
            except asyncio.CancelledError:
                await take_leave(connection, will)
                raise

    async def _arrive(self, connection: Connection) -> None:
        host, port = address(self._mqtt)
        version = "5" if connection.is_version_5 else "3.1.1"
        logger.info("on the MQTT broker at %s:%d (MQTT %s) as %s", host, port, version, self._topics.base)
        for refused in await connection.subscribe(self._subscriptions):
            logger.warning("the MQTT broker does not let us follow %s; mend its ACL", refused)
        self._told, self._came_at = "", clock()
        self._desk.door_is("mqtt", "connected")
        # What waited for a broker that is gone is too old by now.
        self._answers = asyncio.Queue(MOST_ANSWERS)
        for speaker in self._speakers:
            speaker.news = Follower()
        await connection.publish(self._outbox.availability(is_there=True), surely=True)
        if connection.may_not_publish:
            logger.warning("the MQTT broker does not let us publish %s/#; mend its ACL", self._topics.base)
        for topic, payload in self._announce(self._config, self._topics):
            await connection.publish(Message(topic, payload, retained=True), surely=True)
        if not self._has_told_the_model:
            await connection.publish(self._outbox.model(self._desk.state()))
            self._has_told_the_model = True

    @property
    def _subscriptions(self) -> tuple[str, ...]:
        of_the_ensemble = self._ensemble.subscriptions + self._common_clock.subscriptions
        of_partners = (self._topics.of_partners,) if self._others else ()
        return self._topics.subscriptions + of_partners + of_the_ensemble

    async def _exchange(self, connection: Connection) -> None:
        """Do everything at once, for ever; raise the first error, or rather one that nobody foresaw."""
        works = [self._receive, self._answer, self._tell_figures]
        for speaker in self._speakers:
            works += [partial(self._tell_news, speaker), partial(self._show, speaker)]
        if self._common_clock.conductor:
            works.append(self._ask_the_time)
        tasks = [asyncio.create_task(work(connection)) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        errors = [end for end in ends if isinstance(end, Exception)]
        raise next((error for error in errors if not isinstance(error, MqttError)), errors[0])

    async def _receive(self, connection: Connection) -> None:
        async for arrived in connection:
            if self._common_clock.concerns(arrived.topic):
                self._exchange_times(arrived)
            elif self._ensemble.concerns(arrived.topic):
                self._take_up(arrived)
            else:
                self._carry_out(arrived)

    def _carry_out(self, arrived: Arrived) -> None:
        name = partner_in(arrived.topic)
        speaker = self._others.get(name, self._main)
        match speaker.inbox.open(arrived, clock()):
            case Asked(command, request, id_):
                try:
                    self._check_whom_it_is_for(name, command, request)
                    speaker.desk.carry_out(self._by_our_clock(request), SOURCE)
                except AntiphonError as error:
                    self._reply(speaker, arrived, command, "; ".join(str(error).splitlines()), id_)
                else:
                    self._reply(speaker, arrived, command, "", id_)
            case Refused(command, error, id_):
                self._reply(speaker, arrived, command, error, id_)

    def _check_whom_it_is_for(self, partner: str, command: str, request: Request) -> None:
        if partner and partner not in self._others:
            there_are = (
                f"there are: {', '.join(self._others)}" if self._others else "there is no other at all"
            )
            raise RequestError(f"there is no partner {partner[:60]!r} here; {there_are}")
        if partner and isinstance(request, OF_THE_DAEMON):
            raise RequestError(f"this is for the whole daemon; send it to {self._topics.command(command)}")

    def _by_our_clock(self, request: Request) -> Request:
        """Return a request with its moments by the clock that the desk reads."""
        if isinstance(request, Trigger) and (request.at, request.expires) != (None, None):
            if not self._common_clock.knows_the_time(self._clocks().clock):
                conductor = self._common_clock.conductor
                logger.warning("mqtt.conductor %s has not told the time; trigger.at is by our own", conductor)
            return self._common_clock.by_our_own(request, self._clocks())
        return request

    def _exchange_times(self, arrived: Arrived) -> None:
        reply = self._common_clock.take(arrived, self._clocks())
        if reply is not None:
            self._queue(reply)

    async def _ask_the_time(self, connection: Connection) -> None:
        """Ask the conductor, a few times quickly and then now and then; not all of us at once."""
        for wait in chain([BETWEEN_FIRST_QUESTIONS] * FIRST_QUESTIONS, repeat(BETWEEN_QUESTIONS)):
            await asyncio.sleep(wait * (0.5 + random.random()))
            await send(connection, self._common_clock.question(self._clocks().clock))

    def _take_up(self, arrived: Arrived) -> None:
        """Answer somebody's answer, unless there is something to do here already: a player goes first."""
        answered = self._ensemble.taken_up(arrived)
        if answered is None:
            return
        state = self._desk.state()
        if state.answering or state.player_active or state.mode == "listen":
            return
        with self._ensemble.answering(answered), suppress(RequestError):
            self._desk.carry_out(Trigger(phrase=answered.notes), SOURCE)

    def _reply(
        self, speaker: Speaker, arrived: Arrived, command: str, error: str, id_: str | int | None
    ) -> None:
        """Queue the outcome of a command, and where it failed, a line for everybody."""
        error = error[:LONGEST_SENTENCE]
        reply_to = arrived.reply_to
        if reply_to is not None and not may_be_replied_to(reply_to):
            reply_to = None
        self._queue(speaker.outbox.outcome(command, error, id_, reply_to, arrived.correlation))
        if error:
            sentence = f"{command}: {error}"
            self._queue(speaker.outbox.error(sentence))
            if self._logged_at is None or clock() - self._logged_at >= BETWEEN_LINES:
                self._logged_at = clock()
                logger.warning("refused what came by MQTT: %s", sentence)

    def _tell_of_trouble(self, sentence: str) -> None:
        self._queue(self._outbox.error(sentence[:LONGEST_SENTENCE]))

    def _queue(self, message: Message) -> None:
        if self._main.news is not None and not self._answers.full():
            self._answers.put_nowait(message)

    async def _answer(self, connection: Connection) -> None:
        while True:
            await send(connection, await self._answers.get())

    async def _tell_news(self, speaker: Speaker, connection: Connection) -> None:
        assert speaker.news is not None
        async for news in speaker.news:
            for message in speaker.outbox.messages(news):
                await send(connection, message)

    async def _show(self, speaker: Speaker, connection: Connection) -> None:
        """Publish a partner's state now, and whenever it is another."""
        shown: Message | None = None
        while True:
            speaker.happened.clear()
            state = speaker.state()
            if state != shown:
                await send(connection, state)
                shown = state
            await asyncio.sleep(BETWEEN_STATES)
            with suppress(TimeoutError):
                async with asyncio.timeout(UNLESS_TOLD):
                    await speaker.happened.wait()

    async def _tell_figures(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(BETWEEN_FIGURES)
            await send(connection, self._outbox.latency(self._desk.state().delays))


async def send(connection: Connection, message: Message) -> None:
    await connection.publish(message)
    stop_if_cancelled()


def stop_if_cancelled() -> None:
    """End a task that was told to end at the moment in which it got what it was waiting for.

    The library waits by ``asyncio.wait_for``, which before Python 3.12 forgets a cancellation then.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def take_leave(connection: Connection, farewell: Message) -> None:
    try:
        async with asyncio.timeout(FAREWELL):
            await connection.publish(farewell, surely=True)
    except (MqttError, TimeoutError) as error:
        logger.debug("the MQTT broker was not told that this is the end: %s", error)


def waiting_times(dice: Callable[[], float]) -> Iterator[Seconds]:
    """Yield how long to wait before each attempt in a row.

    Args:
        dice: draws a number of [0, 1), lest all daemons come back at once to a broker that was restarted.
    """
    wait = SHORTEST_WAIT
    while True:
        yield wait * (0.5 + dice() / 2)
        wait = min(2 * wait, LONGEST_WAIT)


def may_be_replied_to(topic: str) -> bool:
    """Whether an outcome may go to a topic: not to one of a command, nor to one of a broker's own."""
    is_proper = 0 < len(topic) <= LONGEST_TOPIC and not set(topic) & set("+#\0")
    return is_proper and not topic.startswith("$") and not command_in(topic)
