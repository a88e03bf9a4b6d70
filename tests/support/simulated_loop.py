"""An event loop under a simulated clock: whoever waits in it does so in no time, though at times too long."""

import asyncio
import random
import selectors
from collections.abc import Sequence
from typing import Any

LATEST = 0.5
"""Seconds by which it is late at most."""

SELDOM = 0.02
"""Share of the times that it sleeps after which it is very late."""


class SimulatedLoop(asyncio.SelectorEventLoop):
    """A loop that is its own clock.

    Args:
        seed: of how late it wakes up.

    Attributes:
        failure: what went wrong first in something that it called.
    """

    def __init__(self, seed: int) -> None:
        self.now = 0.0
        self.failure: BaseException | None = None
        super().__init__(_Sleeper(self, random.Random(seed)))

    def time(self) -> float:
        """Return simulated seconds."""
        return self.now

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep what went wrong in a callback, for whoever waits to raise it."""
        self.failure = self.failure or context.get("exception") or RuntimeError(context["message"])


class _Sleeper(selectors.SelectSelector):
    """Lets time pass in which a real one would wait for something to become readable."""

    def __init__(self, loop: SimulatedLoop, draw: random.Random) -> None:
        super().__init__()
        self._loop = loop
        self._draw = draw

    def select(self, timeout: float | None = None) -> Sequence[tuple[selectors.SelectorKey, int]]:  # type: ignore[override]
        assert timeout is not None, "nothing will ever happen any more"
        if timeout > 0:
            late = LATEST if self._draw.random() < SELDOM else 0.0003
            self._loop.now += timeout + self._draw.uniform(0.0, late)
        return super().select(0)
