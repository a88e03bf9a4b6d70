"""A training run: something is learnt, it is left where it can be found, and nothing is lost on the way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from missing import TRAINING
from small_disk import fill, small_disk

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.errors import CorpusError
from antiphon_models.network import build
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import CheckpointError
from antiphon_models.training.curves import read_curve
from antiphon_models.training.pupil import Pupil
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import CHECKPOINT, WEIGHTS
from antiphon_models.training.train import (
    DivergedError,
    InterruptedRun,
    Report,
    Run,
    check,
    exam_of,
    lanes_of,
)
from antiphon_models.training.weights import load_weights
from random_pieces import random_piece

TINY = Spec(units=4, layers=1)
QUICK = replace(
    Recipe(),
    lanes=2,
    window=8,
    steps=10,
    warm_up=2,
    steps_between_lines=2,
    minutes=60.0,
    minutes_between_exams=60.0,
    minutes_between_checkpoints=60.0,
    held_out_events=100,
)
MUSIC = [random_piece(seed, 40, has_parts=True, is_gridded=True) for seed in range(3)]
HELD_OUT = [random_piece(seed, 20) for seed in range(3, 5)]


class Onlooker:
    """Remembers what it saw, and wants a run to stop after some step."""

    def __init__(self, stop_after: int = 1_000_000) -> None:
        self.seen: list[Report] = []
        self._stop_after = stop_after

    def see(self, report: Report) -> None:
        self.seen.append(report)

    def wants_it_to_stop(self) -> bool:
        return self.seen[-1].step >= self._stop_after


class FillsTheDisk(Onlooker):
    """Fills a disk after some step."""

    def __init__(self, folder: Path, after: int) -> None:
        super().__init__(after + 1)
        self._folder = folder
        self._after = after

    def wants_it_to_stop(self) -> bool:
        if self.seen[-1].step == self._after:
            fill(self._folder)
        return super().wants_it_to_stop()


def train(spec: Spec, recipe: Recipe, held_out: Sequence[Piece], folder: Path, onlooker: Onlooker) -> None:
    pupil = Pupil(spec, recipe, lanes_of(MUSIC, recipe))
    Run(pupil, exam_of(pupil.network, held_out, recipe), folder, recipe).go_on(onlooker)


def begin(folder: Path, onlooker: Onlooker | None = None, **changes: Any) -> Onlooker:
    """Train, or go on, in a folder, and return who looked on."""
    folder.mkdir(exist_ok=True)
    onlooker = onlooker or Onlooker()
    train(TINY, replace(QUICK, **changes), HELD_OUT, folder, onlooker)
    return onlooker


def losses(folder: Path) -> list[tuple[int, float]]:
    return [(line["step"], line["bits_per_event"]) for line in read_curve(folder) if "bits_per_event" in line]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Onlooker]:
    """A run that nothing came between."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, begin(folder, dropout=0.3)


def test_a_run_leaves_its_curve_its_best_weights_and_what_it_takes_to_go_on(
    whole: tuple[Path, Onlooker],
) -> None:
    folder, onlooker = whole
    assert [report.step for report in onlooker.seen] == list(range(1, 11))
    assert [report.share for report in onlooker.seen] == pytest.approx(np.arange(1, 11) / 10)
    *lines, exam = read_curve(folder)
    assert [line["step"] for line in lines] == [2, 4, 6, 8, 10]
    bits = [report.bits_per_event for report in onlooker.seen]
    means = [(before + after) / 2 for before, after in zip(bits[::2], bits[1::2], strict=True)]
    assert [line["bits_per_event"] for line in lines] == pytest.approx(means, abs=1e-6)
    assert exam["step"] == 10
    assert exam["held_out"] == pytest.approx(exam["dt"] + exam["velocity"] + exam["pitch"])
    network = build(TINY)
    fresh = [weight.copy() for weight in network.get_weights()]
    load_weights(network, folder / WEIGHTS)
    assert any(not np.array_equal(a, b) for a, b in zip(fresh, network.get_weights(), strict=True))
    assert (folder / CHECKPOINT).exists()


def test_a_run_that_is_over_is_not_run_again(whole: tuple[Path, Onlooker]) -> None:
    folder, _ = whole
    curve = read_curve(folder)
    assert begin(folder, dropout=0.3).seen == []
    assert read_curve(folder) == curve


def assert_same_curve(folder: Path, other: Path) -> None:
    np.testing.assert_allclose(losses(folder), losses(other), atol=1e-5)
    one, another = (read_curve(each)[-1]["held_out"] for each in (folder, other))
    assert one == pytest.approx(another, abs=1e-5)


def test_a_run_that_was_interrupted_goes_on_to_the_same_curve(
    whole: tuple[Path, Onlooker], tmp_path: Path
) -> None:
    """Stopped after an odd step, so that a line of the curve is half done and a piece half heard."""
    with pytest.raises(InterruptedRun, match="stopped after step 5; the same command goes on"):
        begin(tmp_path, Onlooker(stop_after=5), dropout=0.3)
    assert not (tmp_path / WEIGHTS).exists()
    with np.load(tmp_path / CHECKPOINT) as kept:
        assert kept["places"].tolist() == [[0, 40], [0, 40]]
        assert json.loads(bytes(kept["progress"]))["step"] == 5
    onlooker = begin(tmp_path, dropout=0.3)
    assert [report.step for report in onlooker.seen] == [6, 7, 8, 9, 10]
    assert_same_curve(tmp_path, whole[0])


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from test_train import Onlooker, begin

class Killer(Onlooker):
    def wants_it_to_stop(self):
        if self.seen[-1].step == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

begin(Path({folder!r}), Killer(), minutes_between_checkpoints=0.0, dropout=0.3)
"""


def test_a_run_that_was_killed_goes_on_to_the_same_curve(
    whole: tuple[Path, Onlooker], tmp_path: Path
) -> None:
    """Killed with a line of the curve written after the last checkpoint,."""
    paths = [*sys.path, str(Path(__file__).parent)]
    script = KILLED.format(paths=paths, folder=str(tmp_path))
    outcome = subprocess.run([sys.executable, "-c", script], env=os.environ, capture_output=True, check=False)
    assert outcome.returncode == -signal.SIGKILL, outcome.stderr.decode()
    with (tmp_path / "curve.jsonl").open("a") as curve:
        curve.write('{"step": 8, "bits_per_event": 99.0}\n{"step": 10, "bits_p')
    onlooker = begin(tmp_path, minutes_between_checkpoints=0.0, dropout=0.3)
    assert [report.step for report in onlooker.seen] == [7, 8, 9, 10]
    assert_same_curve(tmp_path, whole[0])


def test_the_best_weights_are_kept_and_a_run_that_gets_no_better_is_ended(tmp_path: Path) -> None:
    """A rate of nothing after the warm-up: every exam has the result of the first."""
    onlooker = begin(tmp_path, learning_rate=0.0, minutes_between_exams=0.0, patience=3, steps=100)
    assert len(onlooker.seen) == 4
    exams = [line["held_out"] for line in read_curve(tmp_path) if "held_out" in line]
    assert exams == [exams[0]] * 4


def test_without_held_out_music_the_last_weights_are_kept(tmp_path: Path) -> None:
    train(TINY, QUICK, [], tmp_path, Onlooker())
    assert (tmp_path / WEIGHTS).exists()
    assert not any("held_out" in line for line in read_curve(tmp_path))


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_what_was_good(tmp_path: Path) -> None:
    wild: dict[str, Any] = {"learning_rate": 1e38, "clip": 1e38, "warm_up": 1}
    with pytest.raises(DivergedError, match=r"at step .*train into another folder with a lower") as told:
        begin(tmp_path, **wild, minutes_between_checkpoints=0.0)
    assert ("is intact" in str(told.value)) == (tmp_path / CHECKPOINT).exists()
    if (tmp_path / CHECKPOINT).exists():
        with np.load(tmp_path / CHECKPOINT) as kept:
            assert all(np.isfinite(array).all() for array in kept.values())


def test_a_full_disk_is_told_in_a_sentence_and_the_last_checkpoint_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=1000) as disk:
        folder = disk / "run"
        with pytest.raises(CheckpointError, match=r"cannot be written \(no space left on device\)"):
            begin(folder, FillsTheDisk(disk, after=5), minutes_between_checkpoints=0.0)
        (disk / "filling").unlink()
        onlooker = begin(folder, minutes_between_checkpoints=0.0)
        assert onlooker.seen[0].step == 5
        assert onlooker.seen[-1].step == 10


def test_a_damaged_checkpoint_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(CheckpointError, match=r"checkpoint\.npz is damaged; delete it to begin again"):
        begin(tmp_path)


def test_a_checkpoint_of_another_network_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InterruptedRun):
        begin(tmp_path, Onlooker(stop_after=1))
    with pytest.raises(CheckpointError, match="is not of this run"):
        train(Spec(units=5, layers=1), QUICK, HELD_OUT, tmp_path, Onlooker())


@pytest.mark.parametrize(
    ("music", "sentence"),
    [([], "the train split is empty"), ([random_piece(1, 8)], "7 events to learn from, fewer than the 8 of")],
)
def test_too_little_music_is_told_in_a_sentence(music: list[Piece], sentence: str) -> None:
    with pytest.raises(CorpusError, match=sentence):
        check(music, QUICK)


def test_half_precision_learns_as_well(tmp_path: Path) -> None:
    onlooker = begin(tmp_path, precision=16, steps=20, learning_rate=0.02)
    seen = [report.bits_per_event for report in onlooker.seen]
    assert np.isfinite(seen).all()
    assert np.mean(seen[-5:]) < np.mean(seen[:5])
    with np.load(tmp_path / CHECKPOINT) as kept:
        assert all(array.dtype != np.float16 for array in kept.values())
