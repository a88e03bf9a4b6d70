"""An engine that computes elsewhere, for networks that take longer than the music can wait.

Nothing here waits. What was heard is a value: the last event, on top of what was heard before. An engine
behind it, the inner one, takes these events in one by one, as fast as it can, and then draws what is asked
for. Which thread it does that on is not known here; all but the inner engine's own work is done on one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from msgspec.structs import replace

from antiphon.core.engine import (
    Constraints,
    ExpectantEngine,
    Expectation,
    MusicEvent,
    PromptEngine,
    Snapshot,
)

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

MOST_BEHIND = 128
"""Events that may wait to be heard. To lift the pedal alone can end dozens of notes at once."""

KEPT = 32
"""How many of them count, the last, where there are more."""


class Worker(Protocol):
    """Does one piece of work at a time, elsewhere."""

    def do(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Do some work, and when it is done, though never before this returns, tell here what came of it."""
        ...


@dataclass(slots=True, eq=False)
class Heard:
    """What has been heard: an event after everything ``before`` it.

    Told apart by identity. As music it never changes; ``known`` is filled in when the inner engine has heard
    it, and ``before`` let go of.
    """

    event: MusicEvent | None = None
    before: "Heard | None" = None
    known: Snapshot | None = None

    def unknown(self) -> "list[Heard]":
        """Return what the inner engine has yet to hear, the last event first."""
        missing: list[Heard] = []
        heard: Heard | None = self
        while heard is not None and heard.known is None:
            missing.append(heard)
            heard = heard.before
        return missing


class DeferredEngine:
    """Implements :class:`antiphon.core.engine.Engine`; never has its answer at once.

    Args:
        inner: hears and draws; nobody else may use it.
        worker: does that work.
        ready: called when there is an answer to what was asked last.
    """

    def __init__(self, inner: PromptEngine, worker: Worker, ready: Callable[[], None]) -> None:
        self._inner = inner
        self._worker = worker
        self._ready = ready
        self._is_at_work = False
        self._silence = inner.snapshot()
        self._heard = Heard(known=self._silence)
        self._asked: Constraints | None = None
        self._drawn: MusicEvent | None = None
        self._wonders = False
        self._expected: tuple[Heard, Expectation | None] | None = None

    def prime(self, event: MusicEvent) -> None:
        """Hear an event. The inner engine hears it as soon as it can."""
        self.restore(Heard(event, self._heard))
        self._stay_close()
        self._go_on()

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        """Return the event that was drawn for this question, None while it is not drawn."""
        if self._asked is None or not is_same_question(self._asked, constraints):
            self._asked, self._drawn = constraints, None
            self._go_on()
        if self._drawn is None:
            return None
        drawn = self._drawn
        self._asked = self._drawn = None
        # Time has passed since it was asked for.
        return replace(drawn, dt=min(max(drawn.dt, constraints.shortest_dt), constraints.longest_dt))

    def expectation(self) -> Expectation | None:
        """Return what is expected after all that was heard, None while that is not known.

        It is worked out when there is nothing else to do.
        """
        if self._expected is None or self._expected[0] is not self._heard:
            self._wonders = True
            self._go_on()
            return None
        return self._expected[1]

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot
        self._asked = self._drawn = None

    def _stay_close(self) -> None:
        """Begin anew with the last of what was heard, where the inner engine has fallen too far behind.

        If it missed single events, it would hear notes that never end.
        """
        missing = self._heard.unknown()
        if len(missing) <= MOST_BEHIND:
            return
        logger.info(
            "the network does not keep up with what is played: it goes on from the last %d events", KEPT
        )
        self._heard = Heard(known=self._silence)
        for heard in reversed(missing[:KEPT]):
            self._heard = Heard(heard.event, self._heard)

    def _go_on(self) -> None:
        """Have the next piece of work done, unless one is being done."""
        if self._is_at_work:
            return
        missing = self._heard.unknown()
        if missing:
            self._is_at_work = True
            self._worker.do(partial(self._take_in, missing[-1]), partial(self._took_in, missing[-1]))
        elif self._asked is not None and self._drawn is None:
            self._is_at_work = True
            asking = self._heard, self._asked
            self._worker.do(partial(self._draw, *asking), partial(self._drew, *asking))
        elif self._wonders:
            self._is_at_work, self._wonders = True, False
            heard = self._heard
            self._worker.do(partial(self._expect, heard), partial(self._expected_after, heard))

    def _take_in(self, heard: Heard) -> Snapshot:
        assert heard.before is not None
        assert heard.event is not None
        self._inner.restore(heard.before.known)
        self._inner.prime(heard.event)
        return self._inner.snapshot()

    def _took_in(self, heard: Heard, known: Snapshot) -> None:
        heard.known, heard.before = known, None
        self._is_at_work = False
        self._go_on()

    def _draw(self, heard: Heard, asked: Constraints) -> tuple[MusicEvent, Snapshot]:
        self._inner.restore(heard.known)
        return self._inner.sample(asked), self._inner.snapshot()

    def _drew(self, heard: Heard, asked: Constraints, outcome: tuple[MusicEvent, Snapshot]) -> None:
        # An engine may know more of the same music once it was asked: one step does both.
        drawn, heard.known = outcome
        self._is_at_work = False
        if heard is self._heard and asked is self._asked:
            self._drawn = drawn
            self._ready()
        self._go_on()

    def _expect(self, heard: Heard) -> tuple[Expectation | None, Snapshot]:
        self._inner.restore(heard.known)
        expected = self._inner.expectation() if isinstance(self._inner, ExpectantEngine) else None
        return expected, self._inner.snapshot()

    def _expected_after(self, heard: Heard, outcome: tuple[Expectation | None, Snapshot]) -> None:
        expected, heard.known = outcome
        self._expected = heard, expected
        self._is_at_work = False
        self._go_on()


def is_same_question(one: Constraints, other: Constraints) -> bool:
    """Whether two questions differ by nothing but the time that has passed between them."""
    return replace(one, shortest_dt=0.0, longest_dt=0.0, within=0.0) == replace(
        other, shortest_dt=0.0, longest_dt=0.0, within=0.0
    )
