"""Keeps what a player teaches in its file while they play, on a thread of its own.

The music never waits for the disk: every other second what is new is appended and brought to the disk. A disk
that fails is told once; what could not be written is tried again with what comes next.
"""

import errno
import fcntl
import logging
import os
import threading
from contextlib import ExitStack
from contextvars import copy_context
from functools import partial
from pathlib import Path

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.markov.learner import Learner
from antiphon.adapters.engines.markov.learnt_file import Learnt
from antiphon.core.units import Seconds
from antiphon.errors import reason_of

EVERY: Seconds = 2.0
LONGEST_CLOSE: Seconds = 5.0

MOST_UNWRITTEN = 1_000_000
"""Bytes that wait while nothing can be written; what is learnt beyond that waits with the learner."""

logger = logging.getLogger(__name__)


class Keeper:
    """Keeps a learner's phrases until it is closed.

    Args:
        path: of the file; what is damaged there is kept aside, and told.
        learner: has learnt what the file holds.
        keep_last: phrases of the file that are kept, the last ones.
        every: seconds between two writes.
    """

    def __init__(self, path: Path, learner: Learner, keep_last: int, every: Seconds = EVERY) -> None:
        self._path = path
        self._learner = learner
        self._every = every
        self._keep_last = keep_last
        self._unwritten = b""
        self._has_failed = False
        self._ends = threading.Event()
        run = partial(copy_context().run, self._run)
        self._thread = threading.Thread(target=run, name="learnt", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Write what is new, and end."""
        self._ends.set()
        self._thread.join(LONGEST_CLOSE)
        if self._thread.is_alive():
            logger.warning("what was learnt last is not kept, because the disk does not answer")

    def _run(self) -> None:
        with ExitStack() as opened:
            file, is_over = None, False
            while True:
                try:
                    file = self._opened(opened) if file is None else file
                    self._write(file)
                except OSError as error:
                    self._tell(error)
                if is_over:
                    return
                is_over = self._ends.wait(self._every)

    def _opened(self, opened: ExitStack) -> int:
        """Return the file, whole, ready to be appended to, and nobody else's until all is closed."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            lock = os.open(self._path.with_name(f".{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
            stack.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            make_whole(self._path, learnt_file.read(self._path), self._keep_last)
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            stack.callback(os.close, file)
            opened.enter_context(stack.pop_all())
        return file

    def _write(self, file: int) -> None:
        """Append what is new, or leave the file as it was.

        Raises:
            OSError: it cannot be written.
        """
        if len(self._unwritten) < MOST_UNWRITTEN:
            self._unwritten += learnt_file.records(self._learner.take_fresh())
        if not self._unwritten:
            return
        end = os.fstat(file).st_size
        try:
            if os.write(file, self._unwritten) < len(self._unwritten):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file)
        except OSError:
            # A part of a record would make what comes after it unreadable.
            os.ftruncate(file, end)
            raise
        self._unwritten, self._has_failed = b"", False

    def _tell(self, error: OSError) -> None:
        if not self._has_failed:
            another = isinstance(error, BlockingIOError)
            reason = "somebody else keeps theirs there" if another else reason_of(error)
            logger.warning("what is learnt now is not kept in %s for the moment: %s", self._path, reason)
        self._has_failed = True


def make_whole(path: Path, learnt: Learnt, keep_last: int) -> None:
    """See to it that a file can be appended to, and holds no more than is kept.

    Raises:
        OSError: it cannot be written, or what is damaged cannot be kept aside.
    """
    if learnt.trouble:
        aside = free_name(path)
        path.rename(aside)
        begins = f"{learnt.events} events of it still count" if learnt.events else "it is begun anew"
        logger.warning("%s %s; it is kept as %s, and %s", path, learnt.trouble, aside.name, begins)
    if learnt.trouble or not path.exists() or len(learnt.phrases) > 2 * keep_last:
        learnt_file.write(path, learnt.phrases[-keep_last:])


def free_name(path: Path) -> Path:
    """Return a name beside a file under which there is nothing yet."""
    number = 1
    while (name := path.with_name(f"{path.name}.aside-{number}")).exists():
        number += 1
    return name
