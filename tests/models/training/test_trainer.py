"""A network that learns: its loss falls, and it goes on from what it remembers."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras

from antiphon_models.lessons.augmentation import Augmentation, endless
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Lane, Window, windows
from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import Spec
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.trainer import Trainer, computing_in
from random_pieces import random_piece

SMALL = Spec(units=16, layers=2)
QUICK = replace(Recipe(), lanes=4, window=16, learning_rate=0.02, clip=5.0)


def lessons(recipe: Recipe = QUICK, hints: bool = True) -> Iterator[Window]:
    still = Augmentation(down=0, up=0, tempo=0.0, velocity=0.0, looseness=0.0)
    piece = random_piece(1, 81, has_parts=True)
    lanes = range(recipe.lanes)
    return windows(
        [Lane(endless([piece], still, 1, lane), Hints(1, lane) if hints else None) for lane in lanes],
        recipe.window,
    )


def test_training_lowers_the_loss() -> None:
    keras.utils.set_random_seed(1)
    trainer = Trainer(build(SMALL), QUICK)
    losses = [trainer.learn(window, 0.02) for window in islice(lessons(), 60)]
    assert np.mean(losses[-5:]) < 0.6 * np.mean(losses[:5])


def test_it_goes_on_from_what_it_remembers() -> None:
    keras.utils.set_random_seed(1)
    trainer, other = Trainer(build(SMALL, 0.2), QUICK), Trainer(build(SMALL, 0.2), QUICK)
    music = lessons()
    for window in islice(music, 3):
        trainer.learn(window, 0.01)
    other.remember(trainer.memory())
    for window in islice(music, 3):
        assert trainer.learn(window, 0.01) == pytest.approx(other.learn(window, 0.01), abs=1e-6)


def test_what_it_remembers_is_of_its_own_network() -> None:
    memory = Trainer(build(SMALL), QUICK).memory()
    with pytest.raises(ValueError, match="shape"):
        Trainer(build(Spec(units=8, layers=2)), QUICK).remember(memory)


def test_the_reported_loss_is_of_what_was_asked_of_nobody_in_particular() -> None:
    """At a rate of nothing, asking only changes what it learns from and not what it reports."""
    keras.utils.set_random_seed(1)
    network = build(SMALL)
    window = next(lessons(hints=False))
    first = window._replace(asked=np.where(np.arange(16) < 8, 0, 1)[np.newaxis].repeat(4, 0).astype(np.int32))
    cut = window._replace(weights=np.where(np.arange(16) < 8, window.weights, 0.0).astype(np.float32))
    reported = [Trainer(network, QUICK).learn(each, 0.0) for each in (first, cut)]
    assert reported[0] == pytest.approx(reported[1], abs=1e-5)


def layers_of(network: EventNetwork) -> list[Any]:
    return [network.dt_embedding, network.recurrences[0], network.heads.dt]


def test_half_precision_is_of_the_products_and_not_of_the_weights() -> None:
    with computing_in(16):
        halved = build(SMALL)
    assert {layer.compute_dtype for layer in layers_of(halved)} == {"float16"}
    assert {variable.dtype for variable in halved.variables} == {"float32"}
    assert {layer.compute_dtype for layer in layers_of(build(SMALL))} == {"float32"}
    features, state = halved((next(lessons()), halved.start_state(4)))
    assert {keras.backend.standardize_dtype(part.dtype) for part in [features, *state]} == {"float32"}
