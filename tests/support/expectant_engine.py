"""An engine that says what it expects: always the same."""

from collections.abc import Iterable

from antiphon.core.engine import Expectation
from scripted_engine import ScriptedEngine


class ExpectantEngine(ScriptedEngine):
    """Implements :class:`antiphon.core.engine.ExpectantEngine`.

    Args:
        expected: what it says whenever it is asked.
    """

    def __init__(self, expected: Expectation, score: Iterable[tuple[float, int, int]] = ()) -> None:
        super().__init__(score)
        self.times_asked = 0
        self._expected = expected

    def expectation(self) -> Expectation:
        self.times_asked += 1
        return self._expected
