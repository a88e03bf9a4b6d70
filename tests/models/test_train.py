"""Training: something is learnt, and left where it can be found."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import pytest

from missing import TRAINING
from small_corpus import write_corpora, write_piece

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras

from antiphon_models.network import build
from antiphon_models.pieces import read_piece
from antiphon_models.spec import Losses, Spec
from antiphon_models.train import Recipe, Trainer, learning_rate, run, save
from antiphon_models.windows import Augmentation, Lane, Window, endless, windows

# Keras writes weights through an interface of numpy that numpy means to change.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

SMALL = Spec(units=16, layers=2)
TINY = Spec(units=4, layers=1)
QUICK = replace(Recipe(), lanes=4, window=16, steps=40, warm_up=5, learning_rate=0.02, clip=5.0)


def lessons(path: Path, recipe: Recipe) -> Iterator[Window]:
    piece = read_piece(write_piece(path / "piece.mid", seed=1))
    rng = np.random.default_rng(1)
    still = Augmentation(down=0, up=0, tempo=0.0)
    return windows([Lane(endless([piece], still, rng)) for _ in range(recipe.lanes)], recipe.window)


def test_training_lowers_the_loss(tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    trainer = Trainer(build(SMALL), QUICK)
    losses = [trainer.learn(window, 0.02) for window in islice(lessons(tmp_path, QUICK), 60)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


def test_the_rate_rises_for_a_while_and_then_falls_to_nothing() -> None:
    recipe = replace(Recipe(), learning_rate=0.01, warm_up=100)
    assert learning_rate(recipe, 0, 0.0) == pytest.approx(0.0001)
    assert learning_rate(recipe, 49, 0.0) == pytest.approx(0.005)
    assert learning_rate(recipe, 1000, 0.5) == pytest.approx(0.005)
    assert learning_rate(recipe, 1000, 1.0) == 0.0


def test_a_run_leaves_weights_spec_recipe_curve_and_held_out_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    run(TINY, replace(QUICK, steps=101, lanes=2, window=4), write_corpora(tmp_path / "corpora"), folder)
    assert msgspec.json.decode((folder / "spec.json").read_bytes(), type=Spec) == TINY
    assert json.loads((folder / "recipe.json").read_text())["steps"] == 101
    [line] = [json.loads(line) for line in (folder / "curve.jsonl").read_text().splitlines()]
    assert line["step"] == 100
    held_out = msgspec.json.decode((folder / "valid.json").read_bytes(), type=Losses)
    assert 0.0 < held_out.bits_per_event < 18.0
    network = build(TINY)
    fresh = [weight.copy() for weight in network.get_weights()]
    network.load_weights(folder / "weights.weights.h5")
    assert any(not np.array_equal(a, b) for a, b in zip(fresh, network.get_weights(), strict=True))
    assert f"valid: {held_out.bits_per_event:.3f} bits per event" in capsys.readouterr().out


def test_saved_weights_come_back(tmp_path: Path) -> None:
    saved, other = build(SMALL), build(SMALL)
    save(saved, tmp_path)
    other.load_weights(tmp_path / "weights.weights.h5")
    for one, another in zip(saved.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(one, another)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.weights.h5"]


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_last_weights(tmp_path: Path) -> None:
    corpora, folder = write_corpora(tmp_path / "corpora"), tmp_path / "run"
    with pytest.raises(SystemExit, match="the loss became"):
        run(TINY, replace(QUICK, learning_rate=1e38, clip=1e38, warm_up=1), corpora, folder)
    assert not (folder / "weights.weights.h5").exists()
