"""Hears a port under JACK without keeping JACK waiting.

rtmidi can call back for each message, on JACK's own thread. But somebody may hold Python's lock then, and
a client that is not done when its cycle ends is left out of the next ones, with all that comes in them. So
rtmidi puts what comes into a queue, for which it needs no Python, and a thread of ours fetches it there.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from antiphon.adapters.midi.connection import Receive
from antiphon.adapters.midi.wire import ACTIVE_SENSING, SYSTEM_EXCLUSIVE
from antiphon.core.units import Seconds

AT_REST: Seconds = 10.0
"""After which nobody seems to play."""

BETWEEN_LOOKS_AT_REST: Seconds = 0.005
"""At least: a note that breaks a long silence may be noticed a little later, for a processor that sleeps."""

SHORTEST_WAIT: Seconds = 0.0005
"""For a server that stands still, and whose cycle is never over."""


class JackListener:
    """A thread that fetches what has come in, until it is ended.

    Args:
        client: rtmidi's, with a queue of ``capacity`` messages; nobody else fetches from it.
        capacity: of that queue.
        receive: takes each message, and when it came.
        on_loss: called when the queue was full, so that some may be missing.
        until_next_look: how long there is nothing to fetch; 0 where nobody knows.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        client: Any,
        capacity: int,
        receive: Receive,
        on_loss: Callable[[], None],
        until_next_look: Callable[[], Seconds],
        clock: Callable[[], Seconds] = time.monotonic,
    ) -> None:
        # Nothing is left out by rtmidi itself, which would count no time for it.
        client.ignore_types(sysex=False, timing=False, active_sense=False)
        self._client = client
        self._capacity = capacity
        self._receive = receive
        self._on_loss = on_loss
        self._until_next_look = until_next_look
        self._clock = clock
        self._last_heard_at = clock()
        self._arrivals = Arrivals(self._last_heard_at)
        self._is_over = False
        self._thread = threading.Thread(target=self._listen, name="antiphon-listens", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Fetch nothing any more, but for what is being fetched."""
        self._is_over = True

    def join(self) -> None:
        """Wait until nothing is being fetched."""
        self._thread.join()

    def _listen(self) -> None:
        now = self._last_heard_at
        while not self._is_over:
            is_at_rest = now - self._last_heard_at > AT_REST
            time.sleep(max(self._until_next_look(), BETWEEN_LOOKS_AT_REST if is_at_rest else SHORTEST_WAIT))
            now = self._clock()
            first = self._client.get_message()
            if first is None:
                self._arrivals.moments(now, ())
            else:
                self._last_heard_at = now
                self._hand_over([first, *iter(self._client.get_message, None)], now)

    def _hand_over(self, fetched: Sequence[tuple[Sequence[int], Seconds]], now: Seconds) -> None:
        moments = self._arrivals.moments(now, [delta for _, delta in fetched])
        for (message, _), arrived in zip(fetched, moments, strict=True):
            if _means_something(message):
                self._receive(message, arrived)
        # The ring keeps one of its places free.
        if len(fetched) >= self._capacity - 1:
            self._on_loss()


def _means_something(message: Sequence[int]) -> bool:
    return bool(message) and message[0] not in (SYSTEM_EXCLUSIVE, ACTIVE_SENSING)


class Arrivals:
    """Finds out when messages came, of which is known how long after one another they did.

    That is counted from the message that was fetched soonest. And none came before the queue was last seen to
    be empty, nor after it was fetched. Pure.

    Args:
        now: since when one listens.
    """

    def __init__(self, now: Seconds) -> None:
        self._looked_at = now
        self._last_came_at = math.inf

    def moments(self, now: Seconds, deltas: Sequence[Seconds]) -> list[Seconds]:
        """Return when each message came that was found at a look at the queue.

        Args:
            now: when that was.
            deltas: how long each message came after the one before it.
        """
        looked_at, self._looked_at = self._looked_at, now
        if not deltas:
            return []
        after_the_last = list(accumulate(deltas))
        last = max(self._last_came_at, looked_at - after_the_last[0])
        last = min(last, now - after_the_last[-1])
        self._last_came_at = last + after_the_last[-1]
        return [max(last + after, looked_at) for after in after_the_last]
