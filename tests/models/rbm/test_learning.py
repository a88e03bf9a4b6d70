"""What a machine learns: patterns that it is shown again and again."""

import numpy as np
import pytest

from antiphon_models.rbm.learning import Learner, fitted_biases
from antiphon_models.rbm.lesson import Lesson, Method
from antiphon_models.rbm.machine import free_energy, log_odds, pseudo_likelihood
from antiphon_models.rbm.visible import Floats, Keys, Units

RANDOM = np.random.default_rng(1)
PATTERNS = np.array([[1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]], np.float32)


def shown(count: int) -> Floats:
    return PATTERNS[RANDOM.integers(0, 2, count)]


@pytest.mark.parametrize("method", ["cd", "pcd"])
def test_what_is_shown_becomes_likelier_than_anything_else(method: Method) -> None:
    lesson = Lesson(method=method, batch=32)
    means = PATTERNS.mean(0)
    learner = Learner(Units(), means, log_odds(means), 4, lesson)
    before = pseudo_likelihood(learner.machine, Units(), PATTERNS)
    for _ in range(1500):
        learner.learn(shown(lesson.batch), 0.1)
    assert pseudo_likelihood(learner.machine, Units(), PATTERNS) > before / 4
    mixed = np.array([[1, 0, 1, 0, 1, 0, 1, 0]], np.float32)
    assert free_energy(learner.machine, PATTERNS).max() < free_energy(learner.machine, mixed).min()


def test_the_same_seed_learns_the_same() -> None:
    batches = [shown(8) for _ in range(5)]

    def learnt() -> Floats:
        learner = Learner(Units(), PATTERNS.mean(0), log_odds(PATTERNS.mean(0)), 4, Lesson(batch=8))
        for batch in batches:
            learner.learn(batch, 0.1)
        return learner.machine.weights

    np.testing.assert_array_equal(learnt(), learnt())


def test_biases_are_fitted_to_how_often_keys_are_struck_and_held() -> None:
    keys = Keys(6, 2)
    means = np.tile(np.array([[0.1, 0.3], [0.2, 0.05]], np.float32), (6, 1, 1)).ravel()
    biases = fitted_biases(keys, means, RANDOM)
    drawn = keys.draw(np.repeat(biases[None], 20_000, axis=0), RANDOM)
    np.testing.assert_allclose(drawn.mean(0), means, atol=0.03)
