"""Accelerators tried in processes of their own: what they take, and what becomes of those that misbehave."""

import os
from pathlib import Path

import pytest

from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.stopwatch import STEPS, try_out
from missing import TRAINING
from small_models import small_model
from toy_delegates import build_delegate
from vulkan import a_gpu, hide_every_gpu

DEFAULT = find_network("default").path


def test_the_cpu_is_timed_beside_its_bare_graph() -> None:
    trial = try_out(DEFAULT, "cpu")
    assert trial.trouble == ""
    assert 0 < trial.steps <= STEPS
    assert trial.step is not None
    assert trial.bare is not None
    assert 0 < trial.bare.median < trial.step.median <= trial.step.p99
    assert trial.seconds_for_an_event > 0
    assert (trial.state_error, trial.drawn_otherwise) == (0.0, 0)


def test_the_gpu_is_compared_with_the_cpu(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason=TRAINING)
    pytest.importorskip("symusic", reason=TRAINING)
    with a_gpu():
        trial = try_out(small_model(tmp_path / "float32", "float32").path, "gpu")
    assert trial.trouble == ""
    assert trial.device
    assert trial.step is not None
    assert trial.step.median > 0
    assert trial.state_error < 1e-4
    assert trial.drawn_otherwise == 0


def test_a_machine_without_a_gpu_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ai_edge_litert.compiled_model", reason="tflite-runtime has no GPU path")
    hide_every_gpu(monkeypatch)
    trial = try_out(DEFAULT, "gpu")
    assert trial.exit_code == 2
    assert trial.trouble == (
        "this machine has no GPU with a Vulkan driver; install one (Debian: mesa-vulkan-drivers), "
        'or set engine.accelerator = "cpu"'
    )


def test_a_driver_that_crashes_takes_nobody_along(tmp_path: Path) -> None:
    trial = try_out(DEFAULT, str(build_delegate(tmp_path, "CRASHES")))
    assert (trial.trouble, trial.exit_code) == ("its driver ended the trial with SIGABRT", 1)
    assert trial.step is None


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    trial = try_out(tmp_path / "model.tflite", "cpu")
    assert trial.exit_code == 4
    assert "there is no model file" in trial.trouble


def test_what_lies_in_the_current_folder_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('not the real one')")
    monkeypatch.chdir(tmp_path)
    assert os.listdir() == ["numpy.py"]
    assert try_out(DEFAULT, "cpu").trouble == ""
