"""An alarm on the event loop, as punctual as the platform allows.

On Linux a timerfd: it fires at an absolute moment of the monotonic clock, to the microsecond, where the
loop's own ``call_at`` rounds to milliseconds. Elsewhere the loop's own. It reads no clock.
"""

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable
from typing import Protocol

from antiphon.core.units import Seconds

TFD_TIMER_ABSTIME = 1
"""From <sys/timerfd.h>."""

CLOCK_MONOTONIC = 1
"""From <time.h>; the clock of ``time.monotonic``."""


class Timer(Protocol):
    """Calls back once at the moment that it was last set to."""

    def set(self, at: Seconds) -> None:
        """Ring at a moment, which replaces the one before; one that has passed rings at once."""
        ...

    def clear(self) -> None:
        """Do not ring."""
        ...

    def close(self) -> None: ...


def open_timer(loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> Timer:
    """Return the best timer of this platform."""
    return TimerFd(loop, ring) if sys.platform == "linux" else LoopTimer(loop, ring)


class LoopTimer:
    """The loop's own timer: late by up to a millisecond or so, but everywhere."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._loop = loop
        self._ring = ring
        self._handle: asyncio.TimerHandle | None = None

    def set(self, at: Seconds) -> None:
        self.clear()
        self._handle = self._loop.call_at(at, self._ring)

    def clear(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def close(self) -> None:
        self.clear()


class TimerFd:
    """A timer of the Linux kernel, as a file descriptor that becomes readable when it rings."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._loop = loop
        self._ring = ring
        self._kernel = _Kernel()
        self._descriptor = self._kernel.create()
        loop.add_reader(self._descriptor, self._on_readable)

    def set(self, at: Seconds) -> None:
        # A time of zero would mean "never" to the kernel.
        self._kernel.set(self._descriptor, max(at, 1e-9))

    def clear(self) -> None:
        self._kernel.set(self._descriptor, 0.0)

    def close(self) -> None:
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _on_readable(self) -> None:
        try:
            os.read(self._descriptor, 8)
        except BlockingIOError:
            return  # it was set anew between the ring and this call
        self._ring()


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _TimeSpec), ("value", _TimeSpec))


class _Kernel:
    """timerfd_create(2) and timerfd_settime(2), which Python has by itself only from 3.13 on."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def create(self) -> int:
        descriptor: int = self._libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        return self._checked(descriptor)

    def set(self, descriptor: int, at: Seconds) -> None:
        seconds, nanoseconds = divmod(round(at * 1e9), 1_000_000_000)
        spec = _TimerSpec(value=_TimeSpec(seconds, nanoseconds))
        self._checked(self._libc.timerfd_settime(descriptor, TFD_TIMER_ABSTIME, ctypes.byref(spec), None))

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result
