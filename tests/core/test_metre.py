import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.metre import JUST_PASSED, Metre

AT_100 = Metre(at=10.0, beat=8.0, period=0.6, bar=4, source="clock")


def test_beats_and_moments_are_told_from_each_other() -> None:
    assert AT_100.bpm == pytest.approx(100.0)
    assert AT_100.beat_at(10.3) == pytest.approx(8.5)
    assert AT_100.moment_of(12.0) == pytest.approx(12.4)


def test_the_next_beat_and_bar_are_those_that_come() -> None:
    assert AT_100.next_of(1, 10.1) == pytest.approx(10.6)
    assert AT_100.next_of(4, 10.1) == pytest.approx(12.4)


def test_a_beat_that_has_only_just_passed_is_not_missed() -> None:
    assert AT_100.next_of(1, 10.0 + 0.9 * JUST_PASSED) == 10.0 + 0.9 * JUST_PASSED
    assert AT_100.next_of(1, 10.0 + 1.1 * JUST_PASSED) == pytest.approx(10.6)


@given(
    at=st.floats(0.0, 1e6),
    beat=st.floats(-1e4, 1e4),
    period=st.floats(0.2, 2.0),
    after=st.floats(-100.0, 1000.0),
    every=st.integers(1, 16),
)
def test_the_next_beat_is_never_past_and_never_farther_than_one(
    at: float, beat: float, period: float, after: float, every: int
) -> None:
    metre = Metre(at, beat, period, 4, "playing")
    moment = at + after
    following = metre.next_of(every, moment)
    assert moment <= following <= moment + every * period
    off = metre.beat_at(following) / every
    assert abs(off - round(off)) * every * period <= JUST_PASSED + 1e-6
