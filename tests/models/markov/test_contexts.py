"""In which contexts a field is counted."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon_models.markov import contexts
from antiphon_models.markov.contexts import DEPTHS, Contexts
from antiphon_models.markov.past import SILENCE, Past
from antiphon_models.markov.table import LEVELS
from players import events

OF_FIELDS: list[tuple[Callable[[Past, int], Contexts], int]] = [
    (lambda past, dt: contexts.of_dt(past), contexts.DT),
    (contexts.of_loudness, contexts.LOUDNESS),
    (contexts.of_onset, contexts.INTERVAL),
    (contexts.of_release, contexts.RANK),
]


def heard(events: list[tuple[int, int, int]]) -> Past:
    past = SILENCE
    for event in events:
        past = past.after(event)
    return past


@given(st.lists(st.lists(events, max_size=12), min_size=2, max_size=12), st.integers(0, 61))
def test_those_of_a_table_are_nested_and_fit_into_a_file(
    pieces: list[list[tuple[int, int, int]]], dt: int
) -> None:
    for contexts_of, field in OF_FIELDS:
        coarser_of: dict[tuple[int, int], int] = {}
        for piece in pieces:
            at = contexts_of(heard(piece), dt)
            assert (len(at.table), len(at.own)) == (DEPTHS[field], LEVELS[field])
            for fineness, (coarser, finer) in enumerate(zip(at.table, at.table[1:], strict=False)):
                assert coarser_of.setdefault((fineness, finer), coarser) == coarser
                assert 0 <= finer < 2**55


@pytest.mark.parametrize(("contexts_of", "field"), OF_FIELDS[:3])
def test_the_finest_of_a_style_tells_apart_what_lies_far_back(
    contexts_of: Callable[[Past, int], Contexts], field: int
) -> None:
    orders = {contexts.DT: 8, contexts.LOUDNESS: 3, contexts.INTERVAL: 8}
    phrase = [(5, 20, 60 + step) for step in range(8)]
    far = 8 - orders[field]
    other = [*phrase[:far], (5, 20, 40), *phrase[far + 1 :]]
    assert contexts_of(heard(phrase), 5).own[-1] != contexts_of(heard(other), 5).own[-1]


def test_an_onset_is_counted_in_all_keys_at_once() -> None:
    phrase = [(5, 20, pitch) for pitch in (60, 64, 62, 65)]
    up = [(dt, velocity, pitch + 7) for dt, velocity, pitch in phrase]
    one, other = (contexts.of_onset(heard(each), 5) for each in (phrase, up))
    assert one.table == other.table
    assert one.own[-1] != other.own[-1]
