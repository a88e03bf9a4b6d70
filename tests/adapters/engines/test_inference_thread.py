"""Work on a thread of its own beside a running loop."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing

import pytest

from antiphon.adapters.engines.inference_thread import InferenceThread

PATIENCE = 20.0
"""Seconds after which something is given up for lost."""


def beside(act: Callable[[InferenceThread], Awaitable[None]]) -> None:
    """Run something beside an inference thread, which is closed at the end, on a loop of its own."""

    async def session() -> None:
        with closing(InferenceThread()) as thread:
            await act(thread)

    asyncio.run(asyncio.wait_for(session(), PATIENCE))


def test_work_is_done_on_a_thread_and_what_came_of_it_told_on_the_loop() -> None:
    told: list[tuple[threading.Thread, threading.Thread]] = []

    async def act(thread: InferenceThread) -> None:
        is_told = asyncio.Event()

        def then(worked_on: threading.Thread) -> None:
            told.append((worked_on, threading.current_thread()))
            is_told.set()

        thread.do(threading.current_thread, then)
        assert told == []
        await is_told.wait()

    beside(act)
    [(worked_on, told_on)] = told
    assert worked_on is not threading.current_thread()
    assert told_on is threading.current_thread()
    assert not worked_on.is_alive()


def test_the_loop_goes_on_while_work_is_being_done() -> None:
    async def act(thread: InferenceThread) -> None:
        has_gone_on, is_told = threading.Event(), asyncio.Event()
        thread.do(lambda: has_gone_on.wait(PATIENCE), lambda _: is_told.set())
        await asyncio.sleep(0)
        assert not is_told.is_set()
        has_gone_on.set()
        await is_told.wait()

    beside(act)


def test_an_error_in_the_work_is_an_error_on_the_loop() -> None:
    async def act(thread: InferenceThread) -> None:
        failed = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: failed.set_result(context["exception"])
        )
        thread.do(lambda: 1 / 0, lambda _: pytest.fail("nothing came of it"))
        assert isinstance(await failed, ZeroDivisionError)

    beside(act)


def test_closed_in_the_middle_of_its_work_it_ends_that_and_tells_nobody() -> None:
    ended: list[bool] = []

    async def act(thread: InferenceThread) -> None:
        began, may_end = threading.Event(), threading.Event()

        def work() -> None:
            began.set()
            ended.append(may_end.wait(PATIENCE))

        thread.do(work, lambda _: pytest.fail("nobody was to be told"))
        began.wait(PATIENCE)
        may_end.set()
        thread.close()
        assert ended == [True]
        for _ in range(3):
            await asyncio.sleep(0)

    beside(act)


def runs_idle() -> bool:
    return hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) == os.SCHED_IDLE


@pytest.mark.skipif(not hasattr(os, "sched_setscheduler"), reason="only Linux tells threads apart by policy")
@pytest.mark.skipif(runs_idle(), reason="who runs idle may not change that")
def test_it_does_not_inherit_how_urgent_the_loop_is() -> None:
    """SCHED_BATCH stands for SCHED_FIFO here: anybody may have it, and it is inherited in the same way."""
    policies: list[int] = []

    async def act(thread: InferenceThread) -> None:
        is_told = asyncio.Event()

        def then(policy: int) -> None:
            policies.append(policy)
            is_told.set()

        thread.do(lambda: os.sched_getscheduler(0), then)
        await is_told.wait()

    def urgent() -> None:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        policies.append(os.sched_getscheduler(0))
        beside(act)

    loop_thread = threading.Thread(target=urgent)
    loop_thread.start()
    loop_thread.join()
    assert policies == [os.SCHED_BATCH, os.SCHED_OTHER]
