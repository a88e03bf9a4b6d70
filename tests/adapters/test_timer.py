"""All timers, on a real loop: never early, and never when they were told not to."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

import pytest

from antiphon.adapters import timer
from antiphon.adapters.timer import (
    LIGHT_SLEEP,
    Binding,
    LibraryBinding,
    LoopTimer,
    Timer,
    TimerFd,
    best_binding,
    open_timer,
)

Kind: TypeAlias = Callable[[asyncio.AbstractEventLoop, Callable[[], None]], Timer]

PATIENCE = 20.0
"""Seconds after which a ring is given up for lost."""

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="timerfd is of Linux")
only_from_3_13 = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="Python has timerfd by itself only from 3.13 on"
)


def bound_by(name: str) -> Kind:
    """A timer on one of the two bindings, which is looked for when the timer is opened."""
    return lambda loop, ring: TimerFd(loop, ring, getattr(timer, name)())


KINDS = [
    pytest.param(LoopTimer, id="loop"),
    pytest.param(bound_by("LibraryBinding"), id="library", marks=only_on_linux),
    pytest.param(bound_by("PythonBinding"), id="python", marks=[only_on_linux, only_from_3_13]),
]


class Bell:
    """A timer and the moments at which it rang."""

    def __init__(self, kind: Kind) -> None:
        self.rang_at: list[float] = []
        self._rang = asyncio.Event()
        self.timer = kind(asyncio.get_running_loop(), self._ring)

    def _ring(self) -> None:
        self.rang_at.append(time.monotonic())
        self._rang.set()

    async def heard(self) -> float:
        """Wait for the next ring and return its moment."""
        await asyncio.wait_for(self._rang.wait(), PATIENCE)
        self._rang.clear()
        return self.rang_at[-1]


class ObservedBinding:
    """The system calls, and the moments in nanoseconds that it was told."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self._binding = LibraryBinding()

    def create(self) -> int:
        return self._binding.create()

    def set(self, descriptor: int, nanoseconds: int) -> None:
        self.told.append(nanoseconds)
        self._binding.set(descriptor, nanoseconds)


def with_a_bell(kind: Kind, use: Callable[[Bell], Awaitable[None]]) -> Bell:
    """Run something with a bell on a loop of its own."""

    async def session() -> Bell:
        bell = Bell(kind)
        try:
            await use(bell)
        finally:
            bell.timer.close()
        return bell

    return asyncio.run(session())


def on(binding: Binding) -> Kind:
    return partial(TimerFd, binding=binding)


@pytest.mark.parametrize("kind", KINDS)
def test_it_rings_once_and_never_early(kind: Kind) -> None:
    async def use(bell: Bell) -> None:
        for wait in (0.0001, 0.0015, 0.0203):
            at = time.monotonic() + wait
            bell.timer.set(at)
            assert await bell.heard() >= at
        await asyncio.sleep(0.02)

    assert len(with_a_bell(kind, use).rang_at) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_moment_that_has_passed_rings_at_once(kind: Kind) -> None:
    async def use(bell: Bell) -> None:
        for at in (time.monotonic() - 1, 0.0, -5.0):
            bell.timer.set(at)
            await bell.heard()

    assert len(with_a_bell(kind, use).rang_at) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_moment_replaces_the_one_before(kind: Kind) -> None:
    async def use(bell: Bell) -> None:
        later = time.monotonic() + 0.05
        bell.timer.set(later - 0.04)
        bell.timer.set(later)
        assert await bell.heard() >= later
        bell.timer.set(time.monotonic() + 3600)
        sooner = time.monotonic() + 0.01
        bell.timer.set(sooner)
        assert await bell.heard() >= sooner

    assert len(with_a_bell(kind, use).rang_at) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_moment_that_it_was_set_to_twice_rings_once(kind: Kind) -> None:
    async def use(bell: Bell) -> None:
        at = time.monotonic() + 0.01
        bell.timer.set(at)
        bell.timer.set(at)
        assert await bell.heard() >= at
        bell.timer.set(at)
        await bell.heard()
        await asyncio.sleep(0.02)

    assert len(with_a_bell(kind, use).rang_at) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_timer_that_is_cleared_does_not_ring(kind: Kind) -> None:
    async def use(bell: Bell) -> None:
        bell.timer.clear()
        bell.timer.set(time.monotonic() + 0.01)
        bell.timer.clear()
        await asyncio.sleep(0.03)
        assert bell.rang_at == []
        bell.timer.set(time.monotonic())
        await bell.heard()

    assert len(with_a_bell(kind, use).rang_at) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_timer_that_is_cleared_when_it_was_about_to_ring_does_not(kind: Kind) -> None:
    async def use(bell: Bell) -> None:
        bell.timer.set(time.monotonic() + 0.005)
        await asyncio.sleep(0)
        time.sleep(0.01)  # noqa: ASYNC251  the loop is to be kept busy
        bell.timer.clear()
        await asyncio.sleep(0.02)

    assert with_a_bell(kind, use).rang_at == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_timer_that_is_set_anew_when_it_was_about_to_ring_waits(kind: Kind) -> None:
    """The loop was busy past the moment, and what kept it busy put the moment off."""

    async def use(bell: Bell) -> None:
        bell.timer.set(time.monotonic() + 0.005)
        time.sleep(0.01)  # noqa: ASYNC251  the loop is to be kept busy
        later = time.monotonic() + 0.03
        bell.timer.set(later)
        assert await bell.heard() >= later

    assert len(with_a_bell(kind, use).rang_at) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_timer_does_not_ring(kind: Kind) -> None:
    async def session() -> None:
        bell = Bell(kind)
        bell.timer.set(time.monotonic() + 0.005)
        bell.timer.close()
        await asyncio.sleep(0.02)
        assert bell.rang_at == []

    asyncio.run(session())


@only_on_linux
@pytest.mark.parametrize("fails", [False, True])
def test_a_timer_that_has_rung_lets_the_loop_sleep(fails: bool) -> None:
    """Its descriptor does not stay readable, not even when what it woke has failed."""

    async def session() -> None:
        rang = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)

        def ring() -> None:
            rang.set()
            if fails:
                raise RuntimeError("what was woken has failed")

        alarm = TimerFd(loop, ring, LibraryBinding())
        alarm.set(time.monotonic() + 0.001)
        await asyncio.wait_for(rang.wait(), PATIENCE)
        before = time.process_time()
        await asyncio.sleep(0.2)
        assert time.process_time() - before < 0.1
        alarm.close()

    asyncio.run(session())


@only_on_linux
def test_a_core_that_sleeps_for_long_is_woken_a_moment_before() -> None:
    """And a second time at the moment itself, unless the first was so late that it has come."""
    observed = ObservedBinding()

    async def use(bell: Bell) -> None:
        at = time.monotonic() + 0.05
        bell.timer.set(at)
        await bell.heard()
        first, *second = observed.told
        assert first == pytest.approx(1e9 * (at - LIGHT_SLEEP), abs=2)
        assert second in ([], [pytest.approx(1e9 * at, abs=2)])

    with_a_bell(on(observed), use)


@only_on_linux
def test_what_does_not_change_costs_no_system_call() -> None:
    observed = ObservedBinding()

    async def use(bell: Bell) -> None:
        bell.timer.clear()
        at = time.monotonic() + 3600
        bell.timer.set(at)
        bell.timer.set(at)
        bell.timer.clear()
        bell.timer.clear()

    with_a_bell(on(observed), use)
    assert len(observed.told) == 2


@only_on_linux
def test_a_kernel_that_refuses_says_why() -> None:
    with open(os.devnull) as no_timer, pytest.raises(OSError, match="Invalid argument"):
        best_binding().set(no_timer.fileno(), 1)


@only_on_linux
def test_a_timer_leaves_no_file_open() -> None:
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))

    async def session() -> None:
        before = open_files()
        bell = Bell(open_timer)
        assert open_files() > before
        bell.timer.close()
        assert open_files() == before

    asyncio.run(session())


def test_the_best_timer_of_the_platform_is_taken() -> None:
    best: type[TimerFd] | type[LoopTimer] = TimerFd if sys.platform == "linux" else LoopTimer

    async def use(bell: Bell) -> None:
        assert isinstance(bell.timer, best)

    with_a_bell(open_timer, use)


@only_on_linux
def test_python_s_own_system_calls_are_taken_where_it_has_them() -> None:
    best = "PythonBinding" if sys.version_info >= (3, 13) else "LibraryBinding"
    assert type(best_binding()).__name__ == best
