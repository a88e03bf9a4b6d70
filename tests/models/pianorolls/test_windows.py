"""Scores of rolls, and windows of them."""

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

from antiphon_models import vocab
from antiphon_models.pianorolls.frames import Keyboard, Roll, changes_of
from antiphon_models.pianorolls.windows import (
    FORBIDDEN,
    LONGER,
    ONSET,
    RELEASE,
    STRIKE,
    Lane,
    RollWindow,
    Score,
    next_window,
    score_of,
)

THREE_KEYS = Keyboard(lowest=60, keys=3)


def roll(*frames: str) -> Roll:
    return np.array([[key == "#" for key in frame] for frame in frames])


def keys(row: npt.NDArray[np.int8]) -> list[int]:
    return [int(key) for key in row[60:63]]


def test_a_score_is_one_event_before_all_the_changes_and_the_end() -> None:
    score = score_of(roll("#..", "##.", "##.", "##."), THREE_KEYS)
    assert score.events.tolist() == [[0, 0, 60, 0], [0, ONSET, 60, 0], [1, ONSET, 61, 0], [0, 0, 0, 0]]
    assert score.frames.tolist() == [0, 1, 3]
    assert score.is_end.tolist() == [False, False, True]


def test_after_a_release_come_releases_above_it_and_every_onset_of_what_was_silent() -> None:
    score = score_of(roll("##.", "..."), THREE_KEYS)
    assert keys(score.later[2]) == [RELEASE, RELEASE, STRIKE]
    assert keys(score.now[3]) == [FORBIDDEN, RELEASE, STRIKE]


def test_after_an_onset_come_onsets_above_it_and_no_release() -> None:
    score = score_of(roll("#..", "##."), THREE_KEYS)
    assert keys(score.now[2]) == [FORBIDDEN, FORBIDDEN, STRIKE]


def test_whatever_a_roll_does_next_is_possible() -> None:
    for bits in product([False, True], repeat=9):
        each = np.array(bits).reshape(3, 3)
        score = score_of(each, THREE_KEYS)
        for step, change in enumerate(changes_of(each)):
            possible = score.later[step] if change.frames else score.now[step]
            assert possible[60 + change.key] == (STRIKE if change.is_onset else RELEASE)


def test_a_wait_past_the_bins_falls_in_the_last_and_is_kept_in_frames() -> None:
    long = np.zeros((200, 3), np.bool_)
    long[150:, 1] = True
    score = score_of(long, THREE_KEYS)
    assert score.events[1, 0] == LONGER
    assert score.frames.tolist() == [150, 50]


def test_a_key_fades_from_just_struck_towards_held_long() -> None:
    score = score_of(roll("#..", "#..", "##."), THREE_KEYS)
    assert score.sounding[1, 60] == 1.0
    assert 0.5 < score.sounding[2, 60] < 1.0
    assert score.sounding[2, 61] == 1.0
    assert np.count_nonzero(score.sounding) == 3


def windows_of(scores: list[Score], time: int) -> list[RollWindow]:
    lanes = [Lane([*scores[:1], None].__getitem__), Lane([*scores[1:], None].__getitem__)]
    played = []
    while (window := next_window(lanes, time)) is not None:
        played.append(window)
    return played


def test_windows_put_together_are_the_scores() -> None:
    rng = np.random.default_rng(1)
    scores = [score_of(rng.random((frames, 88)) < 0.1) for frames in (4, 6, 5)]
    played = windows_of(scores, 7)
    for lane, of_lane in enumerate((scores[:1], scores[1:])):
        weights = np.concatenate([window.weights[lane] for window in played]) > 0
        for field in ("sounding", "now", "later", "frames", "is_end"):
            heard = np.concatenate([getattr(window, field)[lane] for window in played])[weights]
            assert np.array_equal(heard, np.concatenate([getattr(score, field) for score in of_lane]))


def test_a_lane_is_fresh_where_a_score_begins() -> None:
    rng = np.random.default_rng(1)
    scores = [score_of(rng.random((frames, 88)) < 0.1) for frames in (4, 6, 5)]
    begins = sum(int(window.fresh[1]) for window in windows_of(scores, 7) if window.weights[1].any())
    assert begins == 2


def test_a_lane_goes_on_from_its_place() -> None:
    scores = [score_of(np.eye(frames, 88, dtype=np.bool_)) for frames in (4, 6, 5)]

    def forever(turn: int) -> Score:
        return scores[turn % 3]

    lane = Lane(forever)
    for _ in range(3):
        next_window([lane], 5)
    again = Lane(forever, lane.turn, lane.step)
    one, other = next_window([lane], 5), next_window([again], 5)
    assert one is not None
    assert other is not None
    for field in RollWindow._fields:
        assert np.array_equal(getattr(one, field), getattr(other, field))


def test_no_pitch_outside_the_keyboard_is_ever_possible() -> None:
    score = score_of(roll("#..", "..#"), THREE_KEYS)
    outside = np.delete(np.arange(vocab.PITCHES), [60, 61, 62])
    assert not score.now[:, outside].any()
    assert not score.later[:, outside].any()
