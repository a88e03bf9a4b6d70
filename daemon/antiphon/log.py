"""The one place where logging is set up.

All lines go to standard error, so that what a command prints can be piped. Under journald they carry the
priority prefix of ``sd-daemon(3)`` and no time, because the journal keeps its own; on a terminal they are
short, with the local time; in a file they carry the date as well.
"""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TextIO

from antiphon import screen
from antiphon.core.units import Seconds


def configure(verbose: bool) -> None:
    """Send log lines to standard error; ``verbose`` adds the fine detail and the name of each part."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(sys.stderr, os.environ, verbose))
    if not verbose and not sys.stderr.isatty():
        handler.addFilter(Sparing(time.monotonic))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("antiphon").setLevel(logging.DEBUG if verbose else logging.INFO)
    # Python's own warnings would otherwise be written with file and line, outside the log.
    logging.captureWarnings(True)


_partner: ContextVar[str] = ContextVar("partner", default="")


@contextmanager
def on_behalf_of(partner: str) -> Iterator[None]:
    """Let lines name a further partner: those that are logged meanwhile, and by what is begun meanwhile.

    What is to log from a thread of its own has to be run in a copy of the context (:mod:`contextvars`).
    """
    former = _partner.set(partner)
    try:
        yield
    finally:
        _partner.reset(former)


def spoken(message: str) -> str:
    """Return a message as it is to be read: after the name of the partner that it is about, if any."""
    partner = _partner.get()
    return f"{partner}: {message}" if partner else message


class Formatter(logging.Formatter):
    """Lines that name the partner they are about; on the thread that logs them, and at once."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = spoken(record.message)
        return super().formatMessage(record)


class JournalFormatter(Formatter):
    """Lines as journald takes them: ``<priority>`` and the text, on every line of it."""

    def format(self, record: logging.LogRecord) -> str:
        prefix = f"<{_priority(record.levelno)}>"
        return "\n".join(prefix + line for line in super().format(record).splitlines())


class TimedFormatter(Formatter):
    """Lines with the local time; a level is named only where it is worth noticing."""

    def format(self, record: logging.LogRecord) -> str:
        record.notice = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        return super().format(record)


class TerminalFormatter(TimedFormatter):
    """The same, folded between words; each further line stands below the text, beside the time."""

    def __init__(self, text: str, time: str, stream: TextIO) -> None:
        super().__init__(text, time)
        self._stream = stream

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).splitlines()
        return "\n".join(screen.folded(line, self._stream, len("00:00:00 ")) for line in lines)


class Sparing(logging.Filter):
    """Leaves out what is said over and over, so that months of it fit on an SD card.

    Of each sentence of a level, whatever it is about, ``BURST`` are written as they come, and from then on
    one for every ``INTERVAL``, which says how many were left out before it.

    Args:
        clock: monotonic seconds.
    """

    BURST = 100
    INTERVAL: Seconds = 60.0

    def __init__(self, clock: Callable[[], Seconds]) -> None:
        super().__init__()
        self._clock = clock
        self._allowances: dict[tuple[int, str], _Allowance] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = self._clock()
        # With its level: what is amiss is never left out for what goes well and is said in the same form.
        kind = record.levelno, str(record.msg)
        allowance = self._allowances.setdefault(kind, _Allowance(self.BURST, now))
        allowance.lines = min(self.BURST, allowance.lines + (now - allowance.counted_at) / self.INTERVAL)
        allowance.counted_at = now
        if allowance.lines < 1.0:
            allowance.left_out += 1
            return False
        allowance.lines -= 1.0
        if allowance.left_out:
            record.msg = f"{record.getMessage()} (and {allowance.left_out} lines like this before it)"
            record.args = ()
            allowance.left_out = 0
        return True


@dataclass(slots=True)
class _Allowance:
    """How many lines of one kind may yet be written, and how many were not."""

    lines: float
    counted_at: Seconds
    left_out: int = 0


def _formatter(stream: TextIO, environ: Mapping[str, str], verbose: bool) -> logging.Formatter:
    text = "%(name)s: %(message)s" if verbose else "%(message)s"
    if _goes_to_the_journal(stream, environ):
        return JournalFormatter(text)
    text = f"%(asctime)s %(notice)s{text}"
    if not stream.isatty():
        return TimedFormatter(text, "%Y-%m-%d %H:%M:%S")
    # Whoever wants all of it wants tracebacks as well, as they are.
    return TimedFormatter(text, "%H:%M:%S") if verbose else TerminalFormatter(text, "%H:%M:%S", stream)


def _goes_to_the_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Compare device and inode as ``systemd.exec(5)`` asks: the variable outlives a redirection."""
    journal = environ.get("JOURNAL_STREAM", "")
    if not journal:
        return False
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):  # closed, or not a file at all
        return False
    return journal == f"{status.st_dev}:{status.st_ino}"


def _priority(level: int) -> int:
    """Translate a logging level into a syslog priority, of which smaller is graver."""
    for threshold, priority in (
        (logging.CRITICAL, 2),
        (logging.ERROR, 3),
        (logging.WARNING, 4),
        (logging.INFO, 6),
    ):
        if level >= threshold:
            return priority
    return 7
