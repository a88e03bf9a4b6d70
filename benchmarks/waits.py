"""A phrase, and the ways to wait for each of its moments that the pacer is held against."""

import asyncio
import ctypes
import random
import threading
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

from antiphon.adapters.pacer import clock
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Seconds, Velocity

MOMENTS = 100
"""In a phrase, of which the first is at once and does not count."""

SHORTEST_WAIT, LONGEST_WAIT = 0.003, 0.011
"""Seconds between two of them."""

KEYS_DOWN = 8
"""Notes that sound at once, so that each lasts longer than the shortest that an answer may hold."""

CLOCK_MONOTONIC, TIMER_ABSTIME = 1, 1
"""From <time.h>."""


@cache
def phrase() -> list[MusicEvent]:
    """Return a phrase for all alike: keys struck one after the other, then a key let go for each that is."""
    drawn = random.Random(4)
    events: list[MusicEvent] = []
    for number in range(MOMENTS):
        wait = drawn.uniform(SHORTEST_WAIT, LONGEST_WAIT) if number else 0.0
        is_release = number >= KEYS_DOWN and number % 2 == 0
        key = number if number < KEYS_DOWN else KEYS_DOWN + (number - KEYS_DOWN) // 2
        pitch = Pitch(36 + (key - KEYS_DOWN if is_release else key))
        events.append(MusicEvent(wait, Velocity(0 if is_release else 80), pitch))
    return events


def moments() -> Iterator[Seconds]:
    """Yield the moments of a phrase that begins now."""
    began = clock()
    return (began + since for since in accumulate(event.dt for event in phrase()))


async def by_call_at() -> list[Seconds]:
    """Wait by the loop's own timer."""
    loop, due, late = asyncio.get_running_loop(), moments(), list[Seconds]()
    done = asyncio.Event()

    def wait() -> None:
        at = next(due, None)
        if at is None:
            done.set()
        else:
            loop.call_at(at, wake, at)

    def wake(at: Seconds) -> None:
        late.append(clock() - at)
        wait()

    wait()
    await done.wait()
    return late


async def by_sleep() -> list[Seconds]:
    """Wait in a coroutine, each time for as long as is left."""
    late: list[Seconds] = []
    for at in moments():
        await asyncio.sleep(at - clock())
        late.append(clock() - at)
    return late


async def by_clock_nanosleep() -> list[Seconds]:
    """Wait in a thread of its own, for the moment itself."""
    loop, late = asyncio.get_running_loop(), list[Seconds]()
    done = asyncio.Event()
    library = ctypes.CDLL(None)

    def wait() -> None:
        for at in moments():
            seconds, nanoseconds = divmod(round(1e9 * at), 1_000_000_000)
            moment = (ctypes.c_long * 2)(seconds, nanoseconds)
            library.clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, ctypes.byref(moment), None)
            late.append(clock() - at)
        loop.call_soon_threadsafe(done.set)

    thread = threading.Thread(target=wait)
    thread.start()
    await done.wait()
    thread.join()
    return late
