"""An engine that says when it expects the music to go on: always the same."""

from bisect import bisect_left
from collections.abc import Iterable

from antiphon.core.engine import Timing
from antiphon_models import vocab
from scripted_engine import ScriptedEngine


def expecting(*shares: tuple[float, float]) -> Timing:
    """Return a timing by which the next event comes after some seconds, with some likelihood each."""
    chances = [0.0] * vocab.DT_BINS
    for seconds, share in shares:
        chances[bisect_left(vocab.DT_EDGES, seconds)] += share
    return chances


SOON = expecting((0.2, 0.95), (0.5, 0.04), (4.0, 0.01))
"""The music goes on, most likely."""

LATE = expecting((0.2, 0.05), (4.0, 0.95))
"""A long rest follows, most likely."""


class TimingEngine(ScriptedEngine):
    """Implements :class:`antiphon.core.engine.TimingEngine`.

    Args:
        timing: what it says whenever it is asked; None says nothing.
        score: what it plays.
    """

    def __init__(self, timing: Timing | None, score: Iterable[tuple[float, int, int]] = ()) -> None:
        super().__init__(score)
        self.expects = timing
        self.times_asked = 0

    def timing(self) -> Timing | None:
        self.times_asked += 1
        return self.expects
