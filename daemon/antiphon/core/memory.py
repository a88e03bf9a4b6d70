"""What the engine has heard, on the clock of the room.

The engine counts seconds between events; everybody else speaks of moments. This is where the two meet.
"""

from msgspec import Struct

from antiphon.core.engine import Constraints, Engine, ExpectantEngine, Expectation, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Seconds, Velocity

LATELY = 64
"""Events that an engine is told of which takes the place of another: some seconds of lively music."""


class Past(Struct, frozen=True, gc=False):
    """What had been heard, the ``latest`` of it as events, and when the last of them was."""

    heard: Snapshot
    latest: tuple[MusicEvent, ...]
    at: Seconds


class Memory:
    """An engine together with the moment of the last event it heard, ``last_event_at``."""

    def __init__(self, engine: Engine, now: Seconds) -> None:
        self.last_event_at = now
        self._engine = engine
        self._nothing = engine.snapshot()
        self._latest: tuple[MusicEvent, ...] = ()

    def hear(self, at: Seconds, velocity: Velocity, pitch: Pitch) -> None:
        """Prime the engine with an event of a moment; one that seems to lie before the last counts as now."""
        if at < self.last_event_at:
            at = self.last_event_at
        self._prime(MusicEvent(at - self.last_event_at, velocity, pitch))
        self.last_event_at = at

    def recall(self, event: MusicEvent, now: Seconds) -> None:
        """Prime the engine with an event of music that is older than ``now``, at its own pace."""
        self._prime(event)
        self.last_event_at = now

    def begin_anew(self, now: Seconds) -> None:
        """Forget all that was ever heard."""
        self._engine.restore(self._nothing)
        self._latest = ()
        self.last_event_at = now

    def go_on_with(self, engine: Engine) -> None:
        """Let another engine, which has heard nothing, take the place of this one.

        It hears the latest of what this one has heard. Nothing that is past can be gone back to any more.
        """
        self._engine, self._nothing = engine, engine.snapshot()
        for event in self._latest:
            engine.prime(event)

    def imagine(self, constraints: Constraints) -> MusicEvent | None:
        """Return a likely next event, None while the engine has none yet; nothing is heard by asking."""
        return self._engine.sample(constraints)

    def expectation(self) -> Expectation | None:
        """Return which pitch is expected next, None where the engine does not say."""
        return self._engine.expectation() if isinstance(self._engine, ExpectantEngine) else None

    def past(self) -> Past:
        return Past(self._engine.snapshot(), self._latest, self.last_event_at)

    def go_back(self, past: Past) -> None:
        """Forget all that was heard since."""
        self._engine.restore(past.heard)
        self._latest, self.last_event_at = past.latest, past.at

    def _prime(self, event: MusicEvent) -> None:
        self._engine.prime(event)
        self._latest = (*self._latest[1 - LATELY :], event)
