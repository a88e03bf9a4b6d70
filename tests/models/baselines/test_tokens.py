"""Events and their tokens tell the same."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_models import vocab
from antiphon_models.baselines import tokens
from antiphon_models.baselines.tokens import events_of, spelt, tokens_of
from random_pieces import random_piece

any_events = st.lists(
    st.tuples(
        st.integers(0, vocab.DT_BINS - 1),
        st.integers(0, vocab.VELOCITY_CLASSES - 1),
        st.integers(0, vocab.PITCHES - 1),
    ),
    min_size=1,
    max_size=40,
)


@settings(deadline=None)
@given(drawn=any_events)
def test_events_can_be_told_from_their_tokens(drawn: list[tuple[int, int, int]]) -> None:
    events = np.array(drawn, np.int32)
    written, _ = tokens_of(events)
    assert written.min() >= 0
    assert written.max() < tokens.TOKENS
    assert events_of(written).tolist() == events.tolist()


@settings(deadline=None)
@given(drawn=any_events)
def test_the_first_event_is_spelt_by_the_tokens_that_are_given(drawn: list[tuple[int, int, int]]) -> None:
    written, given_ = tokens_of(np.array(drawn, np.int32))
    assert events_of(written[:given_]).tolist() == [list(drawn[0])]
    assert events_of(written[: given_ - 1]).tolist() == []


def test_a_piece_is_spelt_as_the_network_hears_it() -> None:
    piece = random_piece(1, 60)
    events = events_of(tokens_of(spelt(piece))[0])
    assert events[:, 0].tolist() == [vocab.dt_bin(float(dt)) for dt in piece.dt]
    assert events[:, 1].tolist() == [vocab.velocity_class(int(velocity)) for velocity in piece.velocity]
    assert events[:, 2].tolist() == piece.pitch.tolist()


def test_a_long_time_is_several_shifts_and_a_loudness_is_said_once() -> None:
    last = vocab.DT_BINS - 1
    written, given_ = tokens_of(np.array([[0, 17, 60], [0, 17, 64], [last, 0, 60], [1, 18, 60]], np.int32))
    second = tokens.SHIFT + 99
    assert given_ == 2
    assert written.tolist() == [
        *(tokens.VELOCITY + 16, tokens.NOTE_ON + 60),
        tokens.NOTE_ON + 64,
        *(second, second, second, second, tokens.NOTE_OFF + 60),
        *(tokens.SHIFT, tokens.VELOCITY + 17, tokens.NOTE_ON + 60),
    ]


def test_there_are_as_many_tokens_as_in_the_paper_and_no_two_bins_take_the_same_time() -> None:
    assert tokens.TOKENS == 388
    assert len(set(tokens.STEPS.tolist())) == vocab.DT_BINS
    assert np.abs(tokens.STEPS * tokens.STEP - np.array(vocab.DT_GRID)).max() <= tokens.STEP / 2


@pytest.mark.parametrize(
    ("written", "complaint"),
    [([tokens.NOTE_ON], "before any velocity"), ([tokens.SHIFT + 17, 200], "no time")],
)
def test_tokens_that_spell_no_events_are_refused(written: list[int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        events_of(np.array(written, np.int16))
