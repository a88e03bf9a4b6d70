"""Splits: by the lists of a corpus, else by the notes, whatever the file is called."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING
from random_pieces import random_piece

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import CorpusError
from antiphon_models.notes.splits import Lists, content_digest, drawn_split, held_out_after_all, keys_digest


def test_keys_are_the_same_however_fast_and_loud_they_are_played() -> None:
    piece = random_piece(1, 200)
    faster = replace(
        piece, name="faster", dt=piece.dt * np.float32(0.5), velocity=(piece.velocity > 0).astype(np.uint8)
    )
    assert keys_digest(piece) == keys_digest(faster) != keys_digest(random_piece(2, 200))
    assert content_digest(piece) != content_digest(faster)


def test_content_is_all_but_the_name() -> None:
    piece = random_piece(1, 50)
    assert content_digest(piece) == content_digest(replace(piece, name="another"))
    for field in ("dt", "velocity", "pitch", "part"):
        changed = getattr(piece, field).copy()
        changed[7] += 1
        assert content_digest(piece) != content_digest(replace(piece, **{field: changed}))
    assert content_digest(piece) != content_digest(replace(piece, is_gridded=not piece.is_gridded))


def test_nine_in_ten_are_learnt_from_and_the_rest_is_held_out_evenly() -> None:
    keys = random.Random(1)
    counts = Counter(drawn_split(keys.randbytes(16)) for _ in range(2000))
    assert 1740 < counts["train"] < 1860
    assert 60 < counts["valid"] < 140
    assert 60 < counts["test"] < 140


def test_a_draw_never_changes_from_one_version_to_the_next() -> None:
    drawn = [drawn_split(number.to_bytes(8, "big")) for number in (0, 4, 5, 9, 10, 99, 100)]
    assert drawn == ["test", "test", "valid", "valid", "train", "train", "test"]


def digest(drawn: int, more: bytes = b"") -> bytes:
    return drawn.to_bytes(8, "big") + more


def test_where_none_is_drawn_for_valid_the_lowest_is_held_out_in_whatever_order_they_come() -> None:
    pieces = [digest(40), digest(23, b"b"), digest(23, b"a"), digest(99)]
    assert held_out_after_all(pieces) == held_out_after_all(reversed(pieces)) == digest(23, b"a")
    assert held_out_after_all([*pieces, digest(3)]) == digest(3)


def test_none_is_held_out_where_the_draw_did_it_or_nothing_would_be_left_to_learn_from() -> None:
    assert held_out_after_all([digest(40), digest(5), digest(60)]) is None
    assert held_out_after_all([digest(40), digest(40)]) is None
    assert held_out_after_all([]) is None


def test_more_music_holds_out_nothing_that_was_learnt_from() -> None:
    keys = random.Random(2)
    some = [digest(keys.randrange(10, 100), bytes([number])) for number in range(5)]
    while len(some) < 60:
        before = held_out_after_all(some)
        some.append(keys.randbytes(16))
        assert held_out_after_all(some) in (before, some[-1], None)


def test_a_file_that_is_listed_twice_is_held_out(tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    path.write_text(
        '{"_rule": "by hand", "train": ["a.mid", "b.mid"], "valid": ["b.mid"], "test": ["a.mid"]}'
    )
    lists = Lists.read(path)
    assert lists.find(tmp_path / "a.mid") == "test"
    assert lists.find(tmp_path / "b.mid") == "valid"
    assert lists.find(tmp_path / "c.mid") is None


def test_files_that_are_listed_and_not_there_are_known(tmp_path: Path) -> None:
    (tmp_path / "a.mid").touch()
    (tmp_path / "splits.json").write_text('{"train": ["a.mid", "gone.mid"]}')
    assert list(Lists.read(tmp_path / "splits.json").missing()) == [tmp_path / "gone.mid"]


@pytest.mark.parametrize("content", ["", "[]", '{"train": "a.mid"}', '{"train": [1]}', "{"])
def test_lists_of_another_form_are_told_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "splits.json").write_text(content)
    with pytest.raises(CorpusError, match=r"splits\.json cannot be used .* under train, valid and test"):
        Lists.read(tmp_path / "splits.json")
