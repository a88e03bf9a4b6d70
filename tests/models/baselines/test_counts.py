"""Counts and the distributions that they make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_models.baselines.counts import count, packed, refine

VALUES = 5
UNIFORM = np.full((1, VALUES), 1 / VALUES)

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, VALUES - 1)), max_size=60)


def in_context(context: int, seen: list[tuple[int, int]], theta: float = 0.5) -> list[float]:
    contexts, values = np.array(seen, np.int64).reshape(-1, 2).T
    finer: list[float] = refine(UNIFORM, count(contexts, values, theta), np.array([context]))[0].tolist()
    return finer


@given(seen=pairs, context=st.integers(0, 4), theta=st.floats(0.01, 100))
def test_a_distribution_sums_to_one(seen: list[tuple[int, int]], context: int, theta: float) -> None:
    chances = in_context(context, seen, theta)
    assert sum(chances) == pytest.approx(1.0, abs=1e-6)
    assert min(chances) > 0


@given(seen=pairs)
def test_a_context_that_was_never_seen_tells_nothing_new(seen: list[tuple[int, int]]) -> None:
    assert in_context(9, seen) == UNIFORM[0].tolist()


def test_what_was_seen_more_often_is_likelier() -> None:
    chances = in_context(1, [(1, 2)] * 6 + [(1, 0)] * 2 + [(0, 3)] * 9)
    assert chances[2] > chances[0] > chances[1] == chances[3] == chances[4]


def test_much_evidence_leaves_little_of_the_coarser_distribution() -> None:
    chances = in_context(1, [(1, 2)] * 3000 + [(1, 0)] * 1000)
    assert chances[2] == pytest.approx(0.75, abs=2e-3)
    assert chances[0] == pytest.approx(0.25, abs=2e-3)


def test_the_rule_is_that_of_a_pitman_yor_process() -> None:
    """Twice one value and once another: with no counts of three and four each, the estimates are at hand."""
    theta, ones, twos = 2.0, 1, 1
    share = ones / (ones + 2 * twos)
    of_one = 1 - 2 * share * twos / ones
    of_two = 2 - 3 * share * 1 / twos
    rest = (theta + of_one + of_two) / (theta + 3)
    chances = in_context(0, [(0, 1), (0, 1), (0, 4)], theta)
    assert chances[1] == pytest.approx((2 - of_two) / (theta + 3) + rest / VALUES)
    assert chances[4] == pytest.approx((1 - of_one) / (theta + 3) + rest / VALUES)
    assert chances[0] == pytest.approx(rest / VALUES)


def test_offsets_move_what_was_counted_and_drop_what_falls_outside() -> None:
    counts = count(np.zeros(4, np.int64), np.array([0, 0, 3, 3]), theta=1e-9)
    moved = refine(np.zeros((2, VALUES)), counts, np.zeros(2, np.int64), np.array([1, 2]))
    assert np.flatnonzero(moved[0]).tolist() == [1, 4]
    assert np.flatnonzero(moved[1]).tolist() == [2]


def test_the_coarser_distributions_are_left_as_they_were() -> None:
    coarser = UNIFORM.copy()
    refine(coarser, count(np.zeros(3, np.int64), np.array([1, 1, 2]), 1.0), np.zeros(1, np.int64))
    assert coarser.tolist() == UNIFORM.tolist()


def test_different_columns_make_different_numbers_however_many_there_are() -> None:
    rng = np.random.default_rng(1)
    columns = [rng.integers(0, 3, 500) for _ in range(4)] + [rng.integers(0, 40_000, 500) for _ in range(5)]
    sizes = [3] * 4 + [40_000] * 5
    numbers = packed(list(columns), sizes, 500)
    doubled = packed([np.append(column, column) for column in columns], sizes, 1000)
    assert len(np.unique(numbers)) == len(np.unique(np.stack(columns), axis=1).T)
    assert doubled[:500].tolist() == doubled[500:].tolist()
    assert numbers.min() >= 0


def test_no_columns_make_one_number() -> None:
    assert packed([], [], 3).tolist() == [0, 0, 0]
