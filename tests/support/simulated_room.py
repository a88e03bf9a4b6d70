"""A room under a simulated clock in which anything may happen: players, doors, lost ports, a slow engine.

What happens is drawn by whoever runs it; how late each wake-up is, and when the engine has nothing yet, by
the seed of the room. So a list of happenings and a seed are a whole session, the same every time.
"""

import random
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from hypothesis import strategies as st

from antiphon.core.commands import Command
from antiphon.core.engine import Constraints, Engine, MusicEvent, Timing
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    EngineChanged,
    EngineReady,
    Event,
    HoldPressed,
    HoldReleased,
    HoursTold,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.improviser import Improviser
from antiphon.core.settings import ModeName, Settings
from antiphon.core.transcript import Keep, TranscribedImproviser
from antiphon.core.units import Pitch, Velocity
from antiphon_models import vocab
from default_settings import settings
from score import scale
from uniform_engine import UniformEngine

LATEST = 0.5
"""Seconds by which a wake-up is late at most."""

SELDOM = 0.05
"""Share of the wake-ups that are very late, and of the questions to which the engine has no answer yet."""

MOST_WAKES, MOST_WAKES_IN_A_SECOND = 500, 500
"""That it may want: for what it is told of music that is long past, and for what it plays."""

ANSWERING: tuple[ModeName, ...] = ("answer", "listen")


class Happening(NamedTuple):
    """Something that happens so many seconds after what happened before.

    ``age``: for how many of them it has waited in a cable that is stalled, and bears the moment of before.
    """

    wait: float
    event: Event
    age: float = 0.0


class Look(Protocol):
    """Is told of a step: the moment, what happened or None, the commands, and the moment that was told."""

    def __call__(self, now: float, event: Event | None, said: list[Command], at: float) -> None: ...


def look_away(now: float, event: Event | None, said: list[Command], at: float) -> None:
    """See nothing."""


class SlowEngine(UniformEngine):
    """An engine that now and then has no answer yet, unless it is needed now.

    ``asked`` is all that it was asked lately.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.asked: list[Constraints] = []
        self._hesitation = random.Random(seed)

    def reseed(self, seed: int) -> None:
        super().reseed(seed)
        self._hesitation = random.Random(seed)

    def sample(self, constraints: Constraints) -> MusicEvent | None:  # type: ignore[override]
        self.asked = [*self.asked[-9:], constraints]
        if self._hesitation.random() < SELDOM:
            return None
        return super().sample(constraints)

    def timing(self) -> Timing | None:
        """Expect anything at all, or say nothing."""
        if self._hesitation.random() < SELDOM:
            return None
        chances = [self._hesitation.random() ** 8 for _ in range(vocab.DT_BINS)]
        return [chance / sum(chances) for chance in chances]


class Room:
    """An improviser that plays briefly, on a clock of its own.

    Args:
        seed: of the engine, and of all lateness.
        keep: is given the transcript; None where there is to be none.
        first: the settings that it begins with.
        look: is told of all that happens.
        engine: that plays; None for one that takes all that is allowed for equally likely.
    """

    def __init__(
        self,
        seed: int,
        keep: Keep | None = None,
        first: Settings | None = None,
        look: Look = look_away,
        engine: Engine | None = None,
    ) -> None:
        self.now = 0.0
        self.engine = engine or SlowEngine(seed)
        self.first = first or chosen()
        if keep is None:
            self.improviser = Improviser(self.engine, self.first, self.now)
        else:
            self.improviser = TranscribedImproviser(self.engine, self.first, self.now, seed, keep)
        self._lateness = random.Random(seed)
        self._look = look
        self._at = self.now

    def play_a_phrase(self) -> None:
        """Have five even notes played, and what follows from them."""
        for timed in scale(start=self.now):
            self.happen(timed.event, timed.at)
        self.pass_time(self.now + 20.0)

    def live_through(self, happenings: Iterable[Happening]) -> None:
        """Let things happen, one after another, and then have it silenced."""
        for happening in happenings:
            self.happen(happening.event, self.now + happening.wait, happening.age)
        self.happen(Silenced(), self.now)

    def happen(self, event: Event, at: float, age: float = 0.0) -> None:
        """Let time pass until a moment, and then something arrive that happened ``age`` seconds before."""
        self.pass_time(at)
        self.now = max(self.now, at)
        self._at = max(self._at, self.now - age)
        self.improviser.receive(event, self.now - age)
        self._look(self.now, event, self.improviser.commands_to_send(), self._at)

    def pass_time(self, until: float) -> None:
        """Wake it whenever it wants to be, though somewhat late; it may not want to be woken for ever."""
        left = MOST_WAKES + MOST_WAKES_IN_A_SECOND * max(until - self.now, 0.0)
        while (wake_at := self.improviser.wake_at()) is not None and wake_at <= until:
            left -= 1
            assert left > 0, f"it does not sleep: at {self.now} it wants to be woken at {wake_at}"
            self._at = self.now = max(self.now, wake_at) + self._late()
            self.improviser.advance(self.now)
            self._look(self.now, None, self.improviser.commands_to_send(), self.now)

    def _late(self) -> float:
        draw = self._lateness
        return draw.uniform(0.0, LATEST) if draw.random() < SELDOM else draw.uniform(0.0, 0.0003)


def chosen(
    mode: ModeName = "answer",
    transpose: int = 0,
    polyphony: int = 3,
    look_ahead: float = 0.5,
    thru: bool = False,
    longest_note: float = 1.0,
) -> Settings:
    """Return settings of short answers in a narrow range, so that much happens."""
    return settings(
        play={
            "mode": mode,
            "transpose": transpose,
            "polyphony": polyphony,
            "seconds": 3.0,
            "longest_note": longest_note,
            "lowest": 58,
            "highest": 66,
            "thru": thru,
        },
        turn={"shortest_pause": 0.2, "longest_pause": 1.0, "absence": 5.0},
        latency={"look_ahead": look_ahead, "late_onset": 0.05},
    )


def settings_to_choose(modes: tuple[ModeName, ...] = ANSWERING) -> st.SearchStrategy[Settings]:
    """Return a strategy for settings that play in some modes."""
    return st.builds(
        chosen,
        st.sampled_from(modes),
        st.integers(-2, 2),
        st.integers(1, 4),
        st.sampled_from([0.0, 0.3, 2.0]),
        st.booleans(),
        st.sampled_from([0.2, 1.0]),
    )


WAITS = st.one_of(
    st.integers(0, 20).map(lambda hundredths: hundredths / 100), st.sampled_from([0.5, 1.5, 4.0])
)
"""Seconds; drawn as integers, for drawn as floats most of them are next to nothing."""

AGES = st.sampled_from([0.0, 0.0, 0.0, 0.3, 2.0])
"""Seconds; most of what happens is told at once."""

KEYS = st.integers(57, 67).map(Pitch)
PHRASES = st.lists(
    st.builds(MusicEvent, WAITS, st.integers(0, 1).map(lambda on: Velocity(80 * on)), KEYS), max_size=6
).map(tuple)


def events(modes: tuple[ModeName, ...] = ANSWERING) -> st.SearchStrategy[Event]:
    """Return a strategy for all that an improviser can be told."""
    return st.one_of(
        st.builds(KeyPressed, KEYS, st.integers(1, 127).map(Velocity)),
        st.builds(KeyReleased, KEYS),
        st.builds(KeyReleased, KEYS),
        st.builds(
            ControlMoved,
            st.sampled_from([SUSTAIN_PEDAL, SUSTAIN_PEDAL, 1]),
            st.sampled_from([0, 63, 64, 127]),
        ),
        st.sampled_from([Triggered(), Triggered(seconds=1.0), EngineReady(), HoldPressed(), HoldReleased()]),
        st.sampled_from([InputLost(), OutputLost(), Silenced(), OtherMessage(b"\xe0\x00\x40")]),
        st.builds(Triggered, PHRASES, st.sampled_from([None, 1.0]), st.sampled_from([None, 3])),
        st.builds(HoursTold, st.booleans(), st.integers(0, 3)),
        st.builds(SettingsChanged, settings_to_choose(modes)),
        st.builds(lambda seed: EngineChanged(SlowEngine(seed)), st.integers(0, 3)),
    )


def happenings(modes: tuple[ModeName, ...] = ANSWERING) -> st.SearchStrategy[list[Happening]]:
    """Return a strategy for all that happens in a session."""
    return st.lists(st.builds(Happening, WAITS, events(modes), AGES), min_size=1, max_size=30)
