"""The footing of the process: a place before other programs, memory that stays, an interpreter that lets go.

It takes what the system allows and says what that was. Nothing here keeps anybody from playing, and it
knows neither settings nor music.

A thread is scheduled like the one that starts it. That suits rtmidi's, which hears the keyboard; one that
writes files or computes for long has to :func:`step_down`. Linux could see to that by itself
(``SCHED_RESET_ON_FORK``), but then all of them would be ordinary. A child process would have to step down
too; the daemon starts none.
"""

import ctypes
import logging
import os
import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from antiphon.core.units import Seconds

logger = logging.getLogger(__name__)

LAST = 1
"""The lowest real-time priority."""

SWITCH_INTERVAL: Seconds = 0.0001
"""How long a thread that computes in Python may keep the interpreter from the one that plays.

Python's own 5 ms are heard. Whoever waits for a file, or for the network to compute, does not hold it at all.
"""

HEADROOM = 2**30
"""Bytes that may yet be mapped: a JACK server that comes back, stacks of threads, a recording being ended.

Under a limit what is locked counts in full, however little of it is touched, and at the limit nothing more
can be mapped at all. So where the limit is not well above what is mapped, nothing is locked.
"""

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
"""From <sys/mman.h>, as on x86, ARM and RISC-V. The last leaves untouched memory untouched."""


@dataclass(frozen=True, slots=True)
class Footing:
    """What was asked for and what was granted.

    Attributes:
        wished: the real-time priority that was asked for, 1 to 99; 0 for none.
        priority: the one that was granted, under ``SCHED_FIFO``; 0 is ordinary scheduling.
        memory_is_locked: whether what has been touched is never paged out.
    """

    wished: int
    priority: int
    memory_is_locked: bool

    @property
    def lacks(self) -> tuple[str, ...]:
        """What was not granted, in words."""
        lacks: list[str] = []
        if self.priority < self.wished:
            allowed = f" ({self.priority} is allowed)" if self.priority else ""
            lacks.append(f"real-time priority {self.wished}{allowed}")
        if not self.memory_is_locked:
            lacks.append("locked memory")
        return tuple(lacks)


class Kernel(Protocol):
    """What is asked of the system; whatever it does not allow is left as it is."""

    def put_first(self, priority: int) -> bool:
        """Schedule the calling thread before all ordinary ones, and Python's others right behind it.

        Tell whether that is allowed.
        """
        ...

    def put_back(self) -> None:
        """Schedule the calling thread as it was when this was made, Python's others as ordinary ones."""
        ...

    def highest_priority(self) -> int:
        """Return the limit to real-time priorities."""
        ...

    def lock_memory(self) -> bool:
        """Keep in memory whatever is touched from now on; tell whether that is allowed."""
        ...

    def lock_memory_without_limit(self) -> bool:
        """Do that only if no limit applies to this process."""
        ...

    def unlock_memory(self) -> None: ...

    def lockable_bytes(self) -> float:
        """Return the limit to what may be locked, which may be infinite."""
        ...

    def mapped_bytes(self) -> int:
        """Return what is mapped, touched or not, all of which counts as soon as it is locked."""
        ...


@contextmanager
def real_time(priority: int, kernel: Kernel | None = None) -> Iterator[Footing]:
    """Take the best footing that is allowed, for this thread and those that it starts, until the end.

    Args:
        priority: under ``SCHED_FIFO``, 1 to 99; where only a lower one is allowed, that is taken. 0 leaves
            the scheduling alone.
        kernel: what is asked; left out, the system that this runs on. But for Linux, none is.
    """
    if kernel is None and sys.platform != "linux":
        yield Footing(priority, 0, memory_is_locked=False)
        return
    kernel = kernel or Linux()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    footing = Footing(priority, _put_first(kernel, priority), _lock_memory(kernel))
    try:
        yield footing
    finally:
        if footing.memory_is_locked:
            kernel.unlock_memory()
        if footing.priority:
            kernel.put_back()
        sys.setswitchinterval(interval)


def _put_first(kernel: Kernel, wished: int) -> int:
    """Take the highest priority that is allowed, and return it."""
    for priority in (wished, min(wished, kernel.highest_priority())):
        if priority > 0 and kernel.put_first(priority):
            return priority
    return 0


def _lock_memory(kernel: Kernel) -> bool:
    if kernel.lock_memory_without_limit():
        return True
    return kernel.lockable_bytes() >= kernel.mapped_bytes() + HEADROOM and kernel.lock_memory()


def tell_what_is_missing(footing: Footing) -> None:
    """Log in a line what was not granted; nothing where all was."""
    if footing.lacks:
        lacks = " and ".join(footing.lacks)
        logger.info("playing without %s; `antiphon doctor` shows the lines that grant it", lacks)


def _schedule_others(policy: int, priority: int) -> None:
    for thread in threading.enumerate():
        if thread.native_id not in (None, threading.get_native_id()):
            with suppress(OSError):  # it has just ended
                os.sched_setscheduler(thread.native_id or 0, policy, os.sched_param(priority))


def step_down() -> None:
    """Put the calling thread behind the music, and behind all but ordinary programs.

    Behind those, too, it would now and then be without a core while it holds Python's lock, and the music
    would wait for both. Without a real-time priority it becomes an ordinary one, whatever it was started as;
    one that was put behind all others, as by ``chrt --idle``, stays there where only root may bring it back.
    """
    if sys.platform == "linux":
        is_real_time = os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)
        with suppress(PermissionError):
            if is_real_time:
                os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(LAST))
            else:
                os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


class Linux:
    """Linux, which is asked rather than looked up: what seems to be a right may not count in a container."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None)
        self._former = os.sched_getscheduler(0), os.sched_getparam(0)

    def put_first(self, priority: int) -> bool:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
        except OSError as error:
            logger.debug("real-time priority %d is not allowed: %s", priority, error.strerror)
            return False
        _schedule_others(os.SCHED_FIFO, LAST)
        return True

    def put_back(self) -> None:
        os.sched_setscheduler(0, *self._former)
        _schedule_others(os.SCHED_OTHER, 0)

    def highest_priority(self) -> int:
        return _raised_limit(resource.RLIMIT_RTPRIO)

    def lock_memory(self) -> bool:
        result: int = self._libc.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT)
        return result == 0

    def lock_memory_without_limit(self) -> bool:
        # Under a limit of zero the kernel grants it to nobody but those to whom no limit applies.
        former = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, former[1]))
        try:
            return self.lock_memory()
        finally:
            resource.setrlimit(resource.RLIMIT_MEMLOCK, former)

    def unlock_memory(self) -> None:
        self._libc.munlockall()

    def lockable_bytes(self) -> float:
        limit = _raised_limit(resource.RLIMIT_MEMLOCK)
        return float("inf") if limit == resource.RLIM_INFINITY else limit

    def mapped_bytes(self) -> int:
        pages, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(pages) * resource.getpagesize()


def _raised_limit(kind: int) -> int:
    """Raise a limit as far as this process may by itself, and return it."""
    _, highest = resource.getrlimit(kind)
    resource.setrlimit(kind, (highest, highest))
    return highest
