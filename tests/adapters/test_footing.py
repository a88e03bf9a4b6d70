"""What is taken of what the system allows, from a kernel like Linux, and from Linux itself."""

import logging
import subprocess
import sys

import msgspec
import pytest

import footing_probe
import lesser_rights
from antiphon.adapters.footing import HEADROOM, SWITCH_INTERVAL, Footing, real_time, tell_what_is_missing
from footing_probe import Place, Probe
from strict_kernel import StrictKernel

ORDINARY = Place("other", 0)
MAPPED = 300 * 2**20
LITTLE = 2**20
"""Bytes that may be locked: less than any Python maps."""


def probed(wished: int, rtprio: int | str, memlock: int | str) -> Probe:
    """Return what comes of a footing in a process that is allowed so much and no more."""
    rights = [lesser_rights.__file__, str(rtprio), str(memlock)]
    command = [sys.executable, *rights, footing_probe.__file__, str(wished)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=20)
    if done.returncode == lesser_rights.CANNOT:
        pytest.skip("this user may not give another process so many rights")
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=Probe)


@pytest.mark.parametrize(
    ("wished", "rtprio", "granted"), [(60, 70, 60), (60, 20, 20), (60, 0, 0), (0, 70, 0)]
)
def test_the_priority_is_the_one_that_is_wished_or_the_highest_that_is_allowed(
    wished: int, rtprio: int, granted: int
) -> None:
    kernel = StrictKernel(rtprio)
    with real_time(wished, kernel) as footing:
        assert kernel.done == ([f"first {granted}"] if granted else [])
    assert footing.priority == granted


@pytest.mark.parametrize(
    ("memlock", "is_locked"),
    [(0, False), (LITTLE, False), (MAPPED, False), (MAPPED + HEADROOM, True), (float("inf"), True)],
)
def test_memory_is_locked_only_where_much_more_can_be_mapped_afterwards(
    memlock: float, is_locked: bool
) -> None:
    kernel = StrictKernel(memlock=memlock, mapped=MAPPED)
    with real_time(0, kernel) as footing:
        assert kernel.done == ["locked"] * is_locked
    assert footing.memory_is_locked == is_locked


def test_to_whom_no_limits_apply_all_is_granted_and_all_is_given_back() -> None:
    kernel = StrictKernel(mapped=MAPPED, limits_apply=False)
    with real_time(60, kernel) as footing:
        pass
    assert footing == Footing(60, 60, memory_is_locked=True)
    assert kernel.done == ["first 60", "locked", "unlocked", "back"]


def test_meanwhile_a_busy_thread_lets_go_of_the_interpreter_soon() -> None:
    before = sys.getswitchinterval()
    with real_time(0, StrictKernel()):
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
    assert sys.getswitchinterval() == before


def test_linux_puts_a_thread_and_those_that_it_starts_first_until_they_step_down() -> None:
    found = probed(60, rtprio="any", memlock=LITTLE)
    if not found.granted:
        pytest.skip("this user has no right to real-time priority")
    priority = found.granted
    assert [found.main, found.thread] == [Place("fifo", priority)] * 2
    assert [found.demoted, found.elder] == [Place("fifo", 1)] * 2
    assert [found.main_afterwards, found.elder_afterwards] == [ORDINARY] * 2


def test_linux_locks_memory_and_what_is_not_touched_costs_nothing() -> None:
    found = probed(0, rtprio=0, memlock="any")
    if not found.claims_to_be_locked:
        pytest.skip("this user has no right to lock memory")
    assert found.can_map
    assert found.locked * 1024 > footing_probe.UNTOUCHED
    assert found.grown * 1024 < footing_probe.UNTOUCHED / 100
    assert found.locked_afterwards == 0


def test_without_any_right_linux_leaves_all_as_it_was_and_more_can_be_mapped() -> None:
    found = probed(60, rtprio=0, memlock=LITTLE)
    assert (found.granted, found.main, found.thread, found.demoted) == (0, ORDINARY, ORDINARY, ORDINARY)
    assert (found.claims_to_be_locked, found.locked, found.can_map) == (False, 0, True)


def test_a_thread_that_was_put_behind_all_others_stays_there() -> None:
    """Nobody but root may bring it back, so there is nothing to step down from."""
    program = (
        "import os; from antiphon.adapters.footing import step_down;"
        "os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0)); step_down();"
        "print(os.sched_getscheduler(0) == os.SCHED_IDLE)"
    )
    command = [sys.executable, lesser_rights.__file__, "0", str(LITTLE), "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    if done.returncode == lesser_rights.CANNOT:
        pytest.skip("this user may not give another process so few rights")
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_user_to_whom_limits_are_granted_gets_as_much() -> None:
    found = probed(60, rtprio=20, memlock=3 * HEADROOM)
    assert (found.main, found.claims_to_be_locked) == (Place("fifo", 20), True)


@pytest.mark.parametrize(
    ("footing", "lacks"),
    [
        (Footing(60, 0, False), "real-time priority 60 and locked memory"),
        (Footing(60, 20, True), "real-time priority 60 (20 is allowed)"),
        (Footing(0, 0, False), "locked memory"),
    ],
)
def test_what_is_missing_is_told_in_one_line_that_names_the_doctor(
    footing: Footing, lacks: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        tell_what_is_missing(footing)
    [record] = caplog.records
    assert record.levelno == logging.INFO
    assert record.getMessage() == (
        f"playing without {lacks}; `antiphon doctor` shows the lines that grant it"
    )


def test_nothing_is_told_where_nothing_is_missing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        tell_what_is_missing(Footing(60, 60, memory_is_locked=True))
        tell_what_is_missing(Footing(0, 0, memory_is_locked=True))
    assert caplog.records == []
