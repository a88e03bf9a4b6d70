"""The histogram, held against durations that were kept one by one."""

from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.histogram import BUCKETS_PER_OCTAVE, SHORTEST, Histogram, Summary

durations = st.floats(SHORTEST, 250.0) | st.floats(SHORTEST, 0.01)
percents = st.floats(0.001, 100.0) | st.sampled_from([50.0, 99.0, 99.9])


def histogram_of(recorded: list[float]) -> Histogram:
    histogram = Histogram()
    for duration in recorded:
        histogram.record(duration)
    return histogram


@given(st.lists(durations, min_size=1), percents)
def test_a_percentile_is_never_too_short_and_at_most_one_bucket_too_long(
    recorded: list[float], percent: float
) -> None:
    exact = sorted(recorded)[max(ceil(len(recorded) * percent / 100), 1) - 1]
    read = histogram_of(recorded).percentile(percent)
    assert exact <= read <= exact * (1 + 1 / BUCKETS_PER_OCTAVE)


def test_a_bucket_is_no_wider_than_three_percent() -> None:
    assert 1 / BUCKETS_PER_OCTAVE <= 0.03


@given(st.lists(st.floats(-1.0, 1e12) | durations))
def test_how_many_there_are_and_the_longest_are_exact_whatever_comes(recorded: list[float]) -> None:
    histogram = histogram_of(recorded)
    assert histogram.count == len(recorded)
    assert histogram.largest == max([0.0, *recorded])
    assert histogram.percentile(100) == histogram.largest


@given(st.lists(durations))
def test_the_buckets_hold_everything_upwards(recorded: list[float]) -> None:
    buckets = list(histogram_of(recorded).buckets())
    uppers = [upper for upper, _ in buckets]
    assert uppers == sorted(set(uppers))
    assert [sum(count for upper, count in buckets if upper <= limit) for limit in uppers] == [
        sum(duration < limit for duration in recorded) for limit in uppers
    ]


def test_what_is_below_or_beyond_all_buckets_is_counted_at_the_ends() -> None:
    buckets = list(histogram_of([-1.0, 0.0, 1e-9, 3600.0]).buckets())
    assert [count for _, count in buckets] == [3, 1]
    assert buckets[0][0] == pytest.approx(SHORTEST, rel=0.02)
    assert buckets[1][0] == inf


def test_a_summary_is_in_microseconds() -> None:
    summary = histogram_of([0.001] * 98 + [0.002, 0.004]).summary()
    assert summary.count == 100
    assert summary.p50 == pytest.approx(1000, rel=0.016)
    assert summary.p99 == pytest.approx(2000, rel=0.016)
    assert (summary.p99_9, summary.max) == (4000.0, 4000.0)


def test_of_nothing_there_is_nothing_to_tell() -> None:
    assert Histogram().summary() == Summary(0, 0.0, 0.0, 0.0, 0.0)


@given(st.lists(durations | st.just(1e9)))
def test_octaves_hold_all_of_it_each_twice_as_wide_as_the_one_before(recorded: list[float]) -> None:
    octaves = [*histogram_of(recorded).octaves()]
    assert sum(count for _, count in octaves) == len(recorded)
    ends = [end for end, _ in octaves]
    assert ends == sorted(set(ends))
    for end, count in octaves:
        longer = [duration for duration in recorded if duration >= min(end / 2, 256.0)]
        assert count == sum(duration < end for duration in longer)
