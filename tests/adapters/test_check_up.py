"""A daemon that plays is examined beside the music, on a thread that has stepped down."""

import asyncio
import os
import threading
from collections.abc import Iterable

from antiphon.adapters.broadcast import Broadcast, Examined, Follower
from antiphon.adapters.check_up import CheckUp, Standing, unexamined
from antiphon.adapters.footing import Footing
from antiphon.findings import Finding
from states import a_state

ALLOWED = Footing(60, 60, memory_is_locked=True)


async def told_by(follower: Follower) -> Examined:
    async with asyncio.timeout(10):
        async for news in follower:
            assert isinstance(news, Examined)
            return news
    raise AssertionError


def test_what_is_found_is_told_and_was_looked_for_elsewhere() -> None:
    standings: list[Standing] = []

    def examine(standing: Standing) -> Iterable[Finding]:
        standings.append(standing)
        yield Finding("thread", "good", threading.current_thread().name)
        yield Finding("schedule", "good", str(os.sched_getscheduler(0) == os.SCHED_OTHER))

    async def session() -> Examined:
        broadcast, follower = Broadcast(), Follower()
        broadcast.listen(follower)
        CheckUp(examine, ALLOWED, broadcast.tell).begin(a_state(), {"osc": "on"})
        return await told_by(follower)

    examined = asyncio.run(session())
    assert [finding.value for finding in examined.findings] == ["check-up", "True"]
    assert standings == [Standing(ALLOWED, a_state(), {"osc": "on"})]


def test_it_goes_on_until_everything_was_looked_at() -> None:
    is_over = threading.Event()

    def examine(_: Standing) -> Iterable[Finding]:
        is_over.wait()
        return ()

    async def session() -> None:
        broadcast, follower = Broadcast(), Follower()
        broadcast.listen(follower)
        check_up = CheckUp(examine, ALLOWED, broadcast.tell)
        assert not check_up.is_going_on
        check_up.begin(a_state(), {})
        assert check_up.is_going_on
        is_over.set()
        assert await told_by(follower) == Examined(())

    asyncio.run(session())


def test_a_daemon_that_ends_meanwhile_is_told_nothing() -> None:
    has_begun, may_go_on = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def examine(_: Standing) -> Iterable[Finding]:
        threads.append(threading.current_thread())
        has_begun.set()
        may_go_on.wait()
        return ()

    async def session() -> None:
        CheckUp(examine, ALLOWED, lambda news: None).begin(a_state(), {})

    asyncio.run(session())
    has_begun.wait()
    may_go_on.set()
    threads[0].join()  # an error in it would fail the test


def test_where_nobody_examines_that_is_said() -> None:
    [finding] = unexamined(Standing(ALLOWED, a_state(), {}))
    assert (finding.name, finding.verdict) == ("doctor", "not needed")
