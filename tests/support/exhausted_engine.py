"""An engine that breaks down, as one does whose model runtime gives up in the middle of a jam."""

from antiphon.core.engine import Constraints, MusicEvent
from uniform_engine import UniformEngine


class ExhaustedEngine(UniformEngine):
    """Implements the engine protocol until ``breaks_down()``; from then on every step raises RuntimeError."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self._is_broken = False

    def breaks_down(self) -> None:
        self._is_broken = True

    def prime(self, event: MusicEvent) -> None:
        self._check()
        super().prime(event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        self._check()
        return super().sample(constraints)

    def _check(self) -> None:
        if self._is_broken:
            raise RuntimeError("the engine has broken down")
