"""Learning from rolls."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

import msgspec

from antiphon_models.errors import TrainingError
from antiphon_models.pianorolls.frames import Roll
from antiphon_models.pianorolls.measure import nats_of, nats_per_frame
from antiphon_models.pianorolls.pupil import Forgetting
from antiphon_models.pianorolls.training import Class, Course, trained
from antiphon_models.spec import Spec
from antiphon_models.training.recipe import Recipe

SMALL = Course(
    Recipe(lanes=2, window=16, steps=60, learning_rate=2e-2, warm_up=5),
    Forgetting(into=0.05, between=0.1, out=0.1, recurrent=0.1, heads=0.1),
    Spec(units=16, layers=2),
)


def with_recipe(**changes: Any) -> Course:
    return msgspec.structs.replace(SMALL, recipe=replace(SMALL.recipe, **changes))


def scales() -> list[Roll]:
    """Return rolls in which one key follows another upwards, each a frame long."""
    return [np.roll(np.eye(12, 88, dtype=np.bool_), 30 + first, axis=1) for first in range(4)]


def weights_of(class_: Class) -> list[npt.NDArray[np.float32]]:
    return [np.asarray(weight) for weight in class_.pupil.trainable_variables]


def test_what_was_learnt_is_less_of_a_surprise(tmp_path: Path) -> None:
    ignorant = Class(SMALL, scales()).pupil
    before = nats_per_frame(nats_of(ignorant, scales())).frames
    lines: list[str] = []
    after = nats_per_frame(nats_of(trained(SMALL, scales(), tmp_path, lines.append), scales())).frames
    assert after < before / 2
    assert lines


def test_a_run_that_was_stopped_comes_to_the_same_weights(tmp_path: Path) -> None:
    straight, stopped = Class(SMALL, scales()), Class(SMALL, scales())
    for _ in range(9):
        straight.learn()
    for _ in range(4):
        stopped.learn()
    stopped.save(tmp_path / "checkpoint.npz")
    again = Class(SMALL, scales())
    again.resume(tmp_path / "checkpoint.npz")
    for _ in range(5):
        again.learn()
    assert again.step == straight.step
    for one, other in zip(weights_of(again), weights_of(straight), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    short = with_recipe(steps=2)
    first = nats_of(trained(short, scales(), tmp_path, lambda _: None), scales())
    lines: list[str] = []
    again = nats_of(trained(short, [], tmp_path, lines.append), scales())
    assert again == first
    assert lines == []


def test_a_folder_of_another_recipe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "course.json").write_bytes(msgspec.json.encode(SMALL))
    with pytest.raises(TrainingError, match="another recipe"):
        trained(with_recipe(seed=2), scales(), tmp_path, lambda _: None)


def test_a_loss_that_is_no_number_stops_the_run(tmp_path: Path) -> None:
    astray = with_recipe(learning_rate=float("inf"))
    with pytest.raises(TrainingError, match="step"):
        trained(astray, scales(), tmp_path, lambda _: None)
    assert not (tmp_path / "weights.npz").exists()
