"""Work that goes on elsewhere, on a thread that stands still until the test lets it go on."""

from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


class SlowWorker:
    """Implements the worker protocol; a piece of work is done when ``finish()`` is called.

    ``finished`` counts them.
    """

    def __init__(self) -> None:
        self.finished = 0
        self._doing: tuple[Callable[[], Any], Callable[[Any], None]] | None = None

    @property
    def is_busy(self) -> bool:
        return self._doing is not None

    def do(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        assert self._doing is None, "one piece of work at a time"
        self._doing = work, then

    def finish(self) -> None:
        """Do the work that was given last, and tell what came of it."""
        assert self._doing is not None, "there is nothing to do"
        work, then = self._doing
        self._doing = None
        self.finished += 1
        then(work())

    def finish_all(self) -> None:
        """Go on until nothing more is to be done."""
        while self.is_busy:
            self.finish()
