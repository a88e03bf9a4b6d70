"""What a Markov model knows: only what came before, and what sounds because of it."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_models import vocab
from antiphon_models.baselines.history import LONGEST_MEMORY, NOTHING, PACE, SIZES, Feature, History, Known
from random_pieces import random_piece, with_another_end


def test_the_first_event_of_each_piece_is_not_predicted() -> None:
    pieces = [random_piece(1, 10), random_piece(2, 1), random_piece(3, 7)]
    history = History.of(pieces)
    assert len(history) == 9 + 0 + 6
    expected = [pitch for piece in pieces for pitch in piece.pitch[1:].tolist()]
    assert history.column(Feature(Known.PITCH, 0)).tolist() == expected


def test_no_pieces_have_no_rows() -> None:
    history = History.of([])
    assert len(history) == 0
    assert history.column(Feature(Known.PITCH, 3)).shape == (0,)
    assert history.sounding().shape == (0, 16)


def test_before_a_piece_lies_nothing_and_not_the_end_of_another() -> None:
    history = History.of([random_piece(1, 10), random_piece(2, 10)])
    pitch = history.column(Feature(Known.PITCH, 2))
    velocity = history.column(Feature(Known.IS_ONSET, 2))
    assert pitch[[0, 9]].tolist() == [NOTHING[2]] * 2
    assert velocity[[0, 9]].tolist() == [2, 2]
    assert (np.delete(pitch, [0, 9]) < vocab.PITCHES).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(2, 39))
def test_what_is_known_of_an_event_does_not_depend_on_later_ones(seed: int, cut: int) -> None:
    whole, other = random_piece(seed, 40), random_piece(seed + 1, 40)
    changed = with_another_end(whole, other, cut)
    before, after = History.of([whole]), History.of([changed])
    for kind in Known:
        for ago in range(1, LONGEST_MEMORY + 1):
            feature = Feature(kind, ago)
            assert before.column(feature)[:cut].tolist() == after.column(feature)[:cut].tolist()
    assert before.sounding()[:cut].tolist() == after.sounding()[:cut].tolist()


@pytest.mark.parametrize("kind", list(Known))
def test_a_feature_is_less_than_its_size(kind: Known) -> None:
    history = History.of([random_piece(seed, 30) for seed in range(4)])
    for ago in range(LONGEST_MEMORY + 1):
        column = history.column(Feature(kind, ago))
        assert column.min() >= 0
        assert column.max() < SIZES[kind]


def test_an_interval_is_counted_from_the_event_before() -> None:
    piece = random_piece(5, 20)
    pitch = piece.pitch.astype(int)
    intervals = History.of([piece]).column(Feature(Known.INTERVAL, 0)).astype(int)
    assert np.diff(intervals).tolist() == np.diff(np.diff(pitch)).tolist()
    to_the_one_before = History.of([piece]).column(Feature(Known.INTERVAL, 1)).astype(int)
    assert (intervals - to_the_one_before).tolist() == np.diff(pitch).tolist()


def test_a_pace_is_coarser_than_a_bin_and_in_order() -> None:
    assert (np.diff(PACE) >= 0).all()
    assert len(set(PACE.tolist())) == SIZES[Known.PACE]


def test_what_sounds_is_what_was_struck_and_not_released() -> None:
    pieces = [random_piece(seed, 50) for seed in range(3)]
    sounding = np.unpackbits(History.of(pieces).sounding(), axis=1)
    row = 0
    for piece in pieces:
        sounds: set[int] = set()
        for index in range(len(piece) - 1):
            change = sounds.add if piece.velocity[index] else sounds.discard
            change(int(piece.pitch[index]))
            assert set(np.flatnonzero(sounding[row]).tolist()) == sounds
            row += 1
    assert row == len(sounding)
