"""Waiting for lines of the log, on a running loop."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE = 20.0
"""Seconds after which a line will not come any more."""


class Lines(logging.Handler):
    """Waits for lines of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._came = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())
        self._came.set()

    async def until(self, words: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not any(words in line for line in self.seen):
                self._came.clear()
                await self._came.wait()


@asynccontextmanager
async def log_lines() -> AsyncIterator[Lines]:
    lines, ours = Lines(), logging.getLogger("antiphon")
    level = ours.level
    ours.setLevel(logging.INFO)
    ours.addHandler(lines)
    try:
        yield lines
    finally:
        ours.removeHandler(lines)
        ours.setLevel(level)
