"""Draws from chances."""

from random import Random

import numpy as np

from antiphon_models.markov.drawing import drawn_below, drawn_of


def test_what_has_no_weight_is_never_drawn() -> None:
    assert {drawn_of(np.array([0.0, 2.0, 0.0, 1.0]), Random(seed)) for seed in range(40)} == {1, 3}


def test_where_nothing_has_any_weight_anything_is_drawn() -> None:
    assert {drawn_of(np.zeros(3), Random(seed)) for seed in range(40)} == {0, 1, 2}


def test_sums_that_were_made_before_draw_the_same() -> None:
    weights = np.array([0.1, 0.0, 0.7, 0.2])
    for seed in range(40):
        assert drawn_below(np.cumsum(weights), Random(seed)) == drawn_of(weights, Random(seed))
