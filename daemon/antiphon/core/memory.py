"""What the engine has heard, on the clock of the room.

The engine counts seconds between events; everybody else speaks of moments. This is where the two meet.
"""

from msgspec import Struct
from msgspec.structs import replace

from antiphon.core.engine import (
    Constraints,
    Engine,
    ExpectantEngine,
    Expectation,
    MusicEvent,
    Snapshot,
    Timing,
    TimingEngine,
)
from antiphon.core.units import Part, Pitch, Seconds, Velocity

LATELY = 64
"""Events that an engine is told of which takes the place of another: some seconds of lively music."""


class Past(Struct, frozen=True, gc=False):
    """What had been heard, the ``latest`` of it as events, and when the last of them was.

    ``to_hear``: of these what the engine, which is a newcomer, had yet to be told.
    """

    heard: Snapshot
    latest: tuple[MusicEvent, ...]
    to_hear: tuple[MusicEvent, ...]
    at: Seconds


class Memory:
    """An engine together with the moment of the last event it heard, ``last_event_at``."""

    def __init__(self, engine: Engine, now: Seconds) -> None:
        self.last_event_at = now
        self._engine = engine
        self._nothing = engine.snapshot()
        self._latest: tuple[MusicEvent, ...] = ()
        self._to_hear: tuple[MusicEvent, ...] = ()

    @property
    def is_behind(self) -> bool:
        """Whether the engine, which is a newcomer, has yet to be told something of what was heard."""
        return bool(self._to_hear)

    def hear(
        self,
        at: Seconds,
        velocity: Velocity,
        pitch: Pitch,
        tempo: float = 1.0,
        part: Part | None = None,
        is_players: bool = False,
    ) -> None:
        """Prime the engine with an event of a moment; one that seems to lie before the last counts as now.

        ``tempo`` is how many times as fast the music is played as the engine has it; ``is_players`` tells
        that the player plays it.
        """
        if at < self.last_event_at:
            at = self.last_event_at
        self._prime(MusicEvent((at - self.last_event_at) * tempo, velocity, pitch, part, is_players))
        self.last_event_at = at

    def recall(self, event: MusicEvent, now: Seconds) -> None:
        """Prime the engine with an event of music that is older than ``now``, at its own pace."""
        self._prime(event)
        self.last_event_at = now

    def begin_anew(self, now: Seconds) -> None:
        """Forget all that was ever heard."""
        self._engine.restore(self._nothing)
        self._latest = self._to_hear = ()
        self.last_event_at = now

    def go_on_with(self, engine: Engine) -> None:
        """Let another engine, which has heard nothing, take the place of this one.

        It is told the latest of what this one has heard, an event each time that it is to catch up: all of
        them at once would keep the music waiting. Nothing that is past can be gone back to any more.
        """
        self._engine, self._nothing = engine, engine.snapshot()
        self._to_hear = self._latest

    def catch_up(self) -> None:
        """Tell the engine the first event that it has not been told; it may have learnt from it before."""
        self._engine.prime(replace(self._to_hear[0], is_players=False))
        self._to_hear = self._to_hear[1:]

    def imagine(self, constraints: Constraints) -> MusicEvent | None:
        """Return a likely next event, None while the engine has none yet; nothing is heard by asking."""
        return None if self._to_hear else self._engine.sample(constraints)

    def expectation(self) -> Expectation | None:
        """Return which pitch is expected next, None where the engine does not say."""
        if self._to_hear or not isinstance(self._engine, ExpectantEngine):
            return None
        return self._engine.expectation()

    def timing(self) -> Timing | None:
        """Return when the next event is expected, None where the engine does not say."""
        if self._to_hear or not isinstance(self._engine, TimingEngine):
            return None
        return self._engine.timing()

    def past(self) -> Past:
        return Past(self._engine.snapshot(), self._latest, self._to_hear, self.last_event_at)

    def go_back(self, past: Past) -> None:
        """Forget all that was heard since."""
        self._engine.restore(past.heard)
        self._latest, self._to_hear, self.last_event_at = past.latest, past.to_hear, past.at

    def _prime(self, event: MusicEvent) -> None:
        self._latest = (*self._latest[1 - LATELY :], event)
        if self._to_hear:
            self._to_hear = (*self._to_hear, event)
        else:
            self._engine.prime(event)
