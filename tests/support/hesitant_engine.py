"""An engine that has its next event only when the test lets it, as one that computes elsewhere."""

from antiphon.core.engine import Constraints, MusicEvent, PromptEngine, Snapshot


class HesitantEngine:
    """Implements the engine protocol on top of a prompt one, and remembers what it was asked.

    ``hesitates``: whether it has nothing yet.
    """

    def __init__(self, engine: PromptEngine) -> None:
        self.hesitates = True
        self.asked: list[Constraints] = []
        self._engine = engine

    def prime(self, event: MusicEvent) -> None:
        self._engine.prime(event)

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        self.asked.append(constraints)
        return None if self.hesitates else self._engine.sample(constraints)

    def snapshot(self) -> Snapshot:
        return self._engine.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        self._engine.restore(snapshot)
