"""Examines inputs one after another, and minds how long each takes and what stays."""

import gc
import sys
import time
from collections.abc import Callable
from functools import partial

from antiphon.core.units import Seconds

LONGEST: Seconds = 0.1
"""That an input of normal size may take, of the time of the processor: others may be at work here."""

TRIES = 3
"""Before an input counts as slow: what the first of a kind waits for is imported only then."""

SETTLED = 2000
"""Inputs after which whatever is kept on purpose has been seen."""

BLOCKS_PER_INPUT = 0.5
"""Of memory that may stay; a leak of anything leaves one block at least."""

SPARE_BLOCKS = 20_000
"""For caches with a bound that is not reached yet."""


class Vigil:
    """Examines by a target.

    Args:
        examine: of the target.
        slower: how many times slower everything is here than where nobody watches what code is reached.
    """

    def __init__(self, examine: Callable[[bytes], None], slower: float = 1.0) -> None:
        self._examine = examine
        self._longest = LONGEST * slower
        self._inputs = 0
        self._blocks = 0
        self._look_at = SETTLED

    def examine(self, data: bytes) -> None:
        """Examine an input; raise AssertionError where it is slow, or where memory grows."""
        took = _time_of(partial(self._examine, data))
        for _ in range(TRIES - 1):
            if took <= self._longest:
                break
            took = _time_of(partial(self._examine, data))
        assert took <= self._longest, f"{len(data)} bytes took {took:.2f} s"
        self._inputs += 1
        if self._inputs == self._look_at:
            self._look_for_growth()

    def _look_for_growth(self) -> None:
        gc.collect()
        blocks = sys.getallocatedblocks()
        if self._blocks:
            grown = blocks - self._blocks
            most = SPARE_BLOCKS + BLOCKS_PER_INPUT * self._inputs / 2
            assert grown <= most, f"{grown} blocks of memory more after {self._inputs // 2} inputs more"
        self._blocks = blocks
        self._look_at *= 2


def _time_of(act: Callable[[], None]) -> Seconds:
    begun = time.process_time()
    act()
    return time.process_time() - begun
