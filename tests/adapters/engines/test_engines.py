"""What every engine does, whatever it plays from.

What is asked for is obeyed, what was heard is a value, and chance is the seed's.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.kinds import maker_of
from antiphon.core.engine import Constraints, MusicEvent, PromptEngine, SeededEngine
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Velocity
from antiphon.settings import ENGINES
from default_config import loaded

Make = Callable[[int], PromptEngine]

pitches = st.integers(0, 127).map(Pitch)
events = st.builds(
    MusicEvent,
    dt=st.floats(0.0, 6.0, width=32),
    velocity=st.one_of(st.just(0), st.integers(1, 127)).map(Velocity),
    pitch=pitches,
    is_players=st.booleans(),
)
IN_C = (0.2, 0.0, 0.15, 0.0, 0.2, 0.1, 0.0, 0.2, 0.0, 0.1, 0.0, 0.05)
guides = st.sampled_from([Guide(), Guide(register=100.0, pitch_classes=IN_C), Guide(3.0, 90.0, 40.0)])

PHRASE = [
    MusicEvent(dt, Velocity(velocity), Pitch(pitch), is_players=True)
    for dt, velocity, pitch in [
        (0.0, 80, 60), (0.2, 70, 64), (0.1, 0, 60), (0.0, 0, 64), (0.05, 75, 67), (0.5, 90, 72), (1.5, 0, 67),
    ]
]  # fmt: skip
SOUNDING = frozenset({Pitch(72)})
KEYS = frozenset(map(Pitch, range(21, 109)))

ANYHOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=ENGINES, scope="module")
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    learnt = tmp_path_factory.mktemp("learnt") / "learnt.markov"
    return maker_of(loaded(f"engine.kind={request.param}", f"markov.file='{learnt}'").config).make


def constraints(**changes: Any) -> Constraints:
    """Return what the improviser asks of an answer in its midst, with some of it changed."""
    usual: dict[str, Any] = {
        "shortest_dt": 0.0,
        "longest_dt": 4.0,
        "onsets": KEYS,
        "taken": SOUNDING,
        "releases": SOUNDING,
        "temperature": 1.0,
        "min_p": 0.02,
        "blend": 0.5,
    }
    return Constraints(**(usual | changes))


def engine_that_heard(make: Make, phrase: Iterable[MusicEvent], seed: int = 1) -> PromptEngine:
    engine = make(seed)
    for event in phrase:
        engine.prime(event)
    return engine


def played_on(engine: PromptEngine, events: int = 20, **changes: Any) -> list[MusicEvent]:
    """Return what the engine plays when it hears itself."""
    sounding = set(SOUNDING)
    played = []
    for _ in range(events):
        now = frozenset(sounding)
        event = engine.sample(constraints(taken=now, releases=now, **changes))
        engine.prime(event)
        (sounding.add if event.velocity else sounding.discard)(event.pitch)
        played.append(event)
    return played


@given(
    heard=st.lists(events, max_size=6),
    onsets=st.frozensets(pitches, max_size=8),
    taken=st.frozensets(pitches, max_size=3),
    releases=st.frozensets(pitches, max_size=3),
    shortest=st.floats(0.0, 6.0),
    span=st.one_of(st.just(0.0), st.floats(0.0, 6.0)),
    manner=st.fixed_dictionaries(
        {
            "temperature": st.sampled_from([0.0, 0.3, 1.0, 2.0]),
            "min_p": st.sampled_from([0.0, 0.02, 1.0]),
            "guide": guides,
            "seed": st.sampled_from([None, 3]),
            "blend": st.sampled_from([0.0, 0.4, 0.95, 1.0]),
            "left": st.sampled_from([0.1, 20.0]),
        }
    ),
)
@ANYHOW
def test_what_is_asked_for_is_obeyed(
    make: Make,
    heard: list[MusicEvent],
    onsets: frozenset[Pitch],
    taken: frozenset[Pitch],
    releases: frozenset[Pitch],
    shortest: float,
    span: float,
    manner: dict[str, Any],
) -> None:
    """Whatever was heard: also where the engine itself thinks that nothing which is allowed can be."""
    if onsets <= taken and not releases:
        onsets, taken = frozenset({Pitch(60)}), frozenset()
    asked = Constraints(
        shortest, shortest + span, frozenset() if onsets <= taken else onsets, releases, taken=taken, **manner
    )
    event = engine_that_heard(make, heard).sample(asked)
    assert shortest <= event.dt <= shortest + span
    assert event.pitch in (asked.onsets - taken if event.velocity else releases)
    assert 0 <= event.velocity <= 127


@pytest.mark.parametrize("dt", [0.0, 0.004, 0.3333, 4.0, 5.5])
def test_a_time_that_is_forced_is_kept_to_the_letter(make: Make, dt: float) -> None:
    assert engine_that_heard(make, PHRASE).sample(constraints(shortest_dt=dt, longest_dt=dt)).dt == dt


def test_looking_ahead_and_going_back_leaves_no_trace(make: Make) -> None:
    wandered = engine_that_heard(make, PHRASE[:4])
    snapshot = wandered.snapshot()
    played_on(wandered)
    wandered.restore(snapshot)
    for event in PHRASE[4:]:
        wandered.prime(event)
    straight = engine_that_heard(make, PHRASE)
    assert played_on(wandered, temperature=0.0) == played_on(straight, temperature=0.0)


def test_a_snapshot_is_not_changed_by_what_is_heard_after(make: Make) -> None:
    engine = engine_that_heard(make, PHRASE)
    snapshot = engine.snapshot()
    first = played_on(engine, temperature=0.0)
    for _ in range(2):
        engine.restore(snapshot)
        assert played_on(engine, temperature=0.0) == first


def test_asking_does_not_change_what_was_heard(make: Make) -> None:
    asked, unasked = engine_that_heard(make, PHRASE), engine_that_heard(make, PHRASE)
    asked.sample(constraints(releases=frozenset()))
    asked.sample(constraints(temperature=1.5))
    assert played_on(asked, temperature=0.0) == played_on(unasked, temperature=0.0)


def test_temperature_zero_ignores_the_seed(make: Make) -> None:
    for heard in (PHRASE, []):
        one, other = (engine_that_heard(make, heard, seed) for seed in (1, 2))
        assert played_on(one, temperature=0.0) == played_on(other, temperature=0.0)


def test_the_same_seed_plays_the_same_and_another_something_else(make: Make) -> None:
    first, again, other = (played_on(engine_that_heard(make, PHRASE, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_given_another_seed_it_draws_as_one_that_was_made_with_it(make: Make) -> None:
    reseeded = make(1)
    silence = reseeded.snapshot()
    for event in PHRASE:
        reseeded.prime(msgspec.structs.replace(event, is_players=False))
    played_on(reseeded)
    reseeded.restore(silence)
    assert isinstance(reseeded, SeededEngine)
    reseeded.reseed(2)
    other = make(2)
    for event in PHRASE:
        other.prime(msgspec.structs.replace(event, is_players=False))
        reseeded.prime(msgspec.structs.replace(event, is_players=False))
    assert played_on(reseeded) == played_on(other)


def test_a_seed_that_is_asked_for_is_followed_by_the_same_whoever_is_asked(make: Make) -> None:
    one, other = (engine_that_heard(make, PHRASE, seed) for seed in (1, 2))
    assert played_on(one, seed=5) == played_on(other, seed=5)
    assert played_on(engine_that_heard(make, PHRASE), seed=6) != played_on(
        engine_that_heard(make, PHRASE), seed=5
    )


def test_an_engine_that_has_heard_nothing_begins_near_the_middle(make: Make) -> None:
    event = make(1).sample(constraints(shortest_dt=0.1, taken=frozenset(), releases=frozenset()))
    assert event.dt == 0.1
    assert event.velocity > 0
    assert 48 <= event.pitch <= 72
