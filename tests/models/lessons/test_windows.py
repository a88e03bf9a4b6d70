"""Windows of events: nothing is lost between two of them, and what sounds is carried along."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models import vocab
from antiphon_models.lessons.augmentation import as_played, once
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Lane, Place, Playlist, Window, next_window, windows
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import FADE, HELD_LONG
from random_pieces import random_piece


def again_and_again(pieces: list[Piece]) -> Playlist:
    return lambda turn: as_played(pieces[turn % len(pieces)])


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
        assert predicted[lane] == [event for piece in playlist for event in as_played(piece)[1:].tolist()]


@given(seed=st.integers(0, 1000), time=st.integers(1, 20))
@settings(max_examples=20, deadline=None)
def test_what_sounds_is_told_after_every_event(seed: int, time: int) -> None:
    """Two pieces in a lane: what sounded at the end of the first does not sound in the second."""
    pieces = [random_piece(seed, 23), random_piece(seed + 1, 17)]
    expected = []
    for piece in pieces:
        clock, struck = 0.0, dict[int, float]()
        for dt, class_, pitch, _ in as_played(piece)[:-1]:
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


def test_a_lane_that_has_ended_gives_nothing_while_the_others_go_on() -> None:
    pieces = [random_piece(1, 4), random_piece(2, 12)]
    ended = [window.weights.sum(1).tolist() for window in windows([Lane(once([each])) for each in pieces], 3)]
    assert ended == [[3.0, 3.0], [0.0, 3.0], [0.0, 3.0], [0.0, 2.0]]


@given(time=st.integers(1, 20), before=st.integers(0, 12), seed=st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_a_lane_that_is_made_at_the_place_of_another_gives_the_same_from_there(
    time: int, before: int, seed: int
) -> None:
    pieces = [random_piece(seed + index, length, has_parts=True) for index, length in enumerate((1, 23, 9))]
    playlist, hints = again_and_again(pieces), Hints(seed, 0)
    lane = Lane(playlist, hints)
    for _ in range(before):
        next_window([lane], time)
    other = Lane(playlist, hints)
    other.go_to(lane.place)
    for one, another in zip(some_windows(lane, time), some_windows(other, time), strict=True):
        for field, same_field in zip(one, another, strict=True):
            np.testing.assert_array_equal(field, same_field)


def some_windows(lane: Lane, time: int) -> list[Window]:
    return list(islice(windows([lane], time), 4))


def test_a_place_is_a_turn_and_an_event() -> None:
    lane = Lane(again_and_again([random_piece(1, 11)]))
    assert lane.place == Place(0, 0)
    places = [(next_window([lane], 5), lane.place)[1] for _ in range(3)]
    assert places == [(0, 5), (0, 10), (1, 5)]


def test_without_hints_nobody_is_asked_and_nothing_is_told() -> None:
    [window] = windows([Lane(once([random_piece(1, 30, has_parts=True)]))], 29)
    assert not window.asked.any()
    assert not window.guide.any()


def test_with_hints_every_window_of_a_lane_is_told_something_of_its_own() -> None:
    lane = Lane(again_and_again([random_piece(1, 200, has_parts=True)]), Hints(1, 0))
    told = [window for window in islice(windows([lane], 20), 40)]
    assert len({window.guide.tobytes() for window in told}) > 10
    assert {0, 1, 2} == set(np.unique([window.asked for window in told]))
