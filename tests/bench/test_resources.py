"""What the kernel tells of a process."""

import os

from antiphon.bench.resources import cpu_seconds, megabytes, own_megabytes


def test_what_a_process_computes_is_counted() -> None:
    before = cpu_seconds(os.getpid())
    sum(range(1_000_000))
    assert cpu_seconds(os.getpid()) > before


def test_own_memory_is_part_of_what_is_resident() -> None:
    assert 1.0 < own_megabytes(os.getpid()) <= megabytes(os.getpid(), "status")["VmHWM"]
