"""Both timers, on a real loop: never early, and never when they were told not to."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from antiphon.adapters.timer import LoopTimer, Timer, TimerFd, open_timer

Kind: TypeAlias = Callable[[asyncio.AbstractEventLoop, Callable[[], None]], Timer]

PATIENCE = 20.0
"""Seconds after which a ring is given up for lost."""

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="timerfd is of Linux")

KINDS = [pytest.param(TimerFd, marks=only_on_linux), LoopTimer]


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
def test_a_timer_leaves_no_file_open() -> None:
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))

    async def session() -> None:
        before = open_files()
        bell = Bell(TimerFd)
        assert open_files() > before
        bell.timer.close()
        assert open_files() == before

    asyncio.run(session())


def test_the_best_timer_of_the_platform_is_taken() -> None:
    best: type[TimerFd] | type[LoopTimer] = TimerFd if sys.platform == "linux" else LoopTimer

    async def use(bell: Bell) -> None:
        assert isinstance(bell.timer, best)

    with_a_bell(open_timer, use)
