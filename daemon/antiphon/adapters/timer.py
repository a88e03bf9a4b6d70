"""An alarm on the event loop, as punctual as the platform allows.

On Linux a timerfd: it fires at an absolute moment of the monotonic clock, to the microsecond, where the
loop's own ``call_at`` rounds to milliseconds. Elsewhere the loop's own. It knows no other clock than that of
the loop, and nothing of what it wakes.
"""

import asyncio
import ctypes
import math
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from antiphon.core.units import Seconds

LIGHT_SLEEP: Seconds = 300e-6
"""How long before its moment a timer is woken for the first time.

A core that sleeps for long sleeps deeply, and is late out of it; how late, nobody knows beforehand. Woken a
moment earlier it has time to come round, and sleeps the rest so lightly that it rings on the dot. This is
longer than a small machine takes to come round, and too short to fall deeply asleep again.
"""

TFD_TIMER_ABSTIME = 1
"""From <sys/timerfd.h>."""


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
    """Return the best timer of this platform; the clock of the loop is to be ``time.monotonic``."""
    return TimerFd(loop, ring, best_binding()) if sys.platform == "linux" else LoopTimer(loop, ring)


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


class Binding(Protocol):
    """The two system calls of a timerfd, on the monotonic clock; see timerfd_create(2)."""

    def create(self) -> int:
        """Return the descriptor of a new timer; reading it never waits. Raises OSError."""
        ...

    def set(self, descriptor: int, nanoseconds: int) -> None:
        """Expire at an absolute moment, or with 0 never, and until then be unreadable. Raises OSError."""
        ...


class TimerFd:
    """A timer of the Linux kernel, as a file descriptor that becomes readable when it expires."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None], binding: Binding) -> None:
        self._loop = loop
        self._ring = ring
        self._kernel = binding
        self._at: Seconds | None = None
        self._expires_at: Seconds = 0.0
        self._descriptor = binding.create()
        loop.add_reader(self._descriptor, self._on_readable)

    def set(self, at: Seconds) -> None:
        if at != self._at:
            self._at = at
            lightly = at - LIGHT_SLEEP
            self._expire(lightly if lightly > self._loop.time() else at)

    def clear(self) -> None:
        if self._at is not None:
            self._at = None
            self._kernel.set(self._descriptor, 0)

    def close(self) -> None:
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _expire(self, at: Seconds) -> None:
        self._expires_at = at
        # At zero, which it takes for "never", the kernel's clock began: whatever is not later has passed.
        self._kernel.set(self._descriptor, max(math.ceil(at * 1e9), 1))

    def _on_readable(self) -> None:
        now = self._loop.time()
        if self._at is None:
            self._read()
        elif now < self._expires_at:
            return  # it was set anew between the expiry and this call
        elif now < self._at:
            self._expire(self._at)
        else:
            # To set it anew also clears the descriptor. To read it first would be to let other threads run,
            # and then to wait for them: on a busy interpreter for milliseconds.
            self._at = None
            self._ring()

    def _read(self) -> None:
        """Clear the descriptor, where it rang or was about to and nobody has set it anew."""
        with suppress(BlockingIOError):
            os.read(self._descriptor, 8)


def best_binding() -> Binding:
    """Return Python's own system calls from 3.13 on, else those of the C library."""
    if sys.platform == "linux" and sys.version_info >= (3, 13):
        return PythonBinding()
    return LibraryBinding()


if sys.platform == "linux" and sys.version_info >= (3, 13):

    class PythonBinding:
        """The system calls as Python has them."""

        def create(self) -> int:
            return os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_NONBLOCK | os.TFD_CLOEXEC)

        def set(self, descriptor: int, nanoseconds: int) -> None:
            os.timerfd_settime_ns(descriptor, flags=os.TFD_TIMER_ABSTIME, initial=nanoseconds)


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _TimeSpec), ("value", _TimeSpec))


class LibraryBinding:
    """The system calls as the C library has them, for a Python that does not."""

    def __init__(self) -> None:
        # Called with the interpreter held, since neither of them ever waits.
        self._library = ctypes.PyDLL(None, use_errno=True)
        self._spec = _TimerSpec()
        self._value = self._spec.value
        self._spec_address = ctypes.byref(self._spec)

    def create(self) -> int:
        descriptor: int = self._library.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        return self._checked(descriptor)

    def set(self, descriptor: int, nanoseconds: int) -> None:
        self._value.seconds, self._value.nanoseconds = divmod(nanoseconds, 1_000_000_000)
        self._checked(self._library.timerfd_settime(descriptor, TFD_TIMER_ABSTIME, self._spec_address, None))

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result
