"""An engine that plays what it was given, note for note, for tests that read like a score."""

from collections.abc import Iterable

from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Velocity


class ScriptedEngine:
    """Implements the engine protocol; plays ``score``, (dt, velocity, pitch) each, then rests as
    long as it may; so it does where it may not play what comes next.

    How far it has come in its score is part of what it has heard: gone back in time, it plays the same again.
    ``heard`` is what it has been primed with.
    """

    def __init__(self, score: Iterable[tuple[float, int, int]]) -> None:
        self._score = [MusicEvent(dt, Velocity(velocity), Pitch(pitch)) for dt, velocity, pitch in score]
        self._position = 0
        self._offered: MusicEvent | None = None
        self.heard: tuple[MusicEvent, ...] = ()

    def prime(self, event: MusicEvent) -> None:
        if self._offered is not None and event.pitch == self._offered.pitch:
            self._position += 1
        self._offered = None
        self.heard = (*self.heard, event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        if self._position >= len(self._score):
            return self._rest(constraints)
        event = self._score[self._position]
        if event.pitch not in (constraints.onsets if event.velocity else constraints.releases):
            return self._rest(constraints)
        dt = min(max(event.dt, constraints.shortest_dt), constraints.longest_dt)
        self._offered = event
        return MusicEvent(dt, event.velocity, event.pitch)

    def _rest(self, constraints: Constraints) -> MusicEvent:
        if constraints.releases:
            return MusicEvent(constraints.longest_dt, Velocity(0), min(constraints.releases))
        return MusicEvent(constraints.longest_dt, Velocity(64), min(constraints.onsets - constraints.taken))

    def snapshot(self) -> Snapshot:
        return self.heard, self._position

    def restore(self, snapshot: Snapshot) -> None:
        self.heard, self._position = snapshot
        self._offered = None
