"""An engine that may break while it plays, and another that relieves it then for good, between two events.

The other is opened only when it is needed, and told the latest of what was heard. What is planned lasts
longer than that takes.
"""

import logging
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

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
from antiphon.errors import in_one_line

LATELY = 64
"""Events that whoever relieves another is told of."""

logger = logging.getLogger(__name__)


class Heard(Struct, frozen=True, gc=False):
    """What was heard: the ``latest`` of it, and all of it as one of the engines knows it."""

    latest: tuple[MusicEvent, ...]
    known: Snapshot
    by_relief: bool


class RelievedEngine:
    """Implements :class:`antiphon.core.engine.PromptEngine`.

    Args:
        principal: plays until it raises something.
        name: what people call it.
        relief: opens whoever plays then, and says what people call that.

    Raises:
        Exception: what the principal raised, where nobody can relieve it; whatever the relief raises itself.
    """

    def __init__(
        self, principal: PromptEngine, name: str, relief: Callable[[], tuple[str, PromptEngine] | None]
    ) -> None:
        self._plays = principal
        self._name = name
        self._relief = relief
        self._silence: Snapshot = None
        self._is_relieved = False
        self._latest: tuple[MusicEvent, ...] = ()

    def prime(self, event: MusicEvent) -> None:
        """Hear an event."""
        latest = (*self._latest[1 - LATELY :], event)
        try:
            self._plays.prime(event)
        except Exception as error:  # noqa: BLE001 - whatever a runtime raises, the music goes on
            self._latest = latest
            self._be_relieved(error)
        self._latest = latest

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return a likely next event that obeys the constraints."""
        try:
            return self._plays.sample(constraints)
        except Exception as error:  # noqa: BLE001 - as above
            self._be_relieved(error)
            return self._plays.sample(constraints)

    def expectation(self) -> Expectation | None:
        """Return which pitch whoever plays expects next, None where they do not say."""
        if not isinstance(self._plays, ExpectantEngine):
            return None
        try:
            return self._plays.expectation()
        except Exception as error:  # noqa: BLE001 - as above
            self._be_relieved(error)
            return None

    def timing(self) -> Timing | None:
        """Return when whoever plays expects the next event, None where they do not say."""
        if not isinstance(self._plays, TimingEngine):
            return None
        try:
            return self._plays.timing()
        except Exception as error:  # noqa: BLE001 - as above
            self._be_relieved(error)
            return None

    def snapshot(self) -> Snapshot:
        return Heard(self._latest, self._plays.snapshot(), self._is_relieved)

    def restore(self, snapshot: Snapshot) -> None:
        self._latest = snapshot.latest
        if snapshot.by_relief == self._is_relieved:
            self._plays.restore(snapshot.known)
        else:
            self._recall()

    def reseed(self, seed: int) -> None:
        """Have whoever plays draw by another seed from now on, where they can be told one."""
        if isinstance(self._plays, SeededEngine):
            self._plays.reseed(seed)

    def _be_relieved(self, error: Exception) -> None:
        relief = None if self._is_relieved else self._relief()
        if relief is None:
            raise error
        name, engine = relief
        logger.error("%s has broken down and %s plays on: %s", self._name, name, in_one_line(error))
        self._plays, self._is_relieved, self._silence = engine, True, engine.snapshot()
        self._recall()

    def _recall(self) -> None:
        """Tell whoever relieves the principal what was heard before; it is learnt from once only."""
        self._plays.restore(self._silence)
        for event in self._latest:
            self._plays.prime(replace(event, is_players=False))
