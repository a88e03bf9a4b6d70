"""What an engine is: something that has heard music and can say what comes next.

An engine is told events one by one and asked for the next one under constraints. It knows no clock:
time is what lies between events. Asking does not change what it has heard; only ``prime`` does.

An engine need not have its answer at once. One that takes its time says so, and is asked again later.
"""

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from antiphon.core.guide import UNGUIDED, Guide
from antiphon.core.units import Part, Pitch, Seconds, Velocity


@dataclass(frozen=True, slots=True)
class MusicEvent:
    """An onset or, with velocity 0, a release, ``dt`` seconds after the event before it.

    ``part`` is None where nobody is told apart.
    """

    dt: Seconds
    velocity: Velocity
    pitch: Pitch
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """What may come next.

    The next event comes no sooner than ``shortest_dt`` and no later than ``longest_dt``; it is an onset
    of one of ``onsets`` or a release of one of ``releases``, not both of which may be empty. Where ``asked``
    names a part, it is what that part does next if nothing else happens first. ``guide`` is a wish.
    ``within`` is how long what is planned so far still lasts; at 0 or less the event is needed now.
    """

    shortest_dt: Seconds
    longest_dt: Seconds
    onsets: frozenset[Pitch]
    releases: frozenset[Pitch]
    temperature: float
    min_p: float
    guide: Guide = UNGUIDED
    asked: Part | None = None
    within: Seconds = math.inf


Snapshot: TypeAlias = Any
"""All that an engine has heard, as a value; cheap to take and never changed afterwards."""


class Engine(Protocol):
    """The protocol behind which every engine stands."""

    def prime(self, event: MusicEvent) -> None:
        """Hear an event."""
        ...

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        """Return a likely next event that obeys the constraints.

        None means not yet: :class:`antiphon.core.events.EngineReady` tells when to ask for the same again.
        """
        ...

    def snapshot(self) -> Snapshot:
        """Return what has been heard so far."""
        ...

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to what had been heard when the snapshot was taken."""
        ...


class PromptEngine(Engine, Protocol):
    """An engine that has its answer at once, always."""

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return a likely next event that obeys the constraints."""
        ...
