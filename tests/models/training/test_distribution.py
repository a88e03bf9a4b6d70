"""Two workers on the loopback learn what one learns that has all their lanes."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import sources
from antiphon_models.training.curves import read_curve
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import CHECKPOINT, WEIGHTS
from small_corpus import write_piece

QUICK = replace(
    Recipe(),
    lanes=4,
    window=16,
    steps=8,
    warm_up=2,
    learning_rate=0.02,
    steps_between_lines=1,
    minutes=60.0,
    minutes_between_exams=60.0,
    minutes_between_checkpoints=60.0,
)

WORKER = """
import json, os, sys
from pathlib import Path
os.environ.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1", TF_CPP_MIN_LOG_LEVEL="3")
sys.path[:0] = {paths!r}
from antiphon_models.training import distribution, train
from antiphon_models.errors import TrainingError
from antiphon_models.training.recipe import Recipe
from antiphon_models.spec import Spec

class Onlooker:
    steps = 0
    def see(self, report):
        self.steps = report.step
    def wants_it_to_stop(self):
        return self.steps == {stop_after}

train_on = distribution.train_on if {is_together} else train.train_on
given = Path({notes!r}), Spec(units=8, layers=1), Recipe(**{recipe!r}), Path({run!r}), Onlooker()
try:
    progress = train_on(*given)
except TrainingError as error:
    sys.exit(str(error))
print(progress is not None)
"""

LONGEST = 240.0
"""Seconds that a worker may take to start, learn and end; one that hangs is killed then."""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for seed in range(6):
        write_piece(folder / f"{seed}.mid", seed)
    lists = {"train": [f"{seed}.mid" for seed in range(5)], "valid": ["5.mid"]}
    (folder / "splits.json").write_text(json.dumps(lists))
    prepare(sources(folder), folder.with_name("notes"), ["nobody"], workers=1)
    return folder.with_name("notes")


def start(notes: Path, run: Path, config: dict[str, Any] | None, stop_after: int = -1, **changes: Any) -> Any:
    script = WORKER.format(
        paths=sys.path,
        stop_after=stop_after,
        is_together=config is not None,
        notes=str(notes),
        recipe=asdict(replace(QUICK, **changes)),
        run=str(run),
    )
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow"}
    environment.pop("TF_CONFIG", None)
    if config is not None:
        environment["TF_CONFIG"] = json.dumps(config)
    command = [sys.executable, "-c", script]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ends(workers: Sequence[Any]) -> list[tuple[int, str, str]]:
    """Return how each ended, what it printed and what it complained of."""
    try:
        told = [worker.communicate(timeout=LONGEST) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    return [(worker.returncode, *each) for worker, each in zip(workers, told, strict=True)]


def configs() -> list[dict[str, Any]]:
    """Return TF_CONFIG of two workers on ports that are free."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        workers = [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, other)]
    return [{"cluster": {"worker": workers}, "task": {"type": "worker", "index": each}} for each in range(2)]


def together(notes: Path, runs: Sequence[Path], **changes: Any) -> list[tuple[int, str, str]]:
    started = [start(notes, run, config, **changes) for run, config in zip(runs, configs(), strict=True)]
    return ends(started)


def losses(run: Path) -> list[float]:
    return [line["bits_per_event"] for line in read_curve(run) if "bits_per_event" in line]


@pytest.fixture(scope="module")
def alone(notes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("alone")
    ((code, _, complaint),) = ends([start(notes, run, None)])
    assert code == 0, complaint
    return run


def assert_same(run: Path, other: Path) -> None:
    assert len(losses(run)) == QUICK.steps
    np.testing.assert_allclose(losses(run), losses(other), atol=1e-4)
    assert read_curve(run)[-1]["held_out"] == pytest.approx(read_curve(other)[-1]["held_out"], abs=1e-4)


def test_two_workers_learn_what_one_learns_and_only_the_first_writes(
    notes: Path, alone: Path, tmp_path: Path
) -> None:
    runs = [tmp_path / "first", tmp_path / "second"]
    outcomes = together(notes, runs)
    assert [code for code, *_ in outcomes] == [0, 0], outcomes
    assert [said.strip() for _, said, _ in outcomes] == ["True", "False"]
    assert_same(runs[0], alone)
    with np.load(runs[0] / CHECKPOINT) as kept, np.load(alone / CHECKPOINT) as other:
        assert set(kept.files) == set(other.files)
        assert (kept["places"] == other["places"]).all()
        for name in other.files:
            if name != "progress":
                np.testing.assert_allclose(kept[name], other[name], atol=1e-4, err_msg=name)
    assert (runs[0] / WEIGHTS).exists()
    assert not runs[1].exists()


def test_any_worker_may_stop_it_and_one_alone_goes_on_to_the_same_curve(
    notes: Path, alone: Path, tmp_path: Path
) -> None:
    """The second wants to stop at once, as it sees no step; the first takes the one that is ordered."""
    runs = [tmp_path / "first", tmp_path / "second"]
    waits = [-1, 0]
    started = [start(notes, *each) for each in zip(runs, configs(), waits, strict=True)]
    outcomes = ends(started)
    assert [code for code, *_ in outcomes] == [1, 1], outcomes
    assert "stopped after step 1; the same command goes on" in outcomes[0][2]
    assert "stopped; the same command on all workers goes on" in outcomes[1][2]
    assert not runs[1].exists()
    ((code, _, complaint),) = ends([start(notes, runs[0], None)])
    assert code == 0, complaint
    assert_same(runs[0], alone)


def test_a_worker_that_is_lost_ends_the_others_with_a_sentence(notes: Path, tmp_path: Path) -> None:
    """The second is killed while the first waits for its part of a run that would never end."""
    runs = [tmp_path / "first", tmp_path / "second"]
    started = [
        start(notes, run, config, steps=1_000_000) for run, config in zip(runs, configs(), strict=True)
    ]
    try:
        wait_for(runs[0] / "curve.jsonl", started)
        started[1].kill()
        (_, _, complaint), _ = outcomes = ends(started)
    finally:
        for worker in started:
            worker.kill()
    assert [code for code, *_ in outcomes] == [1, -9]
    assert complaint.strip().endswith(
        "a worker was lost; start all of them again, and they go on from the last checkpoint"
    )


def wait_for(curve: Path, workers: Sequence[Any]) -> None:
    """Wait until a run has written a line of its curve."""
    until = time.monotonic() + LONGEST
    while not (curve.exists() and curve.stat().st_size):
        assert time.monotonic() < until
        assert all(worker.poll() is None for worker in workers)
        select.select([], [], [], 0.2)
