import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.resonators import BINS, BINS_IN_AN_OCTAVE, LOWEST, Resonators, bin_of


def struck(*moments: float) -> Resonators:
    resonators = Resonators()
    for moment in moments:
        resonators.strike(1.0, moment)
    return resonators


def test_what_comes_twice_a_second_is_strongest_at_two_hertz_and_an_octave_above() -> None:
    strengths = struck(*(0.5 * stroke for stroke in range(30))).strengths()
    for frequency in (2.0, 4.0):
        place = round(bin_of(frequency))
        assert max(strengths[place - 1 : place + 2]) > 0.7
        half_an_octave_off = place - BINS_IN_AN_OCTAVE // 2
        assert strengths[half_an_octave_off] < 0.5


def test_what_comes_at_random_is_strong_nowhere() -> None:
    drawn = random.Random(3)
    moments = sorted(drawn.uniform(0.0, 30.0) for _ in range(200))
    strengths = struck(*moments).strengths()
    assert max(strengths[round(bin_of(1.0)) : round(bin_of(4.0))]) < 0.5


def test_what_has_ceased_is_forgotten() -> None:
    quick = [0.25 * stroke for stroke in range(40)]
    then_slow = [10.0 + 0.6 * stroke for stroke in range(30)]
    strengths = struck(*quick, *then_slow).strengths()
    slow, former = round(bin_of(1 / 0.6)), round(bin_of(4.0))
    assert strengths[slow] > 0.75
    assert strengths[former] < 0.4


def test_bins_lie_evenly_in_an_octave() -> None:
    assert bin_of(LOWEST) == 0.0
    assert bin_of(2 * LOWEST) == pytest.approx(BINS_IN_AN_OCTAVE)


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 10.0)), max_size=20))
def test_no_strength_is_below_none_or_above_all(strokes: list[tuple[float, float]]) -> None:
    resonators, now = Resonators(), 0.0
    for wait, weight in strokes:
        now += wait
        resonators.strike(weight, now)
    strengths = resonators.strengths()
    assert len(strengths) == BINS
    assert all(0.0 <= strength <= 1.0 for strength in strengths)
