"""The vocabulary: three small integers for a MIDI event."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_models import vocab


def test_the_grid_is_fine_near_zero_and_coarse_near_its_end() -> None:
    grid = vocab.DT_GRID
    assert len(grid) == vocab.DT_BINS
    assert grid[0] == 0.0
    assert grid[1] == pytest.approx(0.010)
    assert grid[-1] == pytest.approx(4.0)
    steps = [later - sooner for sooner, later in pairwise(grid)]
    assert steps[: vocab.LINEAR_BINS - 1] == pytest.approx([0.010] * (vocab.LINEAR_BINS - 1))
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(steps))


@given(st.floats(0.0, 10.0))
def test_a_time_falls_into_the_nearest_bin(seconds: float) -> None:
    distance = abs(vocab.DT_GRID[vocab.dt_bin(seconds)] - seconds)
    assert distance == pytest.approx(min(abs(centre - seconds) for centre in vocab.DT_GRID))


@given(st.integers(0, vocab.DT_BINS - 1))
def test_the_centre_of_a_bin_falls_into_it(bin_: int) -> None:
    assert vocab.dt_bin(vocab.DT_GRID[bin_]) == bin_


def test_a_velocity_comes_back_from_its_class_almost_as_it_was() -> None:
    assert vocab.velocity_class(0) == vocab.RELEASE
    assert vocab.velocity_of(vocab.RELEASE) == 0
    for velocity in range(1, 128):
        class_ = vocab.velocity_class(velocity)
        assert 1 <= class_ < vocab.VELOCITY_CLASSES
        assert abs(vocab.velocity_of(class_) - velocity) <= vocab.VELOCITY_STEP / 2


def test_a_velocity_of_a_class_is_of_that_class() -> None:
    for class_ in range(vocab.VELOCITY_CLASSES):
        velocity = vocab.velocity_of(class_)
        assert 0 <= velocity <= 127
        assert vocab.velocity_class(velocity) == class_


def test_the_fingerprint_is_the_one_that_weights_were_trained_with() -> None:
    """A change here makes every model useless; if it is meant, all have to be trained anew."""
    assert vocab.fingerprint() == "09db5314287d1194"
