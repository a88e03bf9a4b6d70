"""An engine of which is known what it has heard, and whether its own state is what follows from that."""

from antiphon.core.engine import (
    Constraints,
    Engine,
    ExpectantEngine,
    Expectation,
    MusicEvent,
    SeededEngine,
    Snapshot,
    Timing,
    TimingEngine,
)

MOST = 1000
"""Events that are known of what was heard, the last ones."""


class RememberedEngine:
    """Implements the engine protocols on top of an engine; ``heard`` is what that remembers.

    Attributes:
        heard: the latest of it.
        engine: the other one.
    """

    def __init__(self, engine: Engine) -> None:
        self.heard: tuple[MusicEvent, ...] = ()
        self.engine = engine

    def prime(self, event: MusicEvent) -> None:
        self.heard = (*self.heard[1 - MOST :], event)
        self.engine.prime(event)

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        return self.engine.sample(constraints)

    def expectation(self) -> Expectation | None:
        return self.engine.expectation() if isinstance(self.engine, ExpectantEngine) else None

    def timing(self) -> Timing | None:
        return self.engine.timing() if isinstance(self.engine, TimingEngine) else None

    def reseed(self, seed: int) -> None:
        if isinstance(self.engine, SeededEngine):
            self.engine.reseed(seed)

    def snapshot(self) -> Snapshot:
        return self.heard, self.engine.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        self.heard, of_the_other = snapshot
        self.engine.restore(of_the_other)


def assert_same_state(engine: RememberedEngine, fresh: Engine) -> None:
    """Assert that an engine is as one that is told afresh what it has heard, and nothing else.

    An engine that says what it expects is asked for that, to the bit; any other is compared as it is.
    """
    if len(engine.heard) == MOST:
        return
    for event in engine.heard:
        fresh.prime(event)
    if isinstance(engine.engine, ExpectantEngine):
        assert isinstance(fresh, ExpectantEngine)
        assert engine.expectation() == fresh.expectation(), (
            "it expects other notes than one that heard the same"
        )
    else:
        assert engine.engine.snapshot() == fresh.snapshot(), "it remembers something else than it heard"
