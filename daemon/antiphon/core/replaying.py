"""A transcript told again: the same steps at the same moments, to see whether the same follows.

The engine may be one like that which played then, or nobody: its part is then read from the transcript, which
needs no model and takes no time. So it can be told apart whether the engine draws something else than it did,
or the improviser makes something else of it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from antiphon.core.engine import Constraints, Engine, MusicEvent, Snapshot, Timing
from antiphon.core.events import EngineChanged
from antiphon.core.transcript import (
    Beginning,
    EngineEntered,
    EngineIdentity,
    Entry,
    Step,
    TranscribedImproviser,
    unpacked,
)

Open: TypeAlias = Callable[[EngineIdentity | None, int], Engine]
"""Returns an engine that has heard nothing, by its identity and its seed."""


class ReadingEngine:
    """Implements :class:`antiphon.core.engine.Engine`; draws what is written, in the order in which it is.

    Attributes:
        written: what was drawn in the step that is told again.
        expected: when it expected silences to end, as it said in that step, or in the last in which it did.
    """

    def __init__(self) -> None:
        self.written: deque[MusicEvent | None] = deque()
        self.expected: deque[bytes | None] = deque()

    def prime(self, event: MusicEvent) -> None:
        """Hear an event, which changes nothing of what is written."""

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        """Return what was drawn then; None where it was not asked so often."""
        return self.written.popleft() if self.written else None

    def timing(self) -> Timing | None:
        """Return when it expected this silence to end; None where it was not asked then."""
        written = self.expected.popleft() if self.expected else None
        return None if written is None else unpacked(written)

    def snapshot(self) -> Snapshot:
        return None

    def restore(self, snapshot: Snapshot) -> None:
        """Go back, which changes nothing either."""


def replay(beginning: Beginning, steps: Iterable[Step], open_engine: Open) -> Iterator[tuple[Step, Step]]:
    """Yield each step as it was and as it is now.

    Args:
        beginning: of the transcript.
        steps: all that follow, up to the next beginning.
        open_engine: opens the engine of the beginning, and those that took its place.
    """
    told: list[Entry] = []
    identity, engine = beginning.engine, open_engine(beginning.engine, beginning.seed)
    improviser = TranscribedImproviser(
        engine, beginning.settings, beginning.at, beginning.seed, told.append, lambda: identity
    )
    for step in steps:
        told.clear()
        event = step.told
        if isinstance(event, EngineEntered):
            identity, engine = event.engine, open_engine(event.engine, event.seed)
            event = EngineChanged(engine)
        if isinstance(engine, ReadingEngine):
            engine.written = deque(step.drawn)
            # What a core asks for later than the one that wrote it holds until then.
            engine.expected = deque(step.expected) or engine.expected
        if event is None:
            improviser.advance(step.at)
        else:
            improviser.receive(event, step.at)
        improviser.commands_to_send()
        (again,) = told
        assert isinstance(again, Step)
        yield step, again
