"""A clock on the wall that a test can set, for one process alone."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from missing import COMPILER

YEAR = 365 * 24 * 3600
"""Seconds."""


class WallClock:
    """What a process reads that has this environment.

    Args:
        folder: where the library is built that stands before libc's own; skips the test without a compiler.
    """

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip(COMPILER)
        library, self._file = folder / "wall_clock.so", folder / "offset"
        source = Path(__file__).with_suffix(".c")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library),
            "WALL_CLOCK_OFFSET": str(self._file),
        }
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """Let it show so many seconds more than it is, from now on."""
        self._file.write_text(str(seconds), encoding="ascii")
