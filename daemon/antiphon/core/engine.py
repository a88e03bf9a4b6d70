"""What an engine is: something that has heard music and can say what comes next.

An engine is told events one by one and asked for the next one under constraints. It knows no clock:
time is what lies between events. Asking does not change what it has heard; only ``prime`` does.

An engine need not have its answer at once. One that takes its time says so, and is asked again later.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from antiphon.core.guide import UNGUIDED, Guide
from antiphon.core.units import Part, Pitch, Seconds, Velocity


class MusicEvent(Struct, frozen=True, gc=False):
    """An onset or, with velocity 0, a release, ``dt`` seconds after the event before it.

    ``part`` is None where nobody is told apart. From what ``is_players``, an engine that learns may learn.
    """

    dt: Seconds
    velocity: Velocity
    pitch: Pitch
    part: Part | None = None
    is_players: bool = False


class Constraints(Struct, frozen=True, gc=False):
    """What may come next.

    The next event comes no sooner than ``shortest_dt`` and no later than ``longest_dt``; it is an onset
    of one of ``onsets`` that is not ``taken``, or a release of one of ``releases``, and at least one of these
    there is. Where ``asked`` names a part, it is what that part does next if nothing else happens first.
    ``guide`` is a wish. Where ``seed`` is given, the same music is always followed by the same. ``within`` is
    how long the music that is planned so far lasts; at 0 or less the event is needed now. After ``left`` no
    note may begin any more. ``blend`` is for an engine of two: the share of the second, 0 to 1.

    What is taken is told apart because it changes with every event, where ``onsets`` mostly stay the same.
    """

    shortest_dt: Seconds
    longest_dt: Seconds
    onsets: frozenset[Pitch]
    releases: frozenset[Pitch]
    temperature: float
    min_p: float
    taken: frozenset[Pitch] = frozenset()
    guide: Guide = UNGUIDED
    asked: Part | None = None
    seed: int | None = None
    within: Seconds = math.inf
    left: Seconds = math.inf
    blend: float = 0.0


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


Expectation: TypeAlias = Mapping[Pitch, float]
"""How likely it is for each pitch that the next note to begin is that one."""


@runtime_checkable
class ExpectantEngine(Engine, Protocol):
    """An engine that can say what it expects."""

    def expectation(self) -> Expectation | None:
        """Return which pitch is expected next; nothing is heard by asking.

        None where nothing can be said, or not yet: it is not told when it can be.
        """
        ...


Timing: TypeAlias = Sequence[float]
"""How likely the next event comes so long after the last one, for each bin of the vocabulary's times."""


@runtime_checkable
class TimingEngine(Engine, Protocol):
    """An engine that can say when it expects the music to go on."""

    def timing(self) -> Timing | None:
        """Return when the next event is expected; nothing is heard by asking.

        None where nothing can be said, or not at once.
        """
        ...


class PromptEngine(Engine, Protocol):
    """An engine that has its answer at once, always."""

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return a likely next event that obeys the constraints."""
        ...


@runtime_checkable
class SeededEngine(Engine, Protocol):
    """An engine that can be asked to draw by another seed."""

    def reseed(self, seed: int) -> None:
        """Draw from now on as one does that was made with this seed."""
        ...
