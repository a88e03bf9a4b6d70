"""The published benchmark, as a whole."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

from antiphon_models.notes.splits import Split
from antiphon_models.pianorolls.benchmark import CORPORA, CorpusName, Result, run, table
from antiphon_models.pianorolls.frames import RollError, changes_of, read_rolls, roll_of
from antiphon_models.pianorolls.measure import NatsPerFrame

PUBLISHED_FRAMES: list[tuple[CorpusName, Split, int]] = [
    ("nottingham", "train", 176_561),
    ("nottingham", "valid", 45_513),
    ("nottingham", "test", 44_463),
    ("jsb", "train", 13_807),
    ("jsb", "valid", 4_602),
    ("jsb", "test", 4_725),
]


def test_a_folder_without_the_matrices_is_refused_before_anything_is_learnt(tmp_path: Path) -> None:
    with pytest.raises(RollError, match=r"Nottingham\.mat is missing"):
        run(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_published_figures_stand_beside_ours() -> None:
    ours = NatsPerFrame(2.0, 1.9, 2.1)
    lines = table([Result("nottingham", 1000, ours, ours), Result("jsb", 2000, ours, ours)]).splitlines()
    assert lines[0] == "| nats per frame, test | Nottingham | JSB chorales |"
    assert any(line.startswith("| RNN-NADE") and line.endswith("| 2.31 | 5.56 |") for line in lines)
    assert "| Antiphon, all frames | 2.000 | 2.000 |" in lines
    assert {line.count("|") for line in lines} == {4}


@pytest.mark.parametrize(("name", "split", "frames"), PUBLISHED_FRAMES)
def test_the_published_rolls_have_the_published_frames_and_come_back_from_their_changes(
    request: pytest.FixtureRequest, name: CorpusName, split: Split, frames: int
) -> None:
    corpora: Path | None = request.config.getoption("--corpora")
    if corpora is None:
        pytest.skip("the corpora are not part of the project; name their folder with --corpora")
    rolls = read_rolls(corpora / "pianoroll-mat" / CORPORA[name].file, split)
    assert sum(map(len, rolls)) == frames
    assert all(np.array_equal(roll_of(changes_of(roll), *roll.shape), roll) for roll in rolls)
