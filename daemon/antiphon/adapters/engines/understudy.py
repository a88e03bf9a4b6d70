"""An engine with an understudy: a quicker one that hears the same, and stands in where it comes too late."""

from antiphon.core.engine import (
    Constraints,
    Engine,
    ExpectantEngine,
    Expectation,
    MusicEvent,
    PromptEngine,
    Snapshot,
    Timing,
    TimingEngine,
)


class UnderstudiedEngine:
    """Implements :class:`antiphon.core.engine.Engine`.

    Args:
        principal: whose answer is taken wherever it has one.
        understudy: answers in its place when the event is needed now.
    """

    def __init__(self, principal: Engine, understudy: PromptEngine) -> None:
        self._principal = principal
        self._understudy = understudy

    def prime(self, event: MusicEvent) -> None:
        """Hear an event, both of them, whoever played it."""
        self._principal.prime(event)
        self._understudy.prime(event)

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        """Return an event, from whom it can be had in time."""
        event = self._principal.sample(constraints)
        if event is None and constraints.within <= 0.0:
            return self._understudy.sample(constraints)
        return event

    def expectation(self) -> Expectation | None:
        """Return what the principal expects, or where it has not said yet, the understudy."""
        for engine in (self._principal, self._understudy):
            if isinstance(engine, ExpectantEngine) and (expected := engine.expectation()) is not None:
                return expected
        return None

    def timing(self) -> Timing | None:
        """Return when the principal expects the next event, or where it has not said, the understudy."""
        for engine in (self._principal, self._understudy):
            if isinstance(engine, TimingEngine) and (timing := engine.timing()) is not None:
                return timing
        return None

    def snapshot(self) -> Snapshot:
        return self._principal.snapshot(), self._understudy.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        principal, understudy = snapshot
        self._principal.restore(principal)
        self._understudy.restore(understudy)
