"""The log, written by a thread of its own: the music never waits for who reads it.

A pager that nobody scrolls takes no more lines, nor does a terminal that was stopped by Ctrl-S. So lines
gather in a bounded queue, and those beyond it are left out and counted. What a line looks like is up to
:mod:`antiphon.log`.
"""

import io
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from queue import Full, Queue
from threading import Thread
from typing import TextIO

from antiphon.adapters.footing import step_down
from antiphon.core.units import Seconds

logger = logging.getLogger(__name__)

MOST_WAITING = 2000
"""Lines: some hours of playing, and at most a megabyte."""

FAREWELL: Seconds = 1.0
"""How long the end waits for lines that nobody takes."""


@contextmanager
def written_by_a_thread(most_waiting: int = MOST_WAITING) -> Iterator[None]:
    """Let nobody wait who logs, as long as this lasts; then wait a moment until all is written.

    It holds for what is logged to a file, a pipe or a terminal; handlers that keep their lines in memory are
    left as they are.
    """
    with ExitStack() as undo:
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler) and _leads_outside(handler.stream):
                stream = ThreadedStream(handler.stream, most_waiting)
                handler.setStream(stream)
                undo.callback(handler.setStream, stream.below)
                undo.callback(stream.close)
        yield


class ThreadedStream:
    """Takes lines as a text stream does, and never waits.

    Args:
        below: where they are written in the end.
        most_waiting: how many lines may wait for that.
    """

    def __init__(self, below: TextIO, most_waiting: int) -> None:
        self.below = below
        self._lines: Queue[str | None] = Queue(most_waiting)
        self._left_out = 0
        self._is_closing = False
        self._thread = Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        try:
            self._lines.put(line, block=self._is_closing, timeout=FAREWELL)
        except Full:
            self._left_out += 1
        else:
            self._tell_what_is_missing()

    def _tell_what_is_missing(self) -> None:
        left_out, self._left_out = self._left_out, 0
        if left_out:
            logger.warning("%d lines of the log are missing here, for nobody read it", left_out)
            if self._left_out:
                self._left_out = left_out  # there was no room for this line either

    def flush(self) -> None:
        """Do nothing: a line is written as soon as that is possible."""

    def close(self) -> None:
        """Write what is left, unless nobody takes it."""
        self._is_closing = True
        self._tell_what_is_missing()
        with suppress(Full):
            self._lines.put(None, timeout=FAREWELL)
            self._thread.join(FAREWELL)

    def _run(self) -> None:
        step_down()
        while (line := self._lines.get()) is not None:
            # Whoever read the log may have gone, and there is nowhere to tell that.
            with suppress(OSError):
                self._write_out(line.encode(self.below.encoding or "utf-8", "backslashreplace"))

    def _write_out(self, line: bytes) -> None:
        # Past the stream's own buffer: Python wants its lock when it ends, and this may be waiting then.
        while line:
            line = line[os.write(self.below.fileno(), line) :]


def _leads_outside(stream: TextIO) -> bool:
    try:
        stream.fileno()
    except (AttributeError, io.UnsupportedOperation, ValueError):
        return False
    return True
