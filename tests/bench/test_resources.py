"""What the kernel tells of a process."""

import os
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap

from antiphon.bench.resources import cpu_seconds, own_megabytes

BLOCK = 32 * 2**20
"""Bytes: much, beside what else may come and go in a process that tests."""


def test_what_a_process_computes_is_counted() -> None:
    before = cpu_seconds(os.getpid())
    sum(range(1_000_000))
    assert cpu_seconds(os.getpid()) > before


def test_own_memory_grows_with_what_is_kept_and_not_with_what_others_share() -> None:
    def grown_by(block: mmap) -> float:
        before = own_megabytes(os.getpid())
        with block:
            block.write(b"1" * BLOCK)
            return own_megabytes(os.getpid()) - before

    assert grown_by(mmap(-1, BLOCK)) < BLOCK / 2e6
    assert grown_by(mmap(-1, BLOCK, flags=MAP_PRIVATE | MAP_ANONYMOUS)) > BLOCK / 2e6
