"""A machine on which other programs want every core."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def busy_machine() -> Iterator[int]:
    """Run two programs for each core, which do nothing as fast as they can; return how many these are."""
    loops = 2 * (os.cpu_count() or 1)
    with ExitStack() as running:
        for _ in range(loops):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            running.callback(busy.wait)
            running.callback(busy.kill)
        yield loops
