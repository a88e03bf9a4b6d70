"""Event files only grow: what a run that was cut short has left beyond their end is overwritten."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING
from random_pieces import random_piece

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import DatasetError
from antiphon_models.notes.event_files import FIELDS, EventFiles, mapped, path_of
from antiphon_models.notes.pieces import Piece


def assert_lies_at(folder: Path, piece: Piece, start: int) -> None:
    for field in FIELDS:
        stored = mapped(folder, field, start + len(piece))[start:]
        assert np.array_equal(stored, getattr(piece, field)), field


def test_pieces_lie_one_after_the_other(tmp_path: Path) -> None:
    pieces = [random_piece(seed, 30 + seed, has_parts=True) for seed in range(3)]
    files = EventFiles(tmp_path, 0)
    starts = [files.append(piece) for piece in pieces]
    files.sync()
    assert starts == [0, 30, 61]
    assert files.end == 93
    for piece, start in zip(pieces, starts, strict=True):
        assert_lies_at(tmp_path, piece, start)
    files.close()


def test_what_lies_beyond_the_end_is_overwritten(tmp_path: Path) -> None:
    first, lost, last = (random_piece(seed, 40) for seed in range(3))
    files = EventFiles(tmp_path, 0)
    files.append(first)
    files.append(lost)
    files.close()
    with path_of(tmp_path, "pitch").open("ab") as file:
        file.write(b"half of something")
    files = EventFiles(tmp_path, len(first))
    assert files.append(last) == 40
    files.close()
    assert_lies_at(tmp_path, first, 0)
    assert_lies_at(tmp_path, last, 40)
    assert {path_of(tmp_path, field).stat().st_size for field in FIELDS} == {80, 320}


def test_files_that_have_lost_their_end_are_told_in_a_sentence(tmp_path: Path) -> None:
    EventFiles(tmp_path, 0).close()
    with pytest.raises(DatasetError, match=r"dt\.bin has lost its end; remove its folder and prepare again"):
        EventFiles(tmp_path, 1)
