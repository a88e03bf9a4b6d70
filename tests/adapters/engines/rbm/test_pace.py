"""The player's pace, found in onsets alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.engines.rbm.pace import LONGEST, SHORTEST, USUAL, pace_of


@pytest.mark.parametrize("step", [0.095, 0.107, 0.125, 0.15, 0.17])
@pytest.mark.parametrize("rhythm", [(2, 2, 2, 2), (4, 2, 2), (3, 1, 2, 2), (1, 1, 2, 4)])
def test_the_step_of_a_rhythm_is_found_or_one_of_simple_proportion_to_it(
    step: float, rhythm: tuple[int, ...]
) -> None:
    steps = np.cumsum(rhythm * 6)
    found = pace_of((step * steps).tolist())
    grids = [step * ratio for ratio in (0.5, 1.0, 2.0, 4 / 3, 2 / 3)]
    assert any(found == pytest.approx(grid, rel=0.02) for grid in grids)


def test_even_notes_at_a_usual_tempo_are_eighths_of_it() -> None:
    assert pace_of([0.25 * number for number in range(16)]) == pytest.approx(0.125, rel=0.02)


def test_a_hand_that_is_not_even_is_followed_all_the_same() -> None:
    random = np.random.default_rng(1)
    onsets = 0.22 * np.arange(20) + random.normal(0.0, 0.008, 20)
    assert pace_of(sorted(onsets.tolist())) == pytest.approx(0.11, rel=0.03)


def test_a_chord_is_one_onset_and_too_few_say_nothing() -> None:
    assert pace_of([]) == USUAL
    assert pace_of([0.0, 0.01, 0.02, 0.4, 0.41]) == USUAL


@given(st.lists(st.floats(0.0, 5.0), max_size=40))
def test_whatever_is_played_has_some_pace(gaps: list[float]) -> None:
    assert SHORTEST <= pace_of(np.cumsum(gaps).tolist()) <= LONGEST
