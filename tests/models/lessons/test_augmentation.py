"""How pieces are varied: never so that they could not be played, and never beyond what was asked."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models import vocab
from antiphon_models.lessons.augmentation import (
    Augmentation,
    as_played,
    endless,
    loosened,
    once,
    shuffled,
)
from antiphon_models.lessons.windows import Events
from antiphon_models.notes.pieces import Piece
from random_pieces import random_piece

STILL = Augmentation(down=0, up=0, tempo=0.0, velocity=0.0, looseness=0.0, anonymous=1.0)


def some_notes(velocity: list[int], pitch: list[int], seconds: float = 0.0) -> Piece:
    """Return events of no part, each so long after the one before."""
    events = len(pitch)
    return Piece(
        "some notes",
        np.array([0.0] + [seconds] * (events - 1), np.float32),
        np.array(velocity, np.uint8),
        np.array(pitch, np.uint8),
        np.zeros(events, np.uint8),
        is_gridded=False,
    )


def many(augmentation: Augmentation, piece: Piece, times: int = 300) -> list[Events]:
    rng = np.random.default_rng(1)
    return [augmentation.apply(piece, rng) for _ in range(times)]


def assert_playable(events: Events) -> None:
    """Assert that an onset is of what is silent and a release of what sounds, by the part that struck it."""
    sounding: dict[int, int] = {}
    for _, class_, pitch, part in events.tolist():
        if class_ == vocab.RELEASE:
            assert sounding.pop(pitch) == part
        else:
            assert pitch not in sounding
            sounding[pitch] = part


def test_events_are_classes_of_the_vocabulary() -> None:
    piece = random_piece(1, 200, has_parts=True)
    expected = [
        [vocab.dt_bin(float(dt)), vocab.velocity_class(int(velocity)), int(pitch), int(part)]
        for dt, velocity, pitch, part in zip(piece.dt, piece.velocity, piece.pitch, piece.part, strict=True)
    ]
    assert as_played(piece).tolist() == expected


@given(seed=st.integers(0, 10_000), events=st.integers(1, 120), is_gridded=st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_varied_piece_can_be_played(seed: int, events: int, is_gridded: bool) -> None:
    piece = random_piece(seed, events, has_parts=True, is_gridded=is_gridded)
    varied = Augmentation(looseness=0.5).apply(piece, np.random.default_rng(seed))
    assert len(varied) == events
    assert_playable(varied)


@given(seed=st.integers(0, 10_000), events=st.integers(1, 120), deviation=st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_loosened_events_keep_their_order_within_a_pitch(seed: int, events: int, deviation: float) -> None:
    piece = random_piece(seed, events)
    order, dt = loosened(piece.dt, piece.pitch, deviation, np.random.default_rng(seed))
    assert sorted(order) == list(range(events))
    assert (dt >= 0).all()
    assert dt[0] == 0.0
    for pitch in np.unique(piece.pitch):
        assert (np.diff(order[piece.pitch[order] == pitch]) > 0).all()


def test_no_more_than_asked_is_loosened() -> None:
    piece = random_piece(1, 2000)
    order, dt = loosened(piece.dt, np.arange(2000), 0.01, np.random.default_rng(1))
    moved = np.cumsum(dt) - np.cumsum(piece.dt, dtype=np.float64)[order]
    assert np.std(moved) == pytest.approx(0.01, rel=0.1)


def test_only_what_lies_on_a_grid_is_loosened() -> None:
    alike = STILL.apply(random_piece(1, 50), np.random.default_rng(1)).tolist()
    loose = Augmentation(0, 0, 0.0, 0.0, looseness=0.2, anonymous=1.0)
    assert all(events.tolist() == alike for events in many(loose, random_piece(1, 50), 20))
    gridded = many(loose, random_piece(1, 50, is_gridded=True))
    as_written = sum(events.tolist() == alike for events in gridded)
    assert 0.4 < as_written / len(gridded) < 0.6


def test_a_piece_is_transposed_within_its_limits_and_never_out_of_midi() -> None:
    piece = random_piece(1, 50)
    moved = {int(events[0, 2]) - int(piece.pitch[0]) for events in many(Augmentation(down=6, up=5), piece)}
    assert moved == set(range(-6, 6))
    for events in many(Augmentation(), some_notes([80, 80], [1, 127]), 50):
        assert events[:, 2].min() >= 0
        assert events[:, 2].max() <= 127


def test_a_piece_is_played_faster_and_slower_louder_and_softer_within_limits() -> None:
    piece = some_notes([64, 64], [60, 64], seconds=1.0)
    augmentation = Augmentation(tempo=0.3, velocity=0.5)
    played = np.array(many(augmentation, piece))
    seconds = np.array(vocab.DT_GRID)[played[:, 1, 0]]
    assert np.exp(-0.35) < seconds.min() < 0.85
    assert 1.2 < seconds.max() < np.exp(0.35)
    loudness = np.array([vocab.velocity_of(class_) for class_ in played[:, 1, 1]])
    assert 64 * np.exp(-0.5) - 2 <= loudness.min() < 50
    assert 90 < loudness.max() <= 64 * np.exp(0.5) + 2


def test_the_softest_onset_is_no_release_and_the_loudest_is_of_the_vocabulary() -> None:
    for events in many(Augmentation(velocity=2.0), some_notes([1, 127, 0], [60, 64, 64]), 100):
        assert events[0, 1] > vocab.RELEASE
        assert events[1, 1] < vocab.VELOCITY_CLASSES
        assert events[2, 1] == vocab.RELEASE


def test_two_parts_are_left_swapped_and_not_told_apart() -> None:
    piece = random_piece(1, 40, has_parts=True)
    parts = Counter(tuple(events[:, 3].tolist()) for events in many(Augmentation(anonymous=0.5), piece))
    written = tuple(piece.part.tolist())
    swapped = tuple(3 - part for part in written)
    assert set(parts) == {written, swapped, (0,) * 40}
    assert parts[(0,) * 40] == pytest.approx(150, abs=40)
    assert parts[written] == pytest.approx(75, abs=30)


def test_every_piece_is_dealt_once_in_each_round_in_ever_new_order() -> None:
    pieces = [random_piece(seed, 2 + seed) for seed in range(6)]
    playlists = [endless(pieces, STILL, 1, lane, 4) for lane in range(4)]
    dealt = [playlists[deal % 4](deal // 4) for deal in range(12)]
    lengths = [len(events) for events in dealt if events is not None]
    assert sorted(lengths[:6]) == sorted(lengths[6:]) == [2, 3, 4, 5, 6, 7]
    assert lengths[:6] != lengths[6:]


def test_a_piece_is_another_each_time_it_comes_and_the_same_for_the_same_seed() -> None:
    pieces = [random_piece(1, 30)]

    def played(seed: int, lane: int) -> list[bytes]:
        playlist = endless(pieces, Augmentation(), seed, lane, 2)
        return [events.tobytes() for turn in range(4) if (events := playlist(turn)) is not None]

    assert played(3, 0) == played(3, 0)
    assert len({*played(3, 0), *played(3, 1), *played(4, 0)}) == 12


def test_any_turn_can_be_asked_for_at_once() -> None:
    playlist = endless([random_piece(seed, 9) for seed in range(4)], Augmentation(), 3)
    late, early, late_again = playlist(1_000_003), playlist(0), playlist(1_000_003)
    assert late is not None
    assert early is not None
    assert late_again is not None
    assert np.array_equal(late, late_again)


def test_a_round_holds_every_piece() -> None:
    assert sorted(shuffled(50, seed=1, round_=3)) == list(range(50))
    assert shuffled(50, seed=1, round_=3).tolist() != shuffled(50, seed=1, round_=4).tolist()


def test_once_each_piece_comes_as_it_was_played_and_then_nothing() -> None:
    pieces = [random_piece(1, 5, has_parts=True), random_piece(2, 3)]
    playlist = once(pieces)
    first = playlist(0)
    assert first is not None
    assert first[:, :3].tolist() == as_played(pieces[0])[:, :3].tolist()
    assert not first[:, 3].any()
    assert playlist(2) is None
