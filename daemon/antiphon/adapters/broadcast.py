"""The one stream of everything that happens: what was heard, what was sent, and what has become different.

It is told after the fact, so whoever listens changes nothing of the music. A listener is called on the thread
of the loop and must not wait; one that may be slow, such as a network, follows at its own pace instead.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from antiphon.adapters.midi.connection import Direction
from antiphon.core.commands import Command, SendClock
from antiphon.core.events import ClockTicked, Event
from antiphon.core.units import Seconds
from antiphon.findings import Finding

CAPACITY = 1024
"""News that may wait for a follower; a lively answer amounts to some forty in a second."""


class Heard(Struct, frozen=True, gc=False):
    """Something came in ``at`` a moment, and by ``decided`` the improviser knew what follows from it."""

    event: Event
    at: Seconds
    decided: Seconds


class Sent(Struct, frozen=True, gc=False):
    """A command was carried out ``at`` a moment; of an instrument that takes its time, the one at which it
    sounds.
    """

    command: Command
    at: Seconds


class SettingsFollowed(Struct, frozen=True):
    """Other settings hold from now on.

    Attributes:
        changes: what differs, by its full name, such as ``play.temperature``.
        waiting: those of them that are not what it was started with, and take effect only after a restart.
        source: who asked for it, in words.
    """

    changes: Mapping[str, object]
    waiting: tuple[str, ...]
    source: str


class ChangeFailed(Struct, frozen=True):
    """Settings that somebody asked for do not hold, as the engine that they name cannot play.

    Attributes:
        sentence: why.
        source: who asked for it, in words.
    """

    sentence: str
    source: str


class PortLost(Struct, frozen=True):
    """A port of ours has vanished; ``name`` is what it was called."""

    direction: Direction
    name: str


class PortFound(Struct, frozen=True):
    """A port is back, or another has taken its place."""

    direction: Direction
    name: str


class Examined(Struct, frozen=True):
    """The machine was looked at."""

    findings: tuple[Finding, ...]


News: TypeAlias = Heard | Sent | SettingsFollowed | ChangeFailed | PortLost | PortFound | Examined


def is_tick(news: News) -> bool:
    """Tell whether it is no more than a tick of a clock: some fifty a second, that nobody wants to see."""
    match news:
        case Heard(ClockTicked()) | Sent(SendClock(message="tick")):
            return True
    return False


Listener: TypeAlias = Callable[[News], None]


class Broadcast:
    """Tells every listener, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have a listener called with all that happens from now on."""
        self._listeners.append(listener)

    def tell(self, news: News) -> None:
        for listener in self._listeners:
            listener(news)


class Follower:
    """A listener that keeps what it is told until somebody gets round to it.

    It holds at most ``capacity`` news, and no ticks of a clock. When these wait already, the oldest goes.

    Attributes:
        missed: news that went that way, since the start.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.missed = 0
        self._waiting: deque[News] = deque(maxlen=capacity)
        self._something = asyncio.Event()

    def __call__(self, news: News) -> None:
        if is_tick(news):
            return
        self.missed += len(self._waiting) == self._waiting.maxlen
        self._waiting.append(news)
        self._something.set()

    async def __aiter__(self) -> AsyncIterator[News]:
        """Yield the news, one by one, for ever."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            self._something.clear()
            await self._something.wait()
