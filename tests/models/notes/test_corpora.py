"""Which pieces are learnt from: the free ones, each in its split."""

from pathlib import Path

import pytest

from missing import TRAINING
from small_corpus import write_corpora

pytest.importorskip("symusic", reason=TRAINING)

import antiphon_models
from antiphon_models.errors import CorpusError
from antiphon_models.notes.corpora import FREE_CORPORA, NOT_FREE, credits, shippable
from antiphon_models.notes.dataset import Amount
from antiphon_models.notes.prepare import prepare


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_corpora(tmp_path / "corpora")


def test_a_piece_of_which_nothing_is_known_is_not_free(root: Path) -> None:
    for corpus in FREE_CORPORA:
        index = root / corpus.folder / "index.json"
        if index.exists():
            index.write_text("{}")
            assert {source.refusal for source in corpus.sources(root)} == {NOT_FREE}


@pytest.mark.parametrize("credited", ["Stanford University", "Mutopia", "OpenEWLD", "GiantMIDI-Piano"])
def test_everybody_whose_music_is_learnt_is_credited(credited: str) -> None:
    assert sum(credited in corpus.credit for corpus in FREE_CORPORA) == 1
    assert len(FREE_CORPORA) == 4
    assert (
        credited in Path(antiphon_models.__file__).with_name("pretrained").joinpath("CREDITS.md").read_text()
    )


def test_what_is_shippable_is_what_is_free_in_its_split_and_the_rest_is_refused(root: Path) -> None:
    found = {source.name: source.refusal or source.listed for source in shippable(root)}
    for corpus in FREE_CORPORA:
        assert found[f"{corpus.folder}/learnt.mid"] == "train"
        assert found[f"{corpus.folder}/held-out.mid"] == "valid"
    not_free = [name for name, fate in found.items() if fate == NOT_FREE]
    assert len(not_free) == 3
    assert all(name.endswith("/not-free.mid") for name in not_free)
    assert credits() == [corpus.credit for corpus in FREE_CORPORA]


def test_a_corpus_that_is_missing_is_told_in_a_sentence(root: Path) -> None:
    (root / "openewld" / "splits.json").unlink()
    with pytest.raises(
        CorpusError, match=r"openewld/splits\.json is missing; name the folder that holds the four"
    ):
        shippable(root)


def test_facts_that_cannot_be_read_are_told_in_a_sentence(root: Path) -> None:
    (root / "openewld" / "index.json").write_text("[")
    with pytest.raises(CorpusError, match=r"index\.json cannot be used .*; copy the corpus again"):
        shippable(root)


def test_of_the_real_corpora_as_much_is_shippable_as_is_known_to_be_free(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    corpora: Path | None = request.config.getoption("--corpora")
    if corpora is None:
        pytest.skip("the corpora are not part of the project; name their folder with --corpora")
    manifest = prepare(shippable(corpora), tmp_path / "notes", credits(), is_shippable=True)
    assert manifest.left_out == {NOT_FREE: 385}
    assert manifest.splits == {
        "train": Amount(1113, 5_607_780),
        "valid": Amount(57, 366_006),
        "test": Amount(59, 269_984),
    }
