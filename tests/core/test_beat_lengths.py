import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.beat_lengths import CANDIDATES, LONGEST, SHORTEST, likelihoods, peak_of, strengths_at
from antiphon.core.resonators import BINS, Resonators


def heard(*layers: tuple[float, float]) -> list[float]:
    """The strengths when several layers are struck for twenty seconds, each as (seconds, weight)."""
    resonators = Resonators()
    strokes = sorted(
        (interval * number, weight) for interval, weight in layers for number in range(int(20 / interval))
    )
    for at, weight in strokes:
        resonators.strike(weight, at)
    return resonators.strengths()


@pytest.mark.parametrize("beat", [0.4, 0.5, 0.6, 0.75])
def test_a_beat_with_its_halves_and_its_bar_is_the_likeliest(beat: float) -> None:
    strengths = heard((beat, 1.0), (beat / 2, 0.6), (2 * beat, 0.8))
    assert peak_of(likelihoods(strengths)) == pytest.approx(beat, rel=0.01)


def test_where_nothing_is_heard_a_usual_length_is_likeliest() -> None:
    assert 0.5 < peak_of(likelihoods([0.0] * BINS)) < 0.9


def test_what_is_read_at_a_frequency_is_what_is_strong_there() -> None:
    strengths = heard((0.5, 1.0))
    read = list(strengths_at(1.0, strengths))
    assert len(read) == len(CANDIDATES)
    strongest = CANDIDATES[read.index(max(read))]
    assert strongest == pytest.approx(0.5, rel=0.03)


def test_nothing_is_read_where_nobody_plays_as_fast() -> None:
    assert next(strengths_at(6.0, [1.0] * BINS)) == 0.0
    assert list(strengths_at(6.0, [1.0] * BINS))[-1] == pytest.approx(1.0)


@given(st.lists(st.floats(0.0, 1.0), min_size=BINS, max_size=BINS))
def test_the_likeliest_is_about_one_of_the_candidates(strengths: list[float]) -> None:
    assert 0.9 * SHORTEST < peak_of(likelihoods(strengths)) < 1.1 * LONGEST
