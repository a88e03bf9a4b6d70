"""Takes a footing and prints what came of it, as a line of JSON: ``python footing_probe.py PRIORITY``."""

import mmap
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import msgspec

from antiphon.adapters.footing import real_time, step_down

UNTOUCHED = 600 * 2**20
"""Bytes that are mapped after the footing was taken, and not touched."""


class Place(msgspec.Struct, frozen=True):
    """How a thread is scheduled: ``fifo`` or ``other``, and its real-time priority."""

    policy: str
    priority: int


class Probe(msgspec.Struct, frozen=True):
    """What was found; amounts of memory are in KiB.

    ``thread`` is the place of a thread that was started meanwhile, ``demoted`` that of one that stepped down,
    ``elder`` that of one that ran before.
    """

    granted: int
    claims_to_be_locked: bool
    main: Place
    thread: Place
    demoted: Place
    elder: Place
    locked: int
    grown: int
    can_map: bool
    main_afterwards: Place
    elder_afterwards: Place
    locked_afterwards: int


def probe(wished: int) -> Probe:
    """Take a footing, look around, and leave it."""
    is_over = Event()
    elder = Thread(target=is_over.wait)
    elder.start()
    with real_time(wished) as footing:
        main, thread, demoted = _place(), _place_of_a_thread(_nothing), _place_of_a_thread(step_down)
        elder_meanwhile = _place(elder.native_id or 0)
        before = _status("VmRSS")
        can_map = _can_map(UNTOUCHED)
        grown, locked = _status("VmRSS") - before, _status("VmLck")
    found = Probe(
        granted=footing.priority,
        claims_to_be_locked=footing.memory_is_locked,
        main=main,
        thread=thread,
        demoted=demoted,
        elder=elder_meanwhile,
        locked=locked,
        grown=grown,
        can_map=can_map,
        main_afterwards=_place(),
        elder_afterwards=_place(elder.native_id or 0),
        locked_afterwards=_status("VmLck"),
    )
    is_over.set()
    return found


def _nothing() -> None:
    pass


def _place(thread: int = 0) -> Place:
    policy = {os.SCHED_OTHER: "other", os.SCHED_FIFO: "fifo"}[os.sched_getscheduler(thread)]
    return Place(policy, os.sched_getparam(thread).sched_priority)


def _place_of_a_thread(begin: Callable[[], None]) -> Place:
    found: list[Place] = []

    def work() -> None:
        begin()
        found.append(_place())

    thread = Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


def _can_map(size: int) -> bool:
    try:
        _kept.append(mmap.mmap(-1, size))
    except OSError:
        return False
    return True


_kept: list[mmap.mmap] = []


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(probe(int(sys.argv[1]))).decode() + "\n")
