"""Processes that share a limit to their memory, so that the kernel ends one of them beyond it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

CONTROL_GROUPS = Path("/sys/fs/cgroup")

HOG = """
kept = []
while True:
    kept.append(bytearray(2**20))
"""
"""A program that takes all there is; what Python runs."""

EATEN_FIRST = 1000
"""What makes the kernel choose a process before all others; see ``proc_pid_oom_score_adj(5)``."""


class MemoryGroup:
    """A control group with a limit to the memory of all that are in it."""

    def __init__(self, folder: Path, limit: str) -> None:
        self._folder = folder
        self._limit = limit

    def make(self, megabytes: int) -> None:
        self._folder.mkdir()
        (self._folder / self._limit).write_text(f"{megabytes}M", encoding="ascii")

    def take_in(self, pid: int, weight: int = 0) -> None:
        """Let a process be one of them, chosen the sooner the greater its weight."""
        (self._folder / "cgroup.procs").write_text(str(pid), encoding="ascii")
        Path(f"/proc/{pid}/oom_score_adj").write_text(str(weight), encoding="ascii")

    def remove(self) -> None:
        """Let it be gone; whoever is in it must have ended."""
        with suppress(FileNotFoundError):
            self._folder.rmdir()


@contextmanager
def memory_group(megabytes: int) -> Iterator[MemoryGroup]:
    """Have a group; skips the test where none can be made."""
    # The first as systems with version 1 have it, the second as those with version 2 do: see cgroups(7).
    former, name = CONTROL_GROUPS / "memory", f"antiphon-test-{os.getpid()}"
    if former.is_dir():
        group = MemoryGroup(former / name, "memory.limit_in_bytes")
    else:
        group = MemoryGroup(CONTROL_GROUPS / name, "memory.max")
    try:
        try:
            group.make(megabytes)
        except OSError as error:
            pytest.skip(f"no limit can be put on memory here: {error.strerror}")
        yield group
    finally:
        group.remove()


def hog() -> list[str]:
    """Return the command that takes all memory there is, once it is given a line to begin with."""
    return [sys.executable, "-c", f"input(){HOG}"]
