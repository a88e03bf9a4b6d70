"""A machine taught on a folder, stopped, and gone on with."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING
from small_corpus import write_corpora, write_piece

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import CorpusError, OptionsError
from antiphon_models.rbm.command import free_corpora, music_in, train
from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.scores import Sections, fingerprint, read_music
from antiphon_models.rbm.spec import RbmSpec
from antiphon_models.rbm.training import Windows, load
from antiphon_models.rbm.training import train as teach
from antiphon_models.stages import unseen
from antiphon_models.training.runs import Music, RunError, family_of, spec_of
from antiphon_models.wanted import Wanted

SPEC = RbmSpec(hidden=8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    for seed in range(12):
        write_piece(tmp_path / "music" / f"{seed}.mid", seed)
    return tmp_path / "music"


def wanted(folder: Path, out: Path, **numbers: float) -> Wanted:
    return Wanted(folder, out, ["me"], numbers)


def test_a_folder_of_music_becomes_a_run(folder: Path, tmp_path: Path) -> None:
    train(wanted(folder, tmp_path / "run", steps=20, units=8))
    assert family_of(tmp_path / "run") == "rbm"
    spec = spec_of(tmp_path / "run", RbmSpec)
    assert load(tmp_path / "run").weights.shape == (spec.visible, 8)


def test_a_run_goes_on_where_it_was_stopped(folder: Path, tmp_path: Path) -> None:
    sections = read_music(music_in(folder), SPEC).splits["train"]
    music = Music("same", ["me"], False)
    lesson = Lesson(steps=30, minutes=60)

    def stopped(done: int, of: int) -> None:
        if done >= of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        teach(sections, SPEC, lesson, music, tmp_path / "run", stopped)
    told: list[int] = []
    trained = teach(sections, SPEC, lesson, music, tmp_path / "run", lambda done, of: told.append(done))
    assert trained.steps == 30
    assert min(told) >= 500


def test_other_options_are_refused_in_the_folder_of_a_run(folder: Path, tmp_path: Path) -> None:
    train(wanted(folder, tmp_path / "run", steps=5, units=8))
    with pytest.raises(RunError, match="hidden 8 and not 9"):
        train(wanted(folder, tmp_path / "run", steps=5, units=9))
    with pytest.raises(OptionsError, match="--dropout"):
        train(wanted(folder, tmp_path / "other", dropout=0.5))


def test_a_folder_without_written_music_is_refused(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    with pytest.raises(CorpusError, match="no written music"):
        train(wanted(tmp_path / "music", tmp_path / "run", steps=5))


def test_of_the_published_corpora_only_what_is_free_and_written_is_learnt(tmp_path: Path) -> None:
    root = write_corpora(tmp_path / "corpora")
    assert [corpus.folder for corpus in free_corpora(root)] == ["mutopia-keyboard", "openewld"]
    read = read_music(music_in(root), SPEC)
    assert read.splits["train"].pieces == read.splits["valid"].pieces == 2
    assert sum(read.refused.values()) == 2


def test_windows_follow_one_another_or_are_drawn_from_anywhere() -> None:
    frames = np.zeros((40, 2, SPEC.keys), np.bool_)
    frames[np.arange(40), 0, np.arange(40)] = True
    windows = Windows(Sections([frames, frames[:20]], 1), SPEC)
    apart = windows.apart().reshape(-1, SPEC.steps, 2, SPEC.keys)
    assert len(apart) == 2 + 1
    assert (apart[1] == frames[15:30]).all()
    drawn = windows.some(50, np.random.default_rng(1)).reshape(-1, SPEC.steps, 2, SPEC.keys)
    assert (drawn[:, :, 0].sum((1, 2)) == SPEC.steps).all()
    assert len(windows.apart(most=2)) == 2


def test_music_has_the_same_fingerprint_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    first = fingerprint(read_music(music_in(folder), SPEC, unseen))
    folder.rename(tmp_path / "elsewhere")
    assert fingerprint(read_music(music_in(tmp_path / "elsewhere"), SPEC, unseen)) == first
