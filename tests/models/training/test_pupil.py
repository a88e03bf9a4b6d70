"""A pupil begins the same for the same seed, and goes on from where it was."""

from dataclasses import replace

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.spec import Spec
from antiphon_models.training.pupil import Pupil
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.train import lanes_of
from random_pieces import random_piece

SPEC = Spec(units=4, layers=1)
RECIPE = replace(Recipe(), lanes=2, window=8)
MUSIC = [random_piece(seed, 40) for seed in range(3)]


def pupil(recipe: Recipe = RECIPE) -> Pupil:
    return Pupil(SPEC, recipe, lanes_of(MUSIC, recipe))


def test_the_same_seed_begins_the_same_and_another_differently() -> None:
    one, same, other = (pupil(replace(RECIPE, seed=seed)).network.get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_it_hears_what_comes_next_after_what_it_remembers() -> None:
    first = pupil()
    first.learn(0.01)
    memory = first.memory()
    second = pupil()
    second.remember(memory)
    assert memory["places"].tolist() == [[0, 8], [0, 8]]
    assert [first.learn(0.01) for _ in range(2)] == pytest.approx([second.learn(0.01) for _ in range(2)])


def test_a_memory_of_more_lanes_is_not_its_own() -> None:
    with pytest.raises(ValueError, match="zip"):
        pupil().remember(pupil(replace(RECIPE, lanes=3)).memory())
