"""What the engine has heard, on the clock of the room.

The engine counts seconds between events; everybody else speaks of moments. This is where the two meet.
"""

from msgspec import Struct

from antiphon.core.engine import Constraints, Engine, ExpectantEngine, Expectation, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Seconds, Velocity


class Past(Struct, frozen=True, gc=False):
    """What had been heard, and when the last of it was."""

    heard: Snapshot
    at: Seconds


class Memory:
    """An engine together with the moment of the last event it heard, ``last_event_at``."""

    def __init__(self, engine: Engine, now: Seconds) -> None:
        self.last_event_at = now
        self._engine = engine
        self._nothing = engine.snapshot()

    def hear(self, at: Seconds, velocity: Velocity, pitch: Pitch) -> None:
        """Prime the engine with an event of a moment; one that seems to lie before the last counts as now."""
        if at < self.last_event_at:
            at = self.last_event_at
        self._engine.prime(MusicEvent(at - self.last_event_at, velocity, pitch))
        self.last_event_at = at

    def recall(self, event: MusicEvent, now: Seconds) -> None:
        """Prime the engine with an event of music that is older than ``now``, at its own pace."""
        self._engine.prime(event)
        self.last_event_at = now

    def begin_anew(self, now: Seconds) -> None:
        """Forget all that was ever heard."""
        self._engine.restore(self._nothing)
        self.last_event_at = now

    def imagine(self, constraints: Constraints) -> MusicEvent | None:
        """Return a likely next event, None while the engine has none yet; nothing is heard by asking."""
        return self._engine.sample(constraints)

    def expectation(self) -> Expectation | None:
        """Return which pitch is expected next, None where the engine does not say."""
        return self._engine.expectation() if isinstance(self._engine, ExpectantEngine) else None

    def past(self) -> Past:
        return Past(self._engine.snapshot(), self.last_event_at)

    def go_back(self, past: Past) -> None:
        """Forget all that was heard since."""
        self._engine.restore(past.heard)
        self.last_event_at = past.at
