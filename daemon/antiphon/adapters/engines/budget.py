"""Whether a network is quick enough to be asked between two notes, and who stands in where it is not.

A network is timed through an engine, for that is how it is used; the clock comes from outside.
"""

from collections.abc import Callable
from dataclasses import dataclass

from antiphon.core.engine import Constraints, MusicEvent, PromptEngine
from antiphon.core.units import Pitch, Seconds, Velocity

WARM_UP = 3
STEPS = 30
FEWEST = 5
LONG_ENOUGH = 0.1
"""Seconds after which the fewest steps are enough: so slow a network need not be timed more closely."""

OUTLIERS = 0.1
"""Share of the times, the longest, that tell of the machine and what else it does."""

ANYTHING = Constraints(0.0, 1.0, frozenset(map(Pitch, range(21, 109))), frozenset(), 1.0, 0.0)


def step_time(engine: PromptEngine, clock: Callable[[], Seconds]) -> Seconds:
    """Return how long an engine takes to imagine and hear an event, without the longest tenth of the times.

    Afterwards it has heard music that nobody played, and has drawn from its random numbers.
    """
    engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
    took: list[Seconds] = []
    began = now = clock()
    while len(took) < WARM_UP + FEWEST or (len(took) < WARM_UP + STEPS and now - began < LONG_ENOUGH):
        engine.prime(engine.sample(ANYTHING))
        before, now = now, clock()
        took.append(now - before)
    counted = sorted(took[WARM_UP:])
    return counted[int((1.0 - OUTLIERS) * (len(counted) - 1))]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model, by its name, and how long it takes for an event."""

    model: str
    step: Seconds


@dataclass(frozen=True, slots=True)
class Casting:
    """Who plays, and who stands in where that comes too late.

    Attributes:
        principal: who was asked for.
        budget: how long an event may take.
        understudy: who could stand in; None where nobody is named.
    """

    principal: Candidate
    budget: Seconds
    understudy: Candidate | None = None

    @property
    def is_in_time(self) -> bool:
        """Whether the principal needs neither a thread nor an understudy."""
        return self.principal.step <= self.budget

    @property
    def has_understudy(self) -> bool:
        """Whether the understudy is quick enough to be asked between two notes."""
        return self.understudy is not None and self.understudy.step <= self.budget

    def __str__(self) -> str:
        """Return in a sentence what was measured, and what is done about it."""
        took = f"{self.principal.model} takes {_told(self.principal.step)} for an event"
        if self.is_in_time:
            return f"{took}, within the {_told(self.budget)} of engine.longest_step"
        return (
            f"{took}, more than the {_told(self.budget)} of engine.longest_step: "
            f"it computes in a thread of its own, and where it comes too late {self._instead}"
        )

    @property
    def _instead(self) -> str:
        if self.understudy is None:
            return "there is a rest, as engine.understudy names nobody else"
        name, took = self.understudy.model, _told(self.understudy.step)
        if self.has_understudy:
            return f"{name} stands in, which takes {took}"
        return f"there is a rest, as {name} takes {took} itself"


def _told(seconds: Seconds) -> str:
    return f"{1e3 * seconds:.1f} ms" if seconds >= 1e-3 else f"{1e6 * seconds:.0f} us"
