"""The stream of news: every listener is told in order; one that is slow misses the oldest."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.broadcast import Broadcast, Follower, News, Sent
from antiphon.core.commands import ReleaseNote
from antiphon.core.units import Pitch


def news(count: int) -> list[News]:
    return [Sent(ReleaseNote(float(number), Pitch(60)), float(number)) for number in range(count)]


def test_every_listener_is_told_everything_from_then_on_in_order() -> None:
    broadcast, first, second = Broadcast(), list[News](), list[News]()
    told = news(3)
    broadcast.tell(told[0])
    broadcast.listen(first.append)
    broadcast.tell(told[1])
    broadcast.listen(second.append)
    broadcast.tell(told[2])
    assert (first, second) == (told[1:], told[2:])


async def taken(follower: Follower, count: int) -> list[News]:
    got: list[News] = []
    async for each in follower:
        got.append(each)
        if len(got) == count:
            return got
    raise AssertionError("the news never end")


def test_a_follower_takes_what_came_before_it_looked_and_waits_for_what_comes_after() -> None:
    async def session() -> list[News]:
        follower = Follower()
        told = news(4)
        for each in told[:2]:
            follower(each)
        taking = asyncio.create_task(taken(follower, 4))
        await asyncio.sleep(0)
        assert not taking.done()
        for each in told[2:]:
            follower(each)
        assert await taking == told
        return told

    asyncio.run(session())


@given(capacity=st.integers(1, 5), count=st.integers(0, 20))
def test_a_follower_that_never_looks_keeps_the_newest_and_counts_what_it_missed(
    capacity: int, count: int
) -> None:
    async def session() -> None:
        follower = Follower(capacity)
        told = news(count)
        for each in told:
            follower(each)
        kept = min(count, capacity)
        assert follower.missed == count - kept
        if kept:
            assert await taken(follower, kept) == told[-kept:]

    asyncio.run(session())
