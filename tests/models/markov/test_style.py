"""A player's style: learnt event by event, mixed with what is usual, forgotten again."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_models import shelf, vocab
from antiphon_models.markov.past import SILENCE, Past
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table, bits
from players import a_minute_of, events

Events = Sequence[tuple[int, int, int]]


@pytest.fixture(scope="module")
def table() -> Table:
    return Table.read(shelf.SHIPPED / "markov" / shelf.TABLE_FILE)


def taught(style: Style, heard: Events, past: Past = SILENCE) -> Past:
    for event in heard:
        style.learn(past, event)
        past = past.after(event)
    return past


def bits_per_event(style: Style, heard: Events, past: Past, goes_on: bool = False) -> float:
    total = 0.0
    for event in heard:
        total += sum(map(bits, style.chance(past, event)))
        if goes_on:
            style.learn(past, event)
        past = past.after(event)
    return total / len(heard)


@given(
    learnt=st.lists(events, max_size=60),
    heard=st.lists(events, max_size=10),
    dt=st.integers(0, vocab.DT_BINS - 1),
    decay=st.sampled_from([0.0, 0.1]),
)
@settings(max_examples=50, deadline=None)
def test_every_distribution_sums_to_1(
    table: Table, learnt: Events, heard: Events, dt: int, decay: float
) -> None:
    style, past = Style(table, decay), SILENCE
    taught(style, learnt)
    for event in heard:
        past = past.after(event)
    told = [style.times(past), style.loudnesses(past, dt), style.onsets(past, dt)]
    told += [style.releases(past, dt)] if past.sounding else []
    for chances in told:
        assert chances.min() >= 0.0
        assert chances.sum() == pytest.approx(1.0)
    assert not told[2][[*past.sounding]].any()


@given(st.lists(st.lists(events, min_size=1, max_size=20), max_size=5), st.sampled_from([0.0, 0.1]))
@settings(max_examples=30, deadline=None)
def test_who_forgets_all_knows_what_is_usual(table: Table, phrases: list[Events], decay: float) -> None:
    style, cold = Style(table, decay), Style(table)
    for phrase in phrases:
        taught(style, phrase)
    assert style.events == sum(map(len, phrases))
    for phrase in phrases:
        past = SILENCE
        for event in phrase:
            style.forget(past, event)
            past = past.after(event)
    assert style.events == 0
    past = SILENCE
    for event in a_minute_of(1, 2.0):
        assert style.chance(past, event) == cold.chance(past, event)
        past = past.after(event)


@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_what_is_drawn_is_as_likely_as_is_told(table: Table, decay: float) -> None:
    style, random, draws = Style(table, decay), Random(1), 4000
    past = taught(style, a_minute_of(3, 20.0))
    times = np.bincount([style.draw_time(past, random, 0, vocab.DT_BINS) for _ in range(draws)], minlength=62)
    loudness = np.bincount([style.draw_loudness(past, 9, random) for _ in range(draws)], minlength=33)
    # Three standard deviations of the likeliest, summed over all that are told.
    for drawn, told in ((times, style.times(past)), (loudness, style.loudnesses(past, 9))):
        assert np.abs(drawn / draws - told).sum() < 3 * np.sqrt(len(told) / draws)


def test_what_is_not_allowed_is_not_drawn(table: Table) -> None:
    style, random = Style(table), Random(1)
    past = taught(style, a_minute_of(3, 20.0)).after((0, 20, 50)).after((0, 20, 57))
    for _ in range(200):
        assert 40 <= style.draw_time(past, random, 40, 44) < 44
        assert style.draw_loudness(past, 3, random, is_onset=True) > 0
        assert style.draw_loudness(past, 3, random, is_onset=False) == vocab.RELEASE
        assert style.draw_release(past, 3, random, {57}) == 57
        assert style.draw_release(past, 3, random, {90, 91}) in {90, 91}
        assert style.draw_loudness(SILENCE, 3, random) > 0


@pytest.mark.parametrize("player", range(6))
def test_after_a_minute_the_next_one_is_less_of_a_surprise(table: Table, player: int) -> None:
    """By a fifth and more, for people who come back to what they played."""
    heard = a_minute_of(player, 120.0)
    first, second = heard[: len(heard) // 2], heard[len(heard) // 2 :]
    style, cold = Style(table), Style(table)
    past = taught(style, first)
    knew_nothing = bits_per_event(cold, second, past)
    assert bits_per_event(style, second, past) < 0.8 * knew_nothing
    assert bits_per_event(style, second, past, goes_on=True) < 0.8 * knew_nothing


def test_another_style_is_not_taken_for_this_one(table: Table) -> None:
    """Who has learnt one player is hardly more surprised by another than who has learnt nobody."""
    style, cold = Style(table), Style(table)
    taught(style, a_minute_of(1))
    other = a_minute_of(2, 20.0)
    assert bits_per_event(style, other, SILENCE) < 1.25 * bits_per_event(cold, other, SILENCE)


def test_a_copy_goes_its_own_way(table: Table) -> None:
    style, heard = Style(table), a_minute_of(4)
    past = taught(style, heard)
    copy, event = style.copy(), heard[0]
    before = style.chance(past, event)
    assert copy.chance(past, event) == before
    taught(copy, a_minute_of(5))
    assert style.chance(past, event) == before != copy.chance(past, event)


def test_what_was_done_lately_counts_for_more_where_it_decays(table: Table) -> None:
    before, after = (
        [(20, 20, 60), (20, 0, 60), (20, 20, 64), (20, 0, 64)],
        [(20, 20, 60), (20, 0, 60), (20, 20, 67), (20, 0, 67)],
    )
    past, told = SILENCE, []
    for decay in (0.0, 0.3):
        style = Style(table, decay)
        past = taught(style, [*before * 8, *after * 4])
        for event in after[:2]:
            past = past.after(event)
        told.append(style.onsets(past, 20)[67])
    assert told[1] > told[0]
