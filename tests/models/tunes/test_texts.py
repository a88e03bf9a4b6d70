"""What text there is in a folder, and what of it is held out."""

from pathlib import Path

import pytest

from antiphon_models.errors import CorpusError
from antiphon_models.tunes.texts import texts_of
from small_tunes import folder_of_tunes, tune


def test_tunes_go_where_the_lists_put_them(tmp_path: Path) -> None:
    texts = texts_of(folder_of_tunes(tmp_path))
    assert (len(texts.train), len(texts.valid), len(texts.test)) == (12, 3, 3)
    assert texts.are_tunes
    assert texts.train[0].startswith("X:1\nM:")
    assert texts.alphabet == "".join(sorted(set("".join([*texts.train, *texts.valid, *texts.test]))))


def test_without_lists_a_tenth_of_a_book_is_held_out_and_always_the_same(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_text("".join(map(tune, range(200))))
    texts = texts_of(tmp_path)
    assert 5 <= len(texts.valid) + len(texts.test) <= 40
    assert texts.fingerprint == texts_of(tmp_path).fingerprint


def test_what_cannot_be_spelt_costs_itself_only(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_text(
        "".join(map(tune, range(9))) + "X:2\nK:C\nA\n\n" + "X:3\nM:4/4\nK:C\nV:1\nA\nV:2\nC\n"
    )
    texts = texts_of(tmp_path)
    assert texts.left_out == {"no metre": 1, "several voices": 1}


def test_any_other_text_is_cut_near_its_end(tmp_path: Path) -> None:
    (tmp_path / "sonnets.txt").write_text("Shall I compare thee? " * 100)
    texts = texts_of(tmp_path)
    assert not texts.are_tunes
    assert [sum(map(len, split)) for split in (texts.train, texts.valid, texts.test)] == [1980, 110, 110]


@pytest.mark.parametrize(
    ("name", "text", "told"), [("a.txt", "aaaa", "'a' over and over"), ("a.txt", "", "no text")]
)
def test_what_holds_nothing_to_learn_is_refused(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CorpusError, match=told):
        texts_of(tmp_path)


def test_a_folder_that_is_empty_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no text to learn from"):
        texts_of(tmp_path)
    with pytest.raises(CorpusError, match="no folder"):
        texts_of(tmp_path / "nowhere")
