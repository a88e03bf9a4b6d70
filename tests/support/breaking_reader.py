"""Readers of numbers, for a crew: one counts, one looks at itself, two die, one hangs.

Workers find them by name.
"""

import os
import signal
import threading
from collections.abc import Iterator


def count_up_to(job: int) -> Iterator[tuple[int, int]]:
    """Yield as many outcomes as the job says."""
    for number in range(job):
        yield job, number


def die_at_sevens(job: int) -> Iterator[int]:
    """Yield the job and its square, unless it is a multiple of seven: then die between the two."""
    yield job
    if job % 7 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    yield job * job


def tell_of_interrupts(job: int) -> Iterator[bool]:
    """Yield whether Ctrl-C reaches this process."""
    yield signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def die(job: int) -> Iterator[int]:
    """Die of anything."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield job


def hang_at_three(job: int) -> Iterator[int]:
    """Yield the job, unless it is three: then wait for what never comes."""
    if job == 3:
        threading.Event().wait()
    yield job
