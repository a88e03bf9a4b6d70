"""Gates: they open to who was right, never wholly, and forget what was long ago."""

import numpy as np
import pytest

from antiphon_models.markov.gates import (
    MEMORY,
    STRENGTH,
    TRUST,
    WIDEST,
    first_gates,
    gates_by_field,
    learnt_by,
)
from antiphon_models.markov.table import GATES, LEVELS


def openness(gate: list[float]) -> float:
    return gate[0] / gate[1]


def test_of_each_context_of_each_field_there_are_gates_that_are_nearly_shut() -> None:
    by_field = gates_by_field(first_gates())
    assert [len(levels) for levels in by_field] == [*LEVELS]
    assert {len(level) for levels in by_field for level in levels} == {GATES}
    assert openness(by_field[2][5][3]) == pytest.approx(TRUST)


def test_what_a_table_says_of_a_gate_counts_for_a_few_events() -> None:
    gates = first_gates()
    gates[0, 0] = 300.0, 400.0
    assert gates_by_field(gates)[0][0][0] == pytest.approx([0.75 * STRENGTH, STRENGTH])


def test_a_gate_opens_to_a_context_that_was_right_and_shuts_to_one_that_was_wrong() -> None:
    right, wrong = [1.0, 10.0], [1.0, 10.0]
    learnt_by(right, 0.9, 0.1)
    learnt_by(wrong, 0.0, 0.1)
    assert openness(right) > 0.1 > openness(wrong)


def test_behind_a_gate_a_chance_is_mixed_as_far_as_it_is_open() -> None:
    assert learnt_by([1.0, 4.0], 0.8, 0.4) == pytest.approx(0.75 * 0.4 + 0.25 * 0.8)


def test_a_gate_is_never_wholly_open_and_remembers_a_bounded_number_of_events() -> None:
    gate = [TRUST, 1.0]
    for _ in range(2000):
        learnt_by(gate, 1.0, 0.0)
        assert gate[1] <= MEMORY
    assert openness(gate) == pytest.approx(WIDEST)
    assert np.isfinite(gate).all()
