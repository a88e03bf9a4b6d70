"""Windows of events: nothing is lost between two of them, and what sounds is carried along."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models import vocab
from antiphon_models.pieces import Piece
from antiphon_models.spec import FADE, HELD_LONG
from antiphon_models.windows import Augmentation, Lane, as_events, endless, once, windows
from random_pieces import random_piece

NO_CHANGE = Augmentation(down=0, up=0, tempo=0.0)


def unmoved(piece: Piece) -> np.ndarray:
    return as_events(piece, piece.dt, 0)


def test_events_are_classes_of_the_vocabulary() -> None:
    piece = random_piece(1, 200)
    expected = [
        (vocab.dt_bin(float(dt)), vocab.velocity_class(int(velocity)), int(pitch))
        for dt, velocity, pitch in zip(piece.dt, piece.velocity, piece.pitch, strict=True)
    ]
    assert unmoved(piece).tolist() == [list(event) for event in expected]


@given(
    lengths=st.lists(st.integers(1, 30), min_size=1, max_size=5),
    lanes=st.integers(1, 3),
    time=st.integers(1, 9),
)
@settings(max_examples=40, deadline=None)
def test_every_event_but_the_first_of_a_piece_is_predicted_once(
    lengths: list[int], lanes: int, time: int
) -> None:
    pieces = [random_piece(seed, length) for seed, length in enumerate(lengths)]
    playlists = [pieces[lane::lanes] for lane in range(lanes)]
    predicted: list[list[list[int]]] = [[] for _ in range(lanes)]
    for window in windows([Lane(once(playlist)) for playlist in playlists], time):
        for lane in range(lanes):
            targets = window.events[lane, 1:][window.weights[lane] > 0]
            predicted[lane] += targets.tolist()
    for lane, playlist in enumerate(playlists):
        assert predicted[lane] == [event for piece in playlist for event in unmoved(piece)[1:].tolist()]


@given(seed=st.integers(0, 1000), time=st.integers(1, 20))
@settings(max_examples=20, deadline=None)
def test_what_sounds_is_told_after_every_event(seed: int, time: int) -> None:
    """Two pieces in a lane: what sounded at the end of the first does not sound in the second."""
    pieces = [random_piece(seed, 23), random_piece(seed + 1, 17)]
    expected = []
    for piece in pieces:
        clock, struck = 0.0, dict[int, float]()
        for dt, class_, pitch in unmoved(piece)[:-1]:
            clock += vocab.DT_GRID[dt]
            struck.pop(pitch, None)
            if class_ != vocab.RELEASE:
                struck[pitch] = clock
            row = np.zeros(vocab.PITCHES)
            for sounds, since in struck.items():
                row[sounds] = HELD_LONG + (1 - HELD_LONG) * np.exp((since - clock) / FADE)
            expected.append(row)
    told = [
        row
        for window in windows([Lane(once(pieces))], time)
        for row, weight in zip(window.sounding[0], window.weights[0], strict=True)
        if weight
    ]
    np.testing.assert_allclose(told, expected, atol=1e-4)


def test_a_lane_is_fresh_where_a_piece_begins_and_nowhere_else() -> None:
    pieces = [random_piece(1, 11), random_piece(2, 6)]
    fresh = [bool(window.fresh[0]) for window in windows([Lane(once(pieces))], 5)]
    assert fresh == [True, False, True]


def test_a_piece_is_moved_within_its_limits_and_never_out_of_midi() -> None:
    rng = np.random.default_rng(1)
    augmentation = Augmentation(down=6, up=5, tempo=0.1)
    piece = random_piece(1, 50)
    moved = [augmentation.apply(piece, rng) for _ in range(300)]
    assert {transposition for _, transposition in moved} == set(range(-6, 6))
    stretches = np.array([dt[1] / piece.dt[1] for dt, _ in moved])
    assert np.exp(-0.1) <= stretches.min() < 0.95
    assert 1.05 < stretches.max() <= np.exp(0.1) * 1.0001
    edges = Piece(
        "edges", np.zeros(2, np.float32), np.array([80, 80], np.uint8), np.array([1, 127], np.uint8)
    )
    for _ in range(50):
        pitches = as_events(edges, *augmentation.apply(edges, rng))[:, 2]
        assert pitches.min() >= 0
        assert pitches.max() <= 127


def test_every_piece_comes_once_in_each_round_in_ever_new_order() -> None:
    pieces = [random_piece(seed, 2 + seed) for seed in range(6)]
    lengths = [len(events) for events in islice(endless(pieces, NO_CHANGE, np.random.default_rng(1)), 12)]
    assert sorted(lengths[:6]) == sorted(lengths[6:]) == [2, 3, 4, 5, 6, 7]
    assert lengths[:6] != lengths[6:]


def test_the_same_seed_plays_the_same_pieces() -> None:
    pieces = [random_piece(seed, 9) for seed in range(4)]

    def played(seed: int) -> list[list[list[int]]]:
        stream = endless(pieces, Augmentation(), np.random.default_rng(seed))
        return [events.tolist() for events in islice(stream, 8)]

    assert played(3) == played(3) != played(4)
