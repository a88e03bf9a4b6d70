"""What a daemon stands on here: its place before other programs, memory that stays, clock and cores.

Where something is missing, the line that grants it is told, for the user who asks.
"""

import grp
import os
import pwd
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from antiphon.adapters.footing import Footing, real_time
from antiphon.core.units import Seconds
from antiphon.findings import Finding, Mend
from antiphon.settings import Config

CORES = Path("/sys/devices/system/cpu")
GOVERNORS = "cpu[0-9]*/cpufreq/scaling_governor"
KERNEL_SETTINGS = Path("/proc/sys/kernel")

COARSE: Seconds = 0.0001
"""A clock of longer ticks than this is heard in chords."""

ENOUGH = 0.5
"""Share of a core that real-time threads need; what plays takes far less, but JACK is real-time as well."""

MUSICIANS = "audio"
"""The group to which Debian and its like grant this."""


def check_footing(config: Config) -> Iterator[Finding]:
    """Take the footing that `antiphon run` would take, and look at the clock and the cores."""
    with real_time(config.system.priority) as footing:
        pass  # to know what is granted is all
    yield from of_the_footing(footing)


def of_the_footing(footing: Footing) -> Iterator[Finding]:
    """Yield what is said about a footing that was taken, and about the clock and the cores."""
    whom = beneficiary(os.geteuid())
    yield of_the_priority(footing, whom)
    yield of_the_memory(footing, whom)
    if footing.priority:
        yield from of_the_throttle(KERNEL_SETTINGS)
    yield of_the_clock(sys.platform, time.clock_getres(time.CLOCK_MONOTONIC))
    yield of_the_cores(CORES)


def beneficiary(number: int) -> str:
    """Return what limits.conf(5) calls a user, or a group of theirs; empty for root, whom it leaves alone."""
    if number == 0:
        return ""
    user = pwd.getpwuid(number)
    groups = {grp.getgrgid(group).gr_name for group in os.getgrouplist(user.pw_name, user.pw_gid)}
    return f"@{MUSICIANS}" if MUSICIANS in groups else user.pw_name


def of_the_priority(footing: Footing, whom: str) -> Finding:
    """Return what is said about the scheduling."""
    figures = {"wished": footing.wished, "granted": footing.priority}
    if not footing.wished:
        return Finding("priority", "good", "ordinary, as system.priority = 0 asks for", figures=figures)
    if footing.priority == footing.wished:
        value = f"real-time, SCHED_FIFO {footing.priority}: no ordinary program makes a note late"
        return Finding("priority", "good", value, figures=figures)
    value = "ordinary: a busy program beside it makes notes late"
    if footing.priority:
        value = (
            f"real-time, but not above {footing.priority}; system.priority = {footing.wished} asks for more"
        )
    mends = grants(whom, f"rtprio {footing.wished}", f"LimitRTPRIO={footing.wished}", "SYS_NICE")
    return Finding("priority", "could be better", value, mends=mends, figures=figures)


def of_the_memory(footing: Footing, whom: str) -> Finding:
    """Return what is said about paging."""
    if footing.memory_is_locked:
        return Finding("memory", "good", "locked: what plays is never paged out")
    value = "not locked: where memory is short, notes wait for the disk"
    mends = grants(whom, "memlock unlimited", "LimitMEMLOCK=infinity", "IPC_LOCK")
    return Finding("memory", "could be better", value, mends=mends)


def grants(whom: str, limit: str, directive: str, capability: str) -> tuple[Mend, ...]:
    """Return the lines that grant a right: to a user or group, or to a root without it; and to a service."""
    if whom:
        first = Mend("into /etc/security/limits.d/antiphon.conf, then log in again", f"{whom} - {limit}")
    else:
        first = Mend("this root lacks it; an option of what starts its container", f"--cap-add={capability}")
    return first, Mend("for a service, into [Service] of its unit", directive)


def of_the_throttle(settings: Path) -> Iterator[Finding]:
    """Yield what is said about the kernel's limit to all real-time threads, if that is low; see sched(7)."""
    try:
        runtime, period = (
            int((settings / f"sched_rt_{name}_us").read_text(encoding="ascii"))
            for name in ("runtime", "period")
        )
    except OSError:  # a kernel without it
        return
    if 0 <= runtime < ENOUGH * period:
        yield Finding(
            "throttle",
            "could be better",
            f"the kernel leaves real-time programs {runtime / period:.0%} of the time",
            mends=(Mend("as root", f"sysctl kernel.sched_rt_runtime_us={period * 95 // 100}"),),
        )


def of_the_clock(platform: str, resolution: Seconds) -> Finding:
    """Return what is said about the timer that wakes the daemon."""
    figures = {"resolution": resolution}
    if platform != "linux":
        value = "no timerfd here, so notes are up to a millisecond late"
        return Finding("clock", "could be better", value, "play on Linux", figures=figures)
    if resolution > COARSE:
        value = f"timerfd, but of ticks of {1e3 * resolution:.1f} ms, so notes are as much late"
        remedy = "boot a kernel with high-resolution timers, and without highres=off"
        return Finding("clock", "could be better", value, remedy, figures=figures)
    return Finding("clock", "good", f"timerfd, to {1e9 * resolution:.0f} ns", figures=figures)


def of_the_cores(cores: Path) -> Finding:
    """Return what is said about the governors that slow the cores down when there is little to do."""
    files = sorted(cores.glob(GOVERNORS))
    governors = Counter(file.read_text(encoding="ascii").strip() for file in files)
    if not governors:
        return Finding("cores", "good", "no governor slows them down")
    value = f"governed by {', '.join(sorted(governors))}"
    if set(governors) == {"performance"}:
        return Finding("cores", "good", value, figures={"governors": governors})
    return Finding(
        "cores",
        "could be better",
        f"{value}: between two notes they slow down",
        mends=(Mend("until the next boot", f"echo performance | sudo tee {cores}/{GOVERNORS}"),),
        figures={"governors": governors},
    )
