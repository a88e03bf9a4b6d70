"""The guide as the network hears it."""

import numpy as np
import pytest

from antiphon_models.guide import WIDTH, guide, likeness

C_MAJOR_TRIAD = [0.5, 0, 0, 0, 0.25, 0, 0, 0.25, 0, 0, 0, 0]


def test_what_is_unset_is_nothing() -> None:
    assert guide().tolist() == [0.0] * WIDTH


def test_each_side_of_a_guide_has_its_own_place_and_flag() -> None:
    whole = guide(density=8.0, loudness=96.0, register=72.0, pitch_classes=C_MAJOR_TRIAD)
    parts = [guide(density=8.0), guide(loudness=96.0), guide(register=72.0)]
    parts.append(guide(pitch_classes=C_MAJOR_TRIAD))
    assert np.array_equal(whole, np.sum(parts, axis=0))
    assert [int((part == 1.0).sum()) for part in parts[:3]] == [1, 2, 2]
    assert (np.count_nonzero(parts, axis=0) <= 1).all()


def test_what_is_usual_is_near_zero_and_still_set() -> None:
    assert guide(density=4.0, loudness=64.0, register=60.0)[:6].tolist() == [0, 1, 0, 1, 0, 1]


def test_a_likeness_sums_up_some_onsets() -> None:
    density, loudness, register, classes = likeness(
        2.0, np.array([60.0, 80.0, 70.0, 70.0]), np.array([60, 72, 64, 67], np.int32)
    )
    assert (density, loudness, register) == (2.0, 70.0, 65.75)
    assert classes.tolist() == C_MAJOR_TRIAD


def test_a_guide_of_a_likeness_is_what_a_daemon_asks_for_in_its_own_words() -> None:
    density, loudness, register, classes = likeness(2.0, np.array([64.0] * 8), np.array([60] * 8, np.int32))
    assert guide(density, loudness, register, classes.tolist()).tolist() == pytest.approx(
        [0, 1, 0, 1, 0, 1, 4.0, *[0] * 11, 1]
    )
