"""What an improviser was told, step by step, what its engine drew meanwhile, and what it said to that.

A stretch of this, from somebody who has heard nothing, can be told again to another, which then says the
same (:mod:`antiphon.core.replaying`). So that such a stretch does not grow for ever, an improviser that has
been left alone for long begins anew: it forgets what it heard, and its engine draws by another seed. Nothing
here knows who keeps the transcript, nor where.
"""

import math
import struct
from collections.abc import Callable
from typing import TypeAlias, get_args

from msgspec import Struct

from antiphon.core.commands import Command, Publish
from antiphon.core.engine import (
    Constraints,
    Engine,
    ExpectantEngine,
    Expectation,
    MusicEvent,
    SeededEngine,
    Timing,
    TimingEngine,
)
from antiphon.core.events import (
    ClockEvent,
    ControlMoved,
    EngineChanged,
    Event,
    HoursTold,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    SettingsChanged,
)
from antiphon.core.improviser import Improviser
from antiphon.core.settings import Settings
from antiphon.core.units import Seconds

LARGEST_SEED = 2**31

IN_USE = (KeyPressed, KeyReleased, ControlMoved, OtherMessage, *get_args(ClockEvent))
"""What the player does, and what plays beside them."""

IN_A_ROW: Seconds = 2.0
"""Seconds within which a clock that is in use ticks again."""


class EngineIdentity(Struct, frozen=True):
    """Which engine it is, for whoever wants to open such a one again.

    Attributes:
        kind: such as ``lstm``.
        model: the name or path of its model.
        sha256: of the file of that model.
        is_prompt: whether it was asked between two notes. Where it computed on a thread of its own, what it
            drew depends on how quick that was.
    """

    kind: str
    model: str
    sha256: str
    is_prompt: bool


class Beginning(Struct, frozen=True):
    """At a moment it has heard nothing yet, and its engine draws by this seed.

    Attributes:
        engine: None where nobody says which it is.
    """

    at: Seconds
    settings: Settings
    seed: int
    engine: EngineIdentity | None = None


class EngineEntered(Struct, frozen=True):
    """What is written of :class:`EngineChanged`: which engine it was, and by which seed it draws."""

    seed: int
    engine: EngineIdentity | None = None


class Step(Struct, frozen=True, gc=False):
    """What it was told at a moment, and all that followed at once.

    Attributes:
        told: None where all that it was told is that time passed.
        drawn: what its engine answered, each time that it was asked; None where it had nothing yet.
        said: the commands, in the order in which they were sent.
        expected: when its engine expected a silence to end, each time that it was asked; see :func:`packed`.
    """

    at: Seconds
    told: Event | EngineEntered | None
    drawn: tuple[MusicEvent | None, ...] = ()
    said: tuple[Command, ...] = ()
    expected: tuple[bytes | None, ...] = ()


Entry: TypeAlias = Beginning | Step

Keep: TypeAlias = Callable[[Entry], None]
"""Takes in what is written; it is called between two notes, and must not wait."""


def packed(timing: Timing) -> bytes:
    """Return when an event is expected in two bytes for each time: half a thousandth of a chance is lost."""
    return struct.pack(f"<{len(timing)}e", *timing)


def unpacked(written: bytes) -> Timing:
    """Return what was packed."""
    return struct.unpack(f"<{len(written) // 2}e", written)


class TranscribedEngine:
    """An engine of which is written down what it draws.

    Args:
        engine: which has heard nothing yet.

    Attributes:
        drawn: what it has drawn; whoever reads it puts an empty list in its place.
        expected: when it expected silences to end, likewise.
    """

    def __init__(self, engine: Engine) -> None:
        self.drawn: list[MusicEvent | None] = []
        self.expected: list[bytes | None] = []
        self._engine = engine
        self._silence = engine.snapshot()
        # Nothing is to be written of these, and they are asked often.
        self.prime = engine.prime
        self.snapshot = engine.snapshot
        self.restore = engine.restore

    def sample(self, constraints: Constraints) -> MusicEvent | None:
        event = self._engine.sample(constraints)
        self.drawn.append(event)
        return event

    def expectation(self) -> Expectation | None:
        """Return what it expects, which has no part in the music."""
        return self._engine.expectation() if isinstance(self._engine, ExpectantEngine) else None

    def timing(self) -> Timing | None:
        """Return when it expects the music to go on, on which the end of a turn depends."""
        timing = self._engine.timing() if isinstance(self._engine, TimingEngine) else None
        written = None if timing is None else packed(timing)
        self.expected.append(written)
        # The same goes on to the improviser as is written.
        return None if written is None else unpacked(written)

    def begin_anew(self, seed: int) -> None:
        """Forget all that was heard, and draw by another seed, where it can be told one."""
        self._engine.restore(self._silence)
        if isinstance(self._engine, SeededEngine):
            self._engine.reseed(seed)


class TranscribedImproviser(Improviser):
    """An improviser of which everything is written down.

    Args:
        engine: has heard nothing yet, and was made with ``seed``.
        settings: by which it plays.
        now: the moment at which it begins.
        seed: of the first stretch; each further one, and each further engine, has the next.
        keep: is given what is written.
        identity: says which engine plays now.
        alone: seconds without music, or a MIDI clock, after which it begins anew, if nobody is there.
        longest: seconds of a stretch after which it begins anew even so, once nobody is there.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        now: Seconds,
        seed: int,
        keep: Keep,
        identity: Callable[[], EngineIdentity | None] = lambda: None,
        alone: Seconds = math.inf,
        longest: Seconds = math.inf,
    ) -> None:
        self._engine = TranscribedEngine(engine)
        super().__init__(self._engine, settings, now)
        self._in_force = settings
        self._hours: HoursTold | None = None
        self._seed = seed
        self._keep = keep
        self._identity = identity
        self._alone = alone
        self._longest = longest
        self._told: tuple[Seconds, Event | EngineEntered | None] | None = None
        self._begin(now)

    def receive(self, event: Event, now: Seconds) -> None:
        """Take in something that happened at ``now``."""
        if self._told is not None:
            self._finish_step([])
        if self._is_to_begin_anew(now):
            self._begin_anew(now)
        if isinstance(event, IN_USE):
            self._music_at = now
        if isinstance(event, EngineChanged):
            event = self._entered(event, now)
        else:
            self._told = now, event
        if isinstance(event, SettingsChanged):
            self._in_force = event.settings
        elif isinstance(event, HoursTold):
            self._hours = event
        super().receive(event, now)

    def advance(self, now: Seconds) -> None:
        """Do what is due by ``now``."""
        if self._told is not None:
            self._finish_step([])
        self._told = now, None
        super().advance(now)

    def commands_to_send(self) -> list[Command]:
        """Return what has become due; that ends the step."""
        said = super().commands_to_send()
        self._finish_step(said)
        return said

    def _finish_step(self, said: list[Command]) -> None:
        """Give away what was written of the step; without commands, where it failed before there were any."""
        if self._told is None:
            return
        (at, told), self._told = self._told, None
        drawn, self._engine.drawn = self._engine.drawn, []
        expected, self._engine.expected = self._engine.expected, []
        if said and not isinstance(said[0], Publish):
            self._music_at = at
        self._keep(Step(at, told, tuple(drawn), tuple(said), tuple(expected)))

    def _entered(self, event: EngineChanged, now: Seconds) -> EngineChanged:
        """Have what the newcomer draws written down, too."""
        self._engine = TranscribedEngine(event.engine)
        self._seed = (self._seed + 1) % LARGEST_SEED
        self._engine.begin_anew(self._seed)
        self._told = now, EngineEntered(self._seed, self._identity())
        return EngineChanged(self._engine)

    def _is_to_begin_anew(self, now: Seconds) -> bool:
        quiet = now - self._music_at
        is_long = quiet >= self._alone or (now - self._began_at >= self._longest and quiet > IN_A_ROW)
        # Nothing will ever happen, nor be noticed, by itself: whoever was there has left.
        return is_long and self.is_at_rest(now) and self.wake_at() is None

    def _begin_anew(self, now: Seconds) -> None:
        self._seed = (self._seed + 1) % LARGEST_SEED
        self._engine.begin_anew(self._seed)
        # All that an improviser knows, it knows since it was made.
        super().__init__(self._engine, self._in_force, now)
        self._begin(now)
        if self._hours is not None:
            self._told = now, self._hours
            super().receive(self._hours, now)
            self.commands_to_send()

    def _begin(self, now: Seconds) -> None:
        self._began_at = self._music_at = now
        self._keep(Beginning(now, self._in_force, self._seed, self._identity()))
