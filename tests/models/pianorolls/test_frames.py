"""Rolls and their changes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)

import scipy.io

from antiphon_models.pianorolls.frames import Change, Roll, RollError, changes_of, read_rolls, roll_of

ROLLS = arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 6)), elements=st.booleans())


def roll(*frames: str) -> Roll:
    return np.array([[key == "#" for key in frame] for frame in frames])


@given(ROLLS)
def test_a_roll_comes_back_from_its_changes(roll: Roll) -> None:
    assert np.array_equal(roll_of(changes_of(roll), *roll.shape), roll)


@given(ROLLS)
def test_in_a_frame_releases_come_first_and_both_go_upwards(roll: Roll) -> None:
    frame, order = 0, []
    for change in changes_of(roll):
        frame += change.frames
        order.append((frame, change.is_onset, change.key))
    assert order == sorted(set(order))


def test_what_sounds_in_the_first_frame_is_struck_in_it() -> None:
    assert changes_of(roll("#.#", "#.#")) == [Change(0, True, 0), Change(0, True, 2)]


def test_a_wait_is_counted_from_the_change_before_it() -> None:
    assert changes_of(roll("...", ".#.", ".#.", "#..")) == [
        Change(1, True, 1),
        Change(2, False, 1),
        Change(0, True, 0),
    ]


def test_silence_has_no_changes() -> None:
    assert changes_of(roll("..", "..")) == []


def write_matrices(path: Path, **splits: list[Roll]) -> None:
    cells = {}
    for name, rolls in splits.items():
        cells[name] = np.empty((1, len(rolls)), object)
        for index, each in enumerate(rolls):
            cells[name][0, index] = each.astype(np.uint8)
    scipy.io.savemat(path, cells)


def test_the_rolls_of_a_split_are_read_from_a_matrix_file(tmp_path: Path) -> None:
    rolls = [np.eye(frames, 88, dtype=np.bool_) for frames in (3, 5)]
    write_matrices(tmp_path / "music.mat", traindata=rolls, testdata=rolls[:1])
    read = read_rolls(tmp_path / "music.mat", "train")
    assert all(np.array_equal(one, other) for one, other in zip(read, rolls, strict=True))
    assert len(read_rolls(tmp_path / "music.mat", "test")) == 1


def test_a_missing_matrix_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RollError, match=r"music\.mat"):
        read_rolls(tmp_path / "music.mat", "train")


def test_a_file_that_holds_no_matrices_is_named(tmp_path: Path) -> None:
    (tmp_path / "music.mat").write_text("not a matrix")
    with pytest.raises(RollError, match=r"music\.mat"):
        read_rolls(tmp_path / "music.mat", "train")


def test_a_file_without_the_split_is_named(tmp_path: Path) -> None:
    write_matrices(tmp_path / "music.mat", traindata=[np.eye(3, 88, dtype=np.bool_)])
    with pytest.raises(RollError, match="testdata"):
        read_rolls(tmp_path / "music.mat", "test")


def test_a_matrix_of_another_width_is_refused(tmp_path: Path) -> None:
    write_matrices(tmp_path / "music.mat", traindata=[np.eye(3, 12, dtype=np.bool_)])
    with pytest.raises(RollError, match="88"):
        read_rolls(tmp_path / "music.mat", "train")
