"""The Markov engine: what it learns from, and what an answer holds at certain places.

That it obeys what is asked of it like every other engine, ``test_engines`` proves.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.markov.engine import Line, MarkovEngine, home_of
from antiphon.adapters.engines.markov.learner import Learner
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Velocity
from antiphon_models import shelf, vocab
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table

TABLE = Table.read(shelf.SHIPPED / "markov" / shelf.TABLE_FILE)
IN_C = Guide(pitch_classes=(0.2, 0.0, 0.15, 0.0, 0.2, 0.1, 0.0, 0.2, 0.0, 0.1, 0.0, 0.05))
KEYS = frozenset(map(Pitch, range(21, 109)))


def engine(line: Line | None = None, seed: int = 1) -> MarkovEngine:
    return MarkovEngine(Learner(Style(TABLE), 10), seed, line)


def asked(**changes: Any) -> Constraints:
    usual: dict[str, Any] = {
        "shortest_dt": 0.0,
        "longest_dt": 4.0,
        "onsets": KEYS,
        "releases": frozenset(),
        "temperature": 1.0,
        "min_p": 0.03,
        "guide": IN_C,
    }
    return Constraints(**(usual | changes))


def note(pitch: int, dt: float = 0.3, is_players: bool = True) -> list[MusicEvent]:
    return [
        MusicEvent(dt, Velocity(80), Pitch(pitch), is_players=is_players),
        MusicEvent(0.2, Velocity(0), Pitch(pitch), is_players=is_players),
    ]


def test_it_learns_from_the_player_and_not_from_itself() -> None:
    plays = engine()
    for event in [*note(60), *note(64), *note(67, is_players=False)]:
        plays.prime(event)
    assert plays.learner.style.events == 4


def test_what_is_learnt_stays_when_it_goes_back_in_time() -> None:
    plays = engine()
    nothing = plays.snapshot()
    for event in note(60):
        plays.prime(event)
    plays.restore(nothing)
    assert plays.learner.style.events == 2


def test_after_a_minute_it_plays_what_the_player_plays() -> None:
    plays = engine()
    for _ in range(30):
        for pitch in (60, 61, 66):
            for event in note(pitch):
                plays.prime(event)
    struck = []
    for _ in range(60):
        event = plays.sample(asked(guide=Guide(), releases=frozenset(map(Pitch, plays.heard.past.sounding))))
        plays.prime(event)
        struck += [int(event.pitch)] if event.velocity else []
    own = sum(pitch in (60, 61, 66) for pitch in struck)
    assert own > 0.8 * len(struck)


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_it_begins_on_the_tonic_and_does_without_what_it_avoids(seed: int) -> None:
    plays = engine(Line(starts_at_home=True, avoids=frozenset({0, 5, 11})), seed)
    for event in note(61):
        plays.prime(event)
    first = plays.sample(asked())
    assert first.pitch % 12 in home_of(IN_C) - {0}
    plays.prime(first)
    for _ in range(10):
        event = plays.sample(asked())
        assert event.pitch % 12 not in {0, 5, 11}
        plays.prime(event)


def test_where_nothing_else_may_be_played_it_does_not_avoid() -> None:
    plays = engine(Line(starts_at_home=True, avoids=frozenset({1})))
    for event in note(61):
        plays.prime(event)
    assert plays.sample(asked(onsets=frozenset({Pitch(61)}))).pitch == 61


@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0, 3.0]))
@settings(max_examples=40, deadline=None)
def test_where_its_time_runs_out_it_ends_on_the_tonic(seed: int, left: float) -> None:
    plays = engine(Line(ends_at_home=True), seed)
    for event in [*note(66), *note(61, is_players=False)]:
        plays.prime(event)
    last = 61
    while True:
        event = plays.sample(asked(left=left))
        if event.dt > left:
            break
        plays.prime(event)
        left, last = left - event.dt, int(event.pitch)
    assert last % 12 in home_of(IN_C)


def test_a_guide_draws_it_into_its_key_and_register() -> None:
    plays = engine()
    for event in note(60):
        plays.prime(event)
    free, high = (
        [plays.sample(asked(guide=guide)).pitch for _ in range(80)]
        for guide in (Guide(), Guide(register=84.0, pitch_classes=IN_C.pitch_classes))
    )
    assert sum(high) / 80 > sum(free) / 80 + 3
    assert sum(pitch % 12 in (0, 2, 4, 5, 7, 9, 11) for pitch in high) > 70
    assert home_of(Guide()) == frozenset()


@pytest.mark.parametrize("temperature", [0.2, 2.0])
def test_temperature_makes_it_more_or_less_daring(temperature: float) -> None:
    plays = engine()
    for event in note(60):
        plays.prime(event)
    usual, changed = (
        len({plays.sample(asked(temperature=each, min_p=0.0)).pitch for _ in range(100)})
        for each in (1.0, temperature)
    )
    assert (changed > usual) == (temperature > 1.0)


def test_it_says_when_it_expects_the_next_event_and_learns_nothing_by_it() -> None:
    plays = engine()
    assert plays.timing() is None
    for _ in range(30):
        plays.prime(MusicEvent(0.5, Velocity(80), Pitch(60), is_players=True))
        plays.prime(MusicEvent(0.1, Velocity(0), Pitch(60), is_players=True))
    timing = plays.timing()
    assert timing is not None
    assert len(timing) == vocab.DT_BINS
    assert sum(timing) == pytest.approx(1.0)
    assert max(range(vocab.DT_BINS), key=timing.__getitem__) == vocab.dt_bin(0.5)
    assert plays.timing() == timing
