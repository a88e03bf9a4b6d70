"""The engine that draws bars: what it clamps, what it foresees, and that it obeys."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.rbm.engine import Manner, RbmEngine
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Velocity
from antiphon_models.rbm.spec import HELD, STRUCK
from dice_gibbs import DiceGibbs

pitches = st.integers(0, 127).map(Pitch)
events = st.builds(
    MusicEvent,
    dt=st.floats(0.0, 6.0, width=32),
    velocity=st.one_of(st.just(0), st.integers(1, 127)).map(Velocity),
    pitch=pitches,
)
PHRASE = [
    MusicEvent(dt, Velocity(velocity), Pitch(pitch))
    for dt, velocity, pitch in [
        (0.0, 80, 60), (0.2, 70, 64), (0.1, 0, 60), (0.0, 0, 64), (0.05, 75, 67), (0.5, 90, 72), (1.5, 0, 67),
    ]
]  # fmt: skip
KEYBOARD = frozenset(map(Pitch, range(21, 109)))


def constraints(**changes: Any) -> Constraints:
    usual: dict[str, Any] = {
        "shortest_dt": 0.0,
        "longest_dt": 4.0,
        "onsets": KEYBOARD,
        "taken": frozenset({Pitch(72)}),
        "releases": frozenset({Pitch(72)}),
        "temperature": 1.0,
        "min_p": 0.0,
    }
    return Constraints(**(usual | changes))


def engine_that_heard(
    phrase: Iterable[MusicEvent], seed: int = 1, machine: DiceGibbs | None = None
) -> RbmEngine:
    engine = RbmEngine(machine or DiceGibbs(), seed)
    for event in phrase:
        engine.prime(event)
    return engine


def played_on(engine: RbmEngine, count: int, **changes: Any) -> list[MusicEvent]:
    """Return what the engine plays when it hears itself."""
    sounding = {Pitch(72)}
    played = []
    for _ in range(count):
        now = frozenset(sounding)
        event = engine.sample(constraints(taken=now, releases=now, **changes))
        engine.prime(event)
        (sounding.add if event.velocity else sounding.discard)(event.pitch)
        played.append(event)
    return played


@given(
    heard=st.lists(events, max_size=6),
    onsets=st.frozensets(pitches, max_size=8),
    releases=st.frozensets(pitches, max_size=3),
    shortest=st.floats(0.0, 6.0),
    span=st.one_of(st.just(0.0), st.floats(0.0, 6.0)),
    temperature=st.sampled_from([0.0, 0.3, 1.0, 2.0]),
)
@settings(max_examples=60, deadline=None)
def test_what_is_asked_for_is_obeyed(
    heard: list[MusicEvent],
    onsets: frozenset[Pitch],
    releases: frozenset[Pitch],
    shortest: float,
    span: float,
    temperature: float,
) -> None:
    if not onsets and not releases:
        onsets = frozenset({Pitch(60)})
    engine = engine_that_heard(heard)
    for _ in range(3):
        event = engine.sample(Constraints(shortest, shortest + span, onsets, releases, temperature, 0.0))
        assert shortest <= event.dt <= shortest + span
        assert event.pitch in (onsets if event.velocity else releases)
        assert 0 <= event.velocity <= 127
        engine.prime(event)


@pytest.mark.parametrize("dt", [0.0, 0.004, 0.3333, 4.0, 5.5])
def test_a_time_that_is_forced_is_kept_to_the_letter(dt: float) -> None:
    assert engine_that_heard(PHRASE).sample(constraints(shortest_dt=dt, longest_dt=dt)).dt == dt


def test_temperature_zero_ignores_the_seed() -> None:
    for heard in (PHRASE, []):
        one, other = (engine_that_heard(heard, seed) for seed in (1, 2))
        assert played_on(one, 20, temperature=0.0) == played_on(other, 20, temperature=0.0)


def test_the_same_seed_plays_the_same_and_another_something_else() -> None:
    first, again, other = (played_on(engine_that_heard(PHRASE, seed), 20) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_with_a_seed_of_the_question_the_same_music_is_followed_by_the_same() -> None:
    engine = engine_that_heard(PHRASE)
    before = engine.snapshot()
    first = played_on(engine, 20, seed=5)
    engine.restore(before)
    assert played_on(engine, 20, seed=5) == first


def test_looking_ahead_and_going_back_leaves_no_trace() -> None:
    wandered = engine_that_heard(PHRASE[:4])
    snapshot = wandered.snapshot()
    played_on(wandered, 20)
    wandered.restore(snapshot)
    for event in PHRASE[4:]:
        wandered.prime(event)
    assert wandered.snapshot() == engine_that_heard(PHRASE).snapshot()


def test_a_bar_is_drawn_once_and_played_to_its_end() -> None:
    machine = DiceGibbs()
    engine = engine_that_heard(PHRASE, machine=machine)
    engine.prime(engine.sample(constraints()))
    drawn = machine.painted
    while (left := engine.snapshot().foreseen.events) and machine.painted == drawn:
        sounding = frozenset(note.pitch for note in engine.snapshot().sounding)
        engine.prime(engine.sample(constraints(taken=sounding, releases=sounding)))
        assert len(engine.snapshot().foreseen.events) < len(left)
    assert machine.painted == drawn


def test_another_note_than_was_foreseen_has_the_bar_drawn_anew() -> None:
    machine = DiceGibbs()
    engine = engine_that_heard(PHRASE, machine=machine)
    engine.sample(constraints())
    drawn = machine.painted
    engine.prime(MusicEvent(0.01, Velocity(80), Pitch(126)))
    engine.sample(constraints())
    assert machine.painted > drawn


def test_what_was_heard_is_clamped_and_so_is_what_the_player_holds() -> None:
    machine = DiceGibbs()
    held = MusicEvent(0.5, Velocity(80), Pitch(60))
    engine = engine_that_heard([*PHRASE, held], machine=machine)
    engine.sample(constraints(releases=frozenset(), taken=frozenset({Pitch(60), Pitch(72)})))
    frames, clamp = machine.clamps[-1]
    given = Manner().given
    assert clamp[:given].all()
    assert frames[given, STRUCK].sum() == 1
    key = int(np.flatnonzero(frames[given, STRUCK])[0])
    assert clamp[given:, :, key].all()
    assert frames[given + 1 :, HELD, key].all()


def test_chords_come_under_a_note_that_was_struck_just_now() -> None:
    engine = engine_that_heard([MusicEvent(0.0, Velocity(80), Pitch(72))], machine=DiceGibbs(strikes=0.5))
    asked = constraints(releases=frozenset(), onsets=frozenset(map(Pitch, range(36, 60))))
    event = engine.sample(asked)
    assert event.velocity
    assert event.dt == 0.0
    assert event.pitch < 60


def test_more_notes_come_where_more_are_asked_for() -> None:
    counts = [
        sum(event.velocity > 0 for event in played) / sum(event.dt for event in played)
        for density in (1.0, 12.0)
        for played in [played_on(engine_that_heard(PHRASE), 200, guide=Guide(density=density))]
    ]
    assert counts[0] < counts[1] / 2


def test_it_plays_as_loud_as_is_asked_for_and_else_as_loud_as_it_hears() -> None:
    asked = constraints(guide=Guide(loudness=30.0), releases=frozenset())
    assert engine_that_heard(PHRASE).sample(asked).velocity == 30
    heard = engine_that_heard(PHRASE).sample(constraints(releases=frozenset()))
    assert 70 <= heard.velocity <= 90


def test_it_can_begin_out_of_nothing() -> None:
    engine = RbmEngine(DiceGibbs(), seed=1)
    event = engine.sample(constraints(releases=frozenset(), taken=frozenset(), longest_dt=0.0))
    assert event.velocity
    assert event.dt == 0.0
