"""What followed each context of a field: mixed in, drawn from, forgotten again."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_models import vocab
from antiphon_models.markov.contexts import DT, INTERVAL, RANK, UNISON
from antiphon_models.markov.gates import first_gates, gates_by_field
from antiphon_models.markov.outcomes import LATEST, Fading, Outcomes
from antiphon_models.markov.table import LEVELS

EVENLY = np.full(vocab.DT_BINS, 1 / vocab.DT_BINS)


def outcomes_of(field: int, decay: float = 0.0) -> Outcomes:
    return Outcomes(field, gates_by_field(first_gates())[field], Fading(decay))


def contexts_of(field: int, number: int) -> tuple[int, ...]:
    return (number,) * LEVELS[field]


@given(
    learnt=st.lists(st.tuples(st.integers(0, 3), st.integers(0, vocab.DT_BINS - 1)), max_size=80),
    decay=st.sampled_from([0.0, 0.1]),
)
@settings(deadline=None)
def test_what_is_mixed_sums_to_1_and_favours_what_was_learnt(
    learnt: list[tuple[int, int]], decay: float
) -> None:
    outcomes = outcomes_of(DT, decay)
    for number, value in learnt:
        outcomes.learn(contexts_of(DT, number), value, 1 / vocab.DT_BINS)
    mixed = outcomes.mixed(contexts_of(DT, 0), EVENLY)
    assert mixed.sum() == pytest.approx(1.0)
    assert mixed.min() >= 0.0
    values = [value for number, value in learnt if number == 0]
    assert all(mixed[value] > EVENLY[value] for value in values[-1:])


def test_where_nothing_was_learnt_the_chances_are_those_of_the_table() -> None:
    outcomes = outcomes_of(DT)
    assert np.array_equal(outcomes.mixed(contexts_of(DT, 1), EVENLY), EVENLY)
    assert outcomes.drawn(contexts_of(DT, 1), Random(1)) is None


def test_an_interval_is_told_as_the_pitch_that_it_leads_to_and_one_that_leads_nowhere_is_left_out() -> None:
    outcomes, base = outcomes_of(INTERVAL), np.full(vocab.PITCHES, 1 / vocab.PITCHES)
    for _ in range(20):
        outcomes.learn(contexts_of(INTERVAL, 1), 67, 1 / vocab.PITCHES, UNISON + 7)
    seven_above = outcomes.mixed(contexts_of(INTERVAL, 1), base, 50 - UNISON)
    assert seven_above[57] > base[57]
    beyond = outcomes.mixed(contexts_of(INTERVAL, 1), base, 125 - UNISON)
    assert beyond.sum() == pytest.approx(1.0)


def test_what_is_drawn_was_learnt() -> None:
    outcomes, keys = outcomes_of(RANK), contexts_of(RANK, 1)
    for value in (2, 3) * 30:
        outcomes.learn(keys, value, 0.1)
    drawn = {outcomes.drawn(keys, Random(seed)) for seed in range(60)}
    assert drawn - {None} == {2, 3}


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_what_was_learnt_first_is_forgotten_first(decay: float) -> None:
    told, only = outcomes_of(DT, decay), outcomes_of(DT, decay)
    keys, values = contexts_of(DT, 1), [*range(LATEST + 8)]
    for value in values:
        told.learn(keys, value, 1 / vocab.DT_BINS)
    for value in values[:-1]:
        told.forget(keys, value)
    only.learn(keys, values[-1], 1 / vocab.DT_BINS)
    # What the gates have learnt stays.
    only.gates[:] = told.gates
    assert np.allclose(told.mixed(keys, EVENLY), only.mixed(keys, EVENLY), atol=1e-6)
    told.forget(keys, values[-1])
    assert np.array_equal(told.mixed(keys, EVENLY), EVENLY)


def test_a_copy_goes_its_own_way() -> None:
    outcomes, keys = outcomes_of(DT), contexts_of(DT, 1)
    for value in [3] * (LATEST + 2):
        outcomes.learn(keys, value, 0.1)
    copy, before = outcomes.copy(), outcomes.mixed(keys, EVENLY)
    assert np.array_equal(copy.mixed(keys, EVENLY), before)
    for _ in range(9):
        copy.learn(keys, 40, 0.1)
    assert np.array_equal(outcomes.mixed(keys, EVENLY), before)
    assert copy.mixed(keys, EVENLY)[40] > before[40]


def test_where_outcomes_fade_the_latest_weighs_most() -> None:
    fading = Fading(0.2)
    assert sum(fading.shares[5]) == pytest.approx(1.0)
    assert [*fading.shares[5]] == sorted(fading.shares[5])
    assert fading.share_of(7, bytes([7, 9])) < 0.5 < fading.share_of(9, bytes([7, 9]))
    assert Fading(0.0).share_of(7, bytes([7, 9])) == 0.5
