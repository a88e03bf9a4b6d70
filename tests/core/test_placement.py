"""Where notes come to lie: on a grid, swung, or where they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.metre import Metre
from antiphon.core.placement import (
    GRIDS,
    farthest_back,
    leaves_all_as_it_is,
    nearest,
    onset_at,
    release_at,
    swung,
)
from antiphon.core.settings import Tempo
from default_settings import settings

AT_60 = Metre(at=100.0, beat=0.0, period=1.0, bar=4, source="clock")
"""A beat is a second."""

tempi = st.builds(
    lambda strength, grid, swing: tempo(quantise=strength, grid=grid, swing=swing),
    st.floats(0.0, 1.0),
    st.sampled_from(sorted(GRIDS)),
    st.floats(0.5, 0.75),
)
moments = st.floats(90.0, 110.0)


def tempo(**chosen: object) -> Tempo:
    return settings(tempo=chosen).tempo


@pytest.mark.parametrize(
    ("grid", "moment", "onset"),
    [
        ("1/4", 100.4, 100.0),
        ("1/8", 100.4, 100.5),
        ("1/8 triplet", 100.4, 100.3333),
        ("1/16", 100.4, 100.5),
        ("1/16 triplet", 100.1, 100.1667),
        ("1/32", 100.4, 100.375),
    ],
)
def test_a_note_is_drawn_to_the_nearest_line(grid: str, moment: float, onset: float) -> None:
    assert onset_at(moment, AT_60, tempo(quantise=1.0, grid=grid)) == pytest.approx(onset, abs=1e-4)


def test_half_the_strength_draws_it_half_the_way() -> None:
    assert onset_at(100.4, AT_60, tempo(quantise=0.5, grid="1/8")) == pytest.approx(100.45)


def test_by_default_all_stays_where_it_was() -> None:
    assert leaves_all_as_it_is(tempo())
    assert onset_at(100.4, AT_60, tempo()) == 100.4
    assert release_at(100.4, 100.0, AT_60, tempo()) == 100.4
    assert not leaves_all_as_it_is(tempo(quantise=0.1))
    assert not leaves_all_as_it_is(tempo(swing=0.6))


def test_swing_makes_the_first_of_two_eighths_the_longer_one() -> None:
    swings = tempo(swing=2 / 3)
    swung_eighths = [onset_at(100.0 + eighth / 2, AT_60, swings) for eighth in range(5)]
    assert swung_eighths == pytest.approx([100.0, 100.6667, 101.0, 101.6667, 102.0], abs=1e-4)
    assert onset_at(100.25, AT_60, swings) == pytest.approx(100.3333, abs=1e-4)


def test_an_end_makes_room_for_a_note_that_is_drawn_back_but_a_short_note_keeps_its_length() -> None:
    drawn = tempo(quantise=1.0, grid="1/8")
    assert release_at(101.05, 100.5, AT_60, drawn) == pytest.approx(101.0)
    assert release_at(100.95, 100.5, AT_60, drawn) == pytest.approx(100.95)
    assert release_at(101.1, 101.0, AT_60, drawn) == pytest.approx(101.1)


@given(st.floats(-100.0, 100.0), st.floats(-100.0, 100.0), st.floats(0.5, 0.75))
def test_swing_turns_nothing_round_and_leaves_beats_alone(one: float, other: float, swing: float) -> None:
    first, second = sorted((one, other))
    assert swung(first, swing) <= swung(second, swing) + 1e-9
    assert swung(float(round(one)), swing) == round(one)


@given(moments, moments, tempi)
def test_no_two_onsets_are_turned_round(one: float, other: float, chosen: Tempo) -> None:
    first, second = sorted((one, other))
    assert onset_at(first, AT_60, chosen) <= onset_at(second, AT_60, chosen) + 1e-9


@given(moments, tempi)
def test_no_note_is_moved_farther_than_half_a_line_and_the_swing(moment: float, chosen: Tempo) -> None:
    moved = onset_at(moment, AT_60, chosen) - moment
    back = farthest_back(AT_60, chosen)
    assert -back - 1e-9 <= moved <= back + (chosen.swing - 0.5) + 1e-9


@given(moments, st.floats(0.01, 5.0), tempi)
def test_an_end_comes_after_what_it_ends(begun: float, length: float, chosen: Tempo) -> None:
    assert release_at(begun + length, begun, AT_60, chosen) > begun


@given(st.floats(-50.0, 50.0), st.sampled_from(sorted(GRIDS.values())))
def test_a_line_is_at_most_half_of_the_way_to_the_next_away(beat: float, grid: float) -> None:
    assert abs(nearest(beat, grid) - beat) <= grid / 2 + 1e-9
