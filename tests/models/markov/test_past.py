"""What has been heard, as a value."""

from hypothesis import given
from hypothesis import strategies as st

from antiphon_models.markov.past import LONGEST_MEMORY, NO_RANK, SILENCE, rank_of
from players import events


@given(st.lists(events, max_size=30))
def test_it_is_a_value_of_bounded_size_that_knows_what_sounds(heard: list[tuple[int, int, int]]) -> None:
    past, sounding = SILENCE, set[int]()
    for event in heard:
        before = past
        past = past.after(event)
        (sounding.add if event[1] else sounding.discard)(event[2])
        assert before.after(event) == past
        assert past.events[0] == event
    assert set(past.sounding) == sounding
    assert len(past.events) == LONGEST_MEMORY
    assert SILENCE.sounding == {}


def test_what_sounds_is_in_the_order_in_which_it_was_struck_last() -> None:
    past = SILENCE
    for pitch in (60, 64, 67, 60):
        past = past.after((3, 20, pitch))
    assert [*past.sounding] == [64, 67, 60]
    assert past.struck == (60, 67, 64, 60)
    assert past.after((3, 0, 67)).rank == rank_of(67, past.sounding) == 1
    assert past.after((3, 0, 20)).rank == NO_RANK
