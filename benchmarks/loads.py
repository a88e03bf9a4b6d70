"""What else a machine may be doing while music is played, and the right to come first."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from antiphon.adapters.footing import SWITCH_INTERVAL

PRIORITY = 50
"""Of SCHED_FIFO, from 1 to 99."""


@contextmanager
def a_busy_thread() -> Iterator[None]:
    """Let a thread of this process compute in Python all the time."""
    over = threading.Event()

    def compute() -> None:
        while not over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def a_busy_thread_that_gives_way() -> Iterator[None]:
    """Let it compute in an interpreter that changes threads as readily as the daemon's."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        with a_busy_thread():
            yield
    finally:
        sys.setswitchinterval(interval)


@contextmanager
def busy_processes() -> Iterator[None]:
    """Let a process compute on each core all the time."""
    with ExitStack() as running:
        for _ in os.sched_getaffinity(0):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            running.callback(process.wait)
            running.callback(process.kill)
        yield


@contextmanager
def first_in_first_out() -> Iterator[None]:
    """Run in real time. Raises PermissionError where that is not allowed."""
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
