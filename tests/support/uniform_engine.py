"""An engine that takes every event that is allowed for equally likely, and remembers all it heard."""

import random

from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Velocity
from antiphon_models import vocab


class UniformEngine:
    """Implements the engine protocol; ``heard`` is what it has been primed with."""

    def __init__(self, seed: int = 0) -> None:
        self.heard: tuple[MusicEvent, ...] = ()
        self._random = random.Random(seed)

    def prime(self, event: MusicEvent) -> None:
        self.heard = (*self.heard[-500:], event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        if constraints.seed is not None:
            last = [(round(event.dt, 6), event.velocity, event.pitch) for event in self.heard[-8:]]
            self._random = random.Random(f"{constraints.seed} after {len(self.heard)}: {last}")
        dt = self._random.choice(vocab.DT_GRID[:40])
        dt = min(max(dt, constraints.shortest_dt), constraints.longest_dt)
        choices = [(True, pitch) for pitch in constraints.onsets - constraints.taken]
        choices += [(False, pitch) for pitch in constraints.releases] * 20
        is_onset, pitch = self._random.choice(sorted(choices))
        velocity = self._random.randrange(1, 128) if is_onset else 0
        return MusicEvent(dt, Velocity(velocity), Pitch(pitch))

    def reseed(self, seed: int) -> None:
        self._random = random.Random(seed)

    def snapshot(self) -> Snapshot:
        return self.heard

    def restore(self, snapshot: Snapshot) -> None:
        self.heard = snapshot
