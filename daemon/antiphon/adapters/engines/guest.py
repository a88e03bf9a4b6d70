"""Engines of other packages, held to their word.

Whatever a guest raises is told in a sentence that names whose it is, and what it may not play is not played:
then somebody else relieves it, as when an engine of ours breaks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import index

from antiphon import guests
from antiphon.core.engine import (
    Constraints,
    ExpectantEngine,
    Expectation,
    MusicEvent,
    PromptEngine,
    SeededEngine,
    Snapshot,
    Timing,
    TimingEngine,
)
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError, in_one_line


def guest_engines(name: str) -> Callable[[int], PromptEngine]:
    """Return what makes engines of another package by their seed.

    Args:
        name: of its entry point, which names a class, or whatever else takes a seed and returns an engine.

    Raises:
        ModelError: the package is damaged, or what it names is no engine.
    """
    package = guests.package_of(name)

    def refused(reason: str) -> ModelError:
        return ModelError(
            f"the engine {name} of {package} cannot be used: {reason}; reinstall or remove that package"
        )

    def made(seed: int) -> PromptEngine:
        try:
            engine = make(seed)
        except Exception as error:
            raise refused(_raised(error)) from error
        missing = [verb for verb in VERBS if not callable(getattr(engine, verb, None))]
        if missing:
            raise refused(f"it has no {' and no '.join(missing)}")
        return GuestEngine(engine, f"{package}, which brings the engine {name},")

    try:
        make = guests.guests()[name].load()
    except Exception as error:
        raise refused(in_one_line(error)) from error
    return made


VERBS = ("prime", "sample", "snapshot", "restore")
"""What every engine can do."""


class GuestEngine:
    """Implements :class:`antiphon.core.engine.PromptEngine`, and passes on what its guest can do besides.

    Args:
        guest: of another package.
        whose: the package, as the subject of a sentence.

    Raises:
        ModelError: by every verb, where the guest raises anything; by ``sample`` also where it plays what it
            may not.
    """

    def __init__(self, guest: PromptEngine, whose: str) -> None:
        self._guest = guest
        self._whose = whose

    def prime(self, event: MusicEvent) -> None:
        """Hear an event."""
        with self._told():
            self._guest.prime(event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return a likely next event that obeys the constraints."""
        with self._told():
            event = in_plain_numbers(self._guest.sample(constraints))
        if not obeys(event, constraints):
            raise ModelError(f"{self._whose} played what it may not, {event}; tell its authors")
        return event

    def expectation(self) -> Expectation | None:
        """Return which pitch is expected next, None where the guest does not say."""
        with self._told():
            return self._guest.expectation() if isinstance(self._guest, ExpectantEngine) else None

    def timing(self) -> Timing | None:
        """Return when the next event is expected, None where the guest does not say."""
        with self._told():
            return self._guest.timing() if isinstance(self._guest, TimingEngine) else None

    def snapshot(self) -> Snapshot:
        with self._told():
            return self._guest.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        with self._told():
            self._guest.restore(snapshot)

    def reseed(self, seed: int) -> None:
        """Have the guest draw by another seed from now on, where it can be told one."""
        if isinstance(self._guest, SeededEngine):
            with self._told():
                self._guest.reseed(seed)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise ModelError(f"{self._whose} broke down: {_raised(error)}; tell its authors") from error


def in_plain_numbers(event: MusicEvent) -> MusicEvent:
    """Return an event without numbers of numpy's, which no log and no door can write."""
    return MusicEvent(
        float(event.dt), Velocity(index(event.velocity)), Pitch(index(event.pitch)), part=event.part
    )


def obeys(event: MusicEvent, constraints: Constraints) -> bool:
    """Whether an event is one that may come next."""
    if not constraints.shortest_dt <= event.dt <= constraints.longest_dt:
        return False
    if event.velocity == 0:
        return event.pitch in constraints.releases
    return event.velocity in range(1, 128) and event.pitch in constraints.onsets - constraints.taken


def _raised(error: Exception) -> str:
    return f"{type(error).__name__}: {in_one_line(error)}"
