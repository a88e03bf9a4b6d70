import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from antiphon.adapters.midi.hand_off import CAPACITY, MOST_TICKS, HandOff
from antiphon.core.events import (
    ClockStarted,
    ClockStopped,
    ClockTicked,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
)
from antiphon.core.units import Pitch, Seconds, Velocity

LOOP_TURNS = 100
"""More than it takes to deliver anything here."""


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[Event, Seconds]] = []

    def hear(self, event: Event, arrived: Seconds) -> None:
        self.heard.append((event, arrived))


def received_from_another_thread(
    messages: Sequence[Sequence[int]], channel: int = 0, capacity: int = 4096
) -> list[tuple[Event, Seconds]]:
    """Hand messages over while the loop is busy, at the times 0, 1, 2 ..., and return what is delivered."""
    listener = Listener()
    times = count(0.0)

    async def main() -> None:
        hand_off = HandOff(asyncio.get_running_loop(), lambda: next(times), listener.hear, channel, capacity)
        with ThreadPoolExecutor(1) as thread:
            for message in messages:
                thread.submit(hand_off.receive, message, next(times)).result()
        for _ in range(LOOP_TURNS):
            await asyncio.sleep(0)

    asyncio.run(main())
    return listener.heard


def test_everything_arrives_in_order_with_the_time_of_its_arrival() -> None:
    messages = [(0x90, pitch % 128, 1 + pitch % 127) for pitch in range(1000)]
    assert received_from_another_thread(messages) == [
        (KeyPressed(Pitch(pitch % 128), Velocity(1 + pitch % 127)), float(pitch)) for pitch in range(1000)
    ]


def test_what_tells_nothing_is_not_delivered() -> None:
    messages = [(0xF1, 3), (0x91, 60, 1), (0x80, 61, 0), (), (0x90, 60), (0xFE,)]
    assert received_from_another_thread(messages, channel=1) == [(KeyReleased(Pitch(61)), 2.0)]


def test_ticks_come_in_line_with_the_notes_each_at_its_own_moment() -> None:
    messages = [(0xFA,), (0xF8,), (0x90, 60, 1), (0xF8,), (0xFC,)]
    assert received_from_another_thread(messages, channel=1) == [
        (ClockStarted(), 0.0),
        (ClockTicked(), 1.0),
        (KeyPressed(Pitch(60), Velocity(1)), 2.0),
        (ClockTicked(), 3.0),
        (ClockStopped(), 4.0),
    ]


def test_ticks_never_crowd_out_notes_and_none_of_them_is_lost_count_of() -> None:
    ticks = 2 * CAPACITY
    messages = [*[(0xF8,)] * ticks, (0x90, 60, 1), (0xFC,), (0xF8,)]
    delivered = received_from_another_thread(messages)
    assert [event for event, _ in delivered if not isinstance(event, ClockTicked)] == [
        KeyPressed(Pitch(60), Velocity(1)),
        ClockStopped(),
    ]
    counted = [event.ticks for event, _ in delivered if isinstance(event, ClockTicked)]
    assert len(counted) == MOST_TICKS + 1
    assert sum(counted) == ticks
    before_the_stop = delivered[-2]
    assert before_the_stop == (ClockTicked(ticks - MOST_TICKS), ticks + 1.0)


def test_time_code_crowds_out_nothing() -> None:
    messages = [*[(0xF1, 3)] * 2 * CAPACITY, (0x90, 60, 1)]
    assert [event for event, _ in received_from_another_thread(messages)] == [
        KeyPressed(Pitch(60), Velocity(1))
    ]


def test_an_overflow_becomes_a_single_lost_input(caplog: pytest.LogCaptureFixture) -> None:
    messages = [(0x90, 60, 1)] * 20 + [(0x80, 60, 0)]
    assert received_from_another_thread(messages, capacity=10) == [(InputLost(), 21.0)]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_what_was_lost_before_it_came_here_becomes_a_lost_input() -> None:
    listener = Listener()

    async def main() -> None:
        hand_off = HandOff(asyncio.get_running_loop(), lambda: 1.0, listener.hear, 0)
        hand_off.receive((0x90, 60, 1), 0.0)
        hand_off.miss()
        await asyncio.sleep(0)
        hand_off.receive((0x90, 62, 1), 0.75)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert listener.heard == [(InputLost(), 1.0), (KeyPressed(Pitch(62), Velocity(1)), 0.75)]


def test_controllers_never_crowd_out_notes_though_nobody_listens_for_ten_seconds() -> None:
    hands = [(0x90, 30 + number % 60, number // 60 % 2) for number in range(2000)]
    knobs = [(0xB0, 1 + number % 3, 1 + number % 126) for number in range(10_000)]
    messages = [
        each for five in zip(hands, *(knobs[part::5] for part in range(5)), strict=True) for each in five
    ]
    delivered = [event for event, _ in received_from_another_thread(messages)]
    assert sum(isinstance(event, KeyPressed | KeyReleased) for event in delivered) == len(hands)
    assert InputLost() not in delivered


def test_a_queue_that_is_just_full_loses_nothing() -> None:
    assert len(received_from_another_thread([(0x90, 60, 1)] * 10, capacity=10)) == 10


def test_an_error_on_the_foreign_thread_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> HandOff:
        return HandOff(asyncio.get_running_loop(), lambda: 0.0, Listener().hear, 0)

    asyncio.run(main()).receive((0x90, 60, 1), 0.0)
    assert "Event loop is closed" in caplog.text


def test_nothing_is_delivered_after_closing() -> None:
    listener = Listener()

    async def main() -> None:
        hand_off = HandOff(asyncio.get_running_loop(), lambda: 0.0, listener.hear, 0)
        hand_off.receive((0x90, 60, 1), 0.0)
        hand_off.close()
        hand_off.receive((0x90, 61, 1), 0.0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert listener.heard == []


def test_a_full_queue_leaves_the_loop_time_for_others() -> None:
    async def main() -> int:
        listener = Listener()
        hand_off = HandOff(asyncio.get_running_loop(), lambda: 0.0, listener.hear, 0)
        for _ in range(1000):
            hand_off.receive((0x90, 60, 1), 0.0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return len(listener.heard)

    assert 0 < asyncio.run(main()) < 200
