"""Which pieces are learnt from: the free ones, each in its split."""

import json
from pathlib import Path

import pytest

from missing import TRAINING
from small_corpus import write_corpora

pytest.importorskip("symusic", reason=TRAINING)

import antiphon_models
from antiphon_models.corpora import FREE_CORPORA, CorpusError, Split, read_split
from antiphon_models.pieces import Piece, read_piece


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_corpora(tmp_path / "corpora")


def contents(pieces: list[Piece]) -> list[tuple[str, list[float], list[int], list[int]]]:
    return [
        (piece.name, piece.dt.tolist(), piece.velocity.tolist(), piece.pitch.tolist()) for piece in pieces
    ]


@pytest.mark.parametrize(
    ("split", "names"), [("train", ["learnt.mid"]), ("valid", ["held-out.mid"]), ("test", [])]
)
def test_only_what_is_free_is_listed(root: Path, split: Split, names: list[str]) -> None:
    for corpus in FREE_CORPORA:
        assert [path.name for path in corpus.files(root, split)] == names


def test_a_piece_of_which_nothing_is_known_is_not_free(root: Path) -> None:
    for corpus in FREE_CORPORA:
        index = root / corpus.folder / "index.json"
        if index.exists():
            index.write_text("{}")
            assert corpus.files(root, "train") == []


@pytest.mark.parametrize("credited", ["Stanford University", "Mutopia", "OpenEWLD", "GiantMIDI-Piano"])
def test_everybody_whose_music_is_learnt_is_credited(credited: str) -> None:
    assert sum(credited in corpus.credit for corpus in FREE_CORPORA) == 1
    assert len(FREE_CORPORA) == 4
    assert (
        credited in Path(antiphon_models.__file__).with_name("pretrained").joinpath("CREDITS.md").read_text()
    )


def test_a_split_is_read_and_what_cannot_be_is_reported(root: Path) -> None:
    folder = root / "openewld"
    (folder / "learnt.mid").write_bytes(b"a song")
    reported: list[str] = []
    pieces = read_split(root, "train", reported.append)
    expected = [corpus.folder for corpus in FREE_CORPORA if corpus.folder != "openewld"]
    assert contents(pieces) == contents([read_piece(root / name / "learnt.mid") for name in expected])
    [reason] = reported
    assert "learnt.mid" in reason


def test_a_second_reading_comes_from_the_cache(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = read_split(root, "valid", pytest.fail, cache)
    for corpus in FREE_CORPORA:
        splits = root / corpus.folder / "splits.json"
        splits.write_text(json.dumps({"valid": []}))
    assert contents(read_split(root, "valid", pytest.fail, cache)) == contents(first)


def test_a_folder_without_the_corpora_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"splits\.json is missing; name the folder that holds"):
        read_split(tmp_path, "train", print)


def test_corpora_without_a_free_piece_are_told_in_a_sentence(root: Path) -> None:
    with pytest.raises(CorpusError, match="holds no free piece in its test lists"):
        read_split(root, "test", print)
