"""Clocks as they really tick: early and late, slower and faster, held up; and what comes out of them."""

import random
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.tick_filter import FARTHEST, UNKNOWN, TickFilter

BAR = 96
"""Ticks of four beats."""


def ticks_of(bpm: float, bars: int, after: float = 0.0) -> Iterator[float]:
    """When the ticks of an even clock come."""
    for tick in range(1, bars * BAR + 1):
        yield after + tick * 60.0 / bpm / 24


def errors_after(moments: Iterable[float], jitter: float, seed: int = 1) -> list[float]:
    """How far from each tick's own moment it is taken to be, when each comes that much early or late."""
    drawn, line, errors = random.Random(seed), TickFilter(), list[float]()
    for moment in moments:
        line.take(1, moment + drawn.uniform(-jitter, jitter))
        errors.append(abs(line.at - moment))
    return errors


@pytest.mark.parametrize("bpm", [40.0, 60.0, 90.0, 120.0, 174.0, 240.0])
@pytest.mark.parametrize("seed", range(5))
def test_two_milliseconds_of_jitter_come_out_as_less_than_half_of_one(bpm: float, seed: int) -> None:
    errors = errors_after(ticks_of(bpm, bars=30), jitter=0.002, seed=seed)
    assert max(errors[2 * BAR :]) < 0.0005


@pytest.mark.parametrize(("before", "after"), [(120.0, 121.0), (120.0, 126.0), (120.0, 90.0), (100.0, 160.0)])
@pytest.mark.parametrize("seed", range(5))
def test_after_a_change_of_tempo_it_is_nearly_as_good_a_bar_later_and_soon_as_good(
    before: float, after: float, seed: int
) -> None:
    first = list(ticks_of(before, bars=8))
    errors = errors_after([*first, *ticks_of(after, bars=8, after=first[-1])], jitter=0.002, seed=seed)
    one_bar_later, four_bars_later = 9 * BAR, 12 * BAR
    assert max(errors[one_bar_later:]) < 0.001
    assert max(errors[four_bars_later:]) < 0.0005


def test_an_even_clock_is_followed_exactly() -> None:
    assert max(errors_after(ticks_of(120.0, bars=4), jitter=0.0)) < 1e-9


def test_a_tick_that_is_held_up_hardly_moves_the_line() -> None:
    moments = list(ticks_of(120.0, bars=4))
    line = TickFilter()
    for moment in moments:
        line.take(1, moment + (0.015 if moment == moments[300] else 0.0))
        assert abs(line.at - moment) < 0.0002


def test_ticks_that_come_as_one_are_counted_all() -> None:
    line, period = TickFilter(), 0.02
    for tick in range(0, 200, 5):
        line.take(5, tick * period)
    assert line.period == pytest.approx(period)
    assert line.at == pytest.approx(195 * period)


def test_the_cycles_of_a_sound_server_are_smoothed_to_a_tenth() -> None:
    """JACK with 1024 frames hands ticks over every 21 ms, so each comes up to that much late."""
    cycle, line, late = 1024 / 48_000, TickFilter(), list[float]()
    for moment in ticks_of(121.0, bars=40):
        line.take(1, cycle * -(-moment // cycle))
        late.append(line.at - moment)
    settled = late[4 * BAR :]
    assert max(settled) - min(settled) < cycle / 7


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=200))
def test_whatever_comes_the_line_stays_near_it(waits: list[float]) -> None:
    line, now = TickFilter(), 0.0
    for wait in waits:
        now += wait
        line.take(1, now)
    assert abs(line.at - now) <= 2 * sum(waits) + FARTHEST * UNKNOWN
