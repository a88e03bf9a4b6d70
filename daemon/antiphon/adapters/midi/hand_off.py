"""Hands messages from a thread of the MIDI system over to the event loop; bounded, and never waits."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeAlias

from antiphon.adapters.midi.waiting_line import WaitingLine
from antiphon.adapters.midi.wire import ALL_KEYS, CLOCK_MESSAGES, CLOCK_TICK, SYSTEM_MESSAGES, event_of
from antiphon.core.events import ClockTicked, Event, InputLost
from antiphon.core.units import Seconds

logger = logging.getLogger(__name__)

Deliver: TypeAlias = Callable[[Event, Seconds], None]
"""Takes an event and the monotonic time of its arrival, on the thread of the loop."""

Take: TypeAlias = Callable[[Sequence[int]], bool]
"""Takes a message for itself, and tells whether it has; then nobody else hears it."""

CAPACITY = 4096
"""Four seconds of a DIN cable at full speed."""

MOST_TICKS = 96
"""Ticks of a clock that may wait, a bar of them; more are counted and come with the next that finds room, so
that a clock never crowds out a note, and its song stays where it is.
"""

_MESSAGES_AT_A_TIME = 64
"""So that a full queue does not keep the loop from sending what is due."""


class HandOff:
    """A bounded queue between one foreign thread and the loop.

    A tick of a clock is stamped when it arrives, as a note is, and waits in line with the notes.

    When it overflows, nobody knows any more which keys are down, so all of it becomes a single
    :class:`~antiphon.core.events.InputLost`: a release is never lost without that being said.

    Args:
        loop: where ``deliver`` is called.
        clock: monotonic seconds.
        deliver: takes each event with the time of its arrival.
        channel: 1 to 16, or 0 to hear every channel.
        capacity: messages that may wait.
        take: shown each message before anybody else, on the thread of the loop.
        keys: those that are heard.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Callable[[], Seconds],
        deliver: Deliver,
        channel: int,
        capacity: int = CAPACITY,
        take: Take = lambda message: False,
        keys: range = ALL_KEYS,
    ) -> None:
        self._is_taken = take
        self._keys = keys
        self._loop = loop
        self._clock = clock
        self._deliver = deliver
        self._channel = channel
        self._waiting = WaitingLine(capacity)
        # Each is written by one thread only; in between lie the ticks that wait.
        self._ticks_put = 0
        self._ticks_taken = 0
        self._ticks_left_out = 0
        self._overflowed = False
        self._drain_is_scheduled = False
        self._is_closed = False

    def receive(self, message: Sequence[int], arrived: Seconds) -> None:
        """Take a message and when it came; called on the foreign thread. Raises nothing."""
        try:
            if not self._is_closed:
                self._take(message, arrived)
        except Exception:  # rtmidi swallows what a callback raises, without a trace
            logger.exception("a MIDI message could not be handed over")

    def miss(self) -> None:
        """Take it that messages were lost on their way here; called on the foreign thread."""
        self._overflowed = True
        self._drain_soon()

    def close(self) -> None:
        """Take and deliver nothing any more."""
        self._is_closed = True
        self._waiting.clear()

    def _take(self, message: Sequence[int], arrived: Seconds) -> None:
        if len(message) == 1 and message[0] == CLOCK_TICK:
            self._ticks_left_out += 1
            if self._ticks_put - self._ticks_taken < MOST_TICKS:
                self._put_ticks(arrived)
            return
        if message and message[0] >= SYSTEM_MESSAGES and message[0] not in CLOCK_MESSAGES:
            return  # time code, a hundred times a second, means nothing here and is to crowd out nothing
        if self._ticks_left_out and message and message[0] in CLOCK_MESSAGES:
            self._put_ticks(arrived)  # what the song does now, it does after them
        self._put(message, arrived)

    def _put_ticks(self, arrived: Seconds) -> None:
        ticks, self._ticks_left_out = self._ticks_left_out, 0
        self._ticks_put += 1
        self._put(ClockTicked(ticks), arrived)

    def _put(self, message: Sequence[int] | ClockTicked, arrived: Seconds) -> None:
        if not self._waiting.put(message, arrived):
            self._overflowed = True
        self._drain_soon()

    def _drain_soon(self) -> None:
        if not self._drain_is_scheduled:
            self._drain_is_scheduled = True
            self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        # Lowered before the queue is looked at: what comes after the look then schedules another drain.
        self._drain_is_scheduled = False
        if self._overflowed:
            self._report_overflow()
        try:
            for _ in range(min(_MESSAGES_AT_A_TIME, len(self._waiting))):
                self._deliver_next()
        finally:
            if self._waiting and not self._drain_is_scheduled:
                self._drain_is_scheduled = True
                self._loop.call_soon(self._drain)

    def _deliver_next(self) -> None:
        waiting = self._waiting.take()
        if waiting is None:
            return
        message, arrived = waiting
        if isinstance(message, ClockTicked):
            self._ticks_taken += 1
        elif self._is_taken(message):
            return
        event = message if isinstance(message, ClockTicked) else event_of(message, self._channel, self._keys)
        if event is not None:
            self._deliver(event, arrived)

    def _report_overflow(self) -> None:
        self._overflowed = False
        self._waiting.clear()
        self._ticks_taken = self._ticks_put
        logger.warning("more MIDI came in than could be handled; all keys count as released")
        self._deliver(InputLost(), self._clock())
