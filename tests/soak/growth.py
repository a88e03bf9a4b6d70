"""Where Python's memory goes while a daemon plays: which lines keep more at the end than in the beginning.

It knows nothing of the daemon. What it looks at becomes slower, and is no measure of how punctual that is.
"""

import gc
import tracemalloc
from pathlib import Path

WARM_UP = 2
"""Minutes: in the first nothing is watched, as a daemon starts; the second is what is compared with."""

MOST_LINES = 30


class Growth:
    """Call :meth:`a_minute_is_over` each minute, and :meth:`write` in the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._minutes = 0
        self._before: tracemalloc.Snapshot | None = None

    def a_minute_is_over(self) -> None:
        self._minutes += 1
        if self._minutes == 1:
            tracemalloc.start()
        elif self._minutes == WARM_UP:
            self._before = snapshot()

    def write(self) -> None:
        """Write down the lines that have most more; nothing of a run that was too short."""
        if self._before is None:
            return
        lines = snapshot().compare_to(self._before, "lineno")
        total = sum(line.size_diff for line in lines)
        minutes = f"{total / 1000:.1f} kB more after {self._minutes - WARM_UP} minutes"
        self._path.write_text("\n".join([minutes, *map(str, lines[:MOST_LINES]), ""]), encoding="utf-8")


def snapshot() -> tracemalloc.Snapshot:
    gc.collect()
    return tracemalloc.take_snapshot()
