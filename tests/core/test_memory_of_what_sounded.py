"""What the engine has heard is what sounded: the player's notes, and of the answers those really sent."""

from collections.abc import Callable, Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.adapters.engines.deferred import KEPT, MOST_BEHIND, DeferredEngine
from antiphon.adapters.engines.understudy import UnderstudiedEngine
from antiphon.core.engine import Engine, Snapshot
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    EngineChanged,
    EngineReady,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.improviser import Improviser
from antiphon.core.memory import LATELY
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from slow_worker import SlowWorker
from sounding_room import SoundingRoom, assert_heard
from uniform_engine import UniformEngine


def chosen(transpose: int, polyphony: int, look_ahead: float) -> Settings:
    return settings(
        play={
            "transpose": transpose,
            "polyphony": polyphony,
            "seconds": 4.0,
            "longest_note": 1.0,
            "lowest": 58,
            "highest": 63,
            "thru": True,
        },
        latency={"look_ahead": look_ahead, "late_onset": 0.02},
    )


TWENTIETHS = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
"""Seconds. Drawn as integers, for drawn as floats most of them are next to nothing."""

KEYS = st.integers(57, 63).map(Pitch)
CHOSEN = st.builds(chosen, st.integers(-1, 1), st.integers(1, 4), st.sampled_from([0.0, 0.3, 2.0]))
# Triggers above all, so that much of it happens in mid-answer.
EVENTS = st.one_of(
    st.sampled_from([Triggered(), Triggered(), Triggered(), InputLost(), OutputLost(), Silenced()]),
    st.builds(KeyReleased, KEYS),
    st.builds(ControlMoved, st.just(SUSTAIN_PEDAL), st.integers(0, 127)),
    st.builds(SettingsChanged, CHOSEN),
    st.builds(KeyPressed, KEYS, st.integers(1, 127).map(Velocity)),
)


JAMS = {
    "events": st.lists(st.tuples(TWENTIETHS, EVENTS), min_size=8, max_size=25),
    "stalls": st.lists(TWENTIETHS, min_size=1, max_size=5),
    "first": CHOSEN,
    "seed": st.integers(0, 3),
}


def jam(
    improviser: Improviser,
    room: SoundingRoom,
    events: Sequence[tuple[float, Event]],
    stalls: Sequence[float],
    beside: Callable[[float], None] = lambda now: None,
) -> None:
    """Let things happen, with late wake-ups now and then, and something beside it after each."""
    now, turn = 0.0, 0
    for wait, event in [*events, (0.0, Silenced())]:
        until = now + wait
        while (wake_at := improviser.wake_at()) is not None and wake_at <= until:
            turn += 1
            now = max(now, wake_at + stalls[turn % len(stalls)] * (turn % 7 == 0))
            improviser.advance(now)
            room.output(improviser.commands_to_send())
            beside(now)
        now = max(now, until)
        improviser.receive(event, now)
        room.output(improviser.commands_to_send())
        room.player(now, event)
        beside(now)
        if isinstance(event, SettingsChanged):
            room.transpose = event.settings.play.transpose


# A note ends at the very moment at which another begins that was imagined before.
RELEASED_AS_ANOTHER_BEGINS: list[tuple[float, Event]] = [
    *[(0.0, Triggered())] * 4,
    (0.0, SettingsChanged(chosen(0, 2, 2.0))),
    (0.0, KeyPressed(Pitch(57), Velocity(1))),
    (0.0, Triggered()),
    (0.35, Triggered()),
]


@example(events=RELEASED_AS_ANOTHER_BEGINS, stalls=[0.0], first=chosen(0, 1, 2.0), seed=0)
@given(**JAMS)
def test_the_engine_has_heard_what_sounded_and_nothing_else(
    events: list[tuple[float, Event]], stalls: list[float], first: Settings, seed: int
) -> None:
    """After any sequence of events, late wake-ups and interruptions, to the times."""
    engine, room = UniformEngine(seed), SoundingRoom(first.play.transpose)
    jam(Improviser(engine, first, 0.0), room, events, stalls)
    assert len(engine.heard) == min(len(room.sounds), 501)
    assert_heard(engine.heard, room.sounds)


class PrivateEngine(UniformEngine):
    """One that can go back to nothing but what it has heard itself."""

    def snapshot(self) -> Snapshot:
        return self, self.heard

    def restore(self, snapshot: Snapshot) -> None:
        owner, self.heard = snapshot
        assert owner is self


CHANGES = st.builds(EngineChanged, st.builds(PrivateEngine, st.integers(0, 3)))


@given(
    events=st.lists(st.tuples(TWENTIETHS, st.one_of(EVENTS, CHANGES)), min_size=8, max_size=25),
    stalls=JAMS["stalls"],
    first=CHOSEN,
)
def test_so_has_one_that_takes_the_place_of_another_whenever_that_is(
    events: list[tuple[float, Event]], stalls: list[float], first: Settings
) -> None:
    """It knows the latest of what sounded before its time, and the room hears every note end."""
    engine, room = PrivateEngine(), SoundingRoom(first.play.transpose)
    improviser = Improviser(engine, first, 0.0)
    jam(improviser, room, events, stalls)
    for _ in range(2 * LATELY):  # the newcomer may not have been told everything yet
        improviser.advance(0.0)
    known = 0
    for _, event in events:
        if isinstance(event, EngineChanged):
            assert isinstance(event.engine, PrivateEngine)
            engine, known = event.engine, LATELY
    assert len(engine.heard) >= min(len(room.sounds), known)
    assert_heard(engine.heard, room.sounds)
    assert sum(velocity > 0 for _, velocity, _ in room.sounds) == sum(not each[1] for each in room.sounds)


@given(**JAMS, paces=st.lists(st.integers(0, 3), min_size=1, max_size=5), has_understudy=st.booleans())
def test_so_has_an_engine_that_computes_elsewhere_whatever_it_is_at_when_something_happens(
    events: list[tuple[float, Event]],
    stalls: list[float],
    first: Settings,
    seed: int,
    paces: list[int],
    has_understudy: bool,
) -> None:
    """It gets on by some steps each time that anything happens, or by none at all."""
    inner, understudy, worker = UniformEngine(seed), UniformEngine(seed + 1), SlowWorker()
    now, turn, behind = 0.0, 0, 0

    def ready() -> None:
        improviser.receive(EngineReady(), now)

    def get_on(at: float) -> None:
        nonlocal now, turn, behind
        now, turn, behind = at, turn + 1, max(behind, len(deferred.snapshot().unknown()))
        for _ in range(paces[turn % len(paces)]):
            if worker.is_busy:
                worker.finish()

    deferred = DeferredEngine(inner, worker, ready)
    engine: Engine = UnderstudiedEngine(deferred, understudy) if has_understudy else deferred
    improviser, room = Improviser(engine, first, 0.0), SoundingRoom(first.play.transpose)
    jam(improviser, room, events, stalls, get_on)
    worker.finish_all()
    heard = deferred.snapshot().known
    # So far behind it may have begun anew with the last of what it heard.
    assert len(heard) >= min(len(room.sounds), 501 if behind < MOST_BEHIND / 2 else KEPT)
    assert_heard(heard, room.sounds)
    if has_understudy:
        assert_heard(understudy.heard, room.sounds)
