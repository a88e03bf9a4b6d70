"""Warnings and errors of the log, passed on to whoever watches from elsewhere."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from antiphon.log import spoken


class ForwardingHandler(logging.Handler):
    """Calls a function on the thread of the loop with each line that is a warning or worse.

    Args:
        tell: called with the line.
        leaving_out: name of a logger whose lines stay here.
    """

    def __init__(self, tell: Callable[[str], None], leaving_out: str) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._leaving_out = leaving_out
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != self._leaving_out and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, spoken(record.getMessage()))


@contextmanager
def forwarding(tell: Callable[[str], None], leaving_out: str) -> Iterator[None]:
    """Have a function called with every warning of the daemon from now on."""
    handler = ForwardingHandler(tell, leaving_out)
    ours = logging.getLogger("antiphon")
    ours.addHandler(handler)
    try:
        yield
    finally:
        ours.removeHandler(handler)
