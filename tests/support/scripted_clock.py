"""A clock that goes as the test says."""

from collections.abc import Iterable, Iterator


class ScriptedClock:
    """Tells the time: each time that it is asked, by the next of ``steps`` later than the time before.

    ``asked`` counts these times.
    """

    def __init__(self, steps: Iterable[float]) -> None:
        self.asked = 0
        self._now = 1000.0
        self._steps: Iterator[float] = iter(steps)

    def __call__(self) -> float:
        self._now += next(self._steps) if self.asked else 0.0
        self.asked += 1
        return self._now
