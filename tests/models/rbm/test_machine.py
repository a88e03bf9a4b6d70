"""The machine itself, held against what follows from its definition state by state."""

from itertools import product

import numpy as np
import pytest

from antiphon_models.rbm.machine import (
    Machine,
    free_energy,
    hidden_chances,
    log_odds,
    newborn,
    pseudo_likelihood,
    reconstruction_error,
    visible_logits,
)
from antiphon_models.rbm.visible import Floats, Keys, Layer, Units, sigmoid

STEPS, KEYS = 3, 1
VISIBLE, HIDDEN = STEPS * 2 * KEYS, 3
RANDOM = np.random.default_rng(1)
MACHINE = Machine(
    RANDOM.normal(0.0, 1.0, (VISIBLE, HIDDEN)).astype(np.float32),
    RANDOM.normal(0.0, 1.0, VISIBLE).astype(np.float32),
    RANDOM.normal(0.0, 1.0, HIDDEN).astype(np.float32),
)
ANYTHING, HIDDENS = (
    np.array(list(product((0.0, 1.0), repeat=units)), np.float32) for units in (VISIBLE, HIDDEN)
)


def is_music(state: Floats) -> bool:
    """Whether a key is never struck and held at once, and held only where it sounded before."""
    struck, held = state.reshape(STEPS, 2, KEYS).swapaxes(0, 1) > 0
    return not (struck & held).any() and not (held[1:] & ~(struck | held)[:-1]).any()


MUSIC = np.array([state for state in ANYTHING if is_music(state)])
LAYERS: list[tuple[Layer, Floats]] = [(Units(), ANYTHING), (Keys(STEPS, KEYS), MUSIC)]
"""Each layer with all states that it allows."""


def joint(states: Floats) -> Floats:
    """Return the unnormalised chance of each state of the visible units with each of the hidden ones."""
    weights: Floats = np.exp(
        states @ MACHINE.weights @ HIDDENS.T
        + (states @ MACHINE.visible)[:, None]
        + (HIDDENS @ MACHINE.hidden)[None]
    )
    return weights


def test_the_free_energy_sums_the_hidden_units_out() -> None:
    np.testing.assert_allclose(np.exp(-free_energy(MACHINE, ANYTHING)), joint(ANYTHING).sum(1), rtol=1e-4)


def test_the_chances_of_the_hidden_units_are_those_of_the_joint_distribution() -> None:
    chances = joint(ANYTHING) @ HIDDENS / joint(ANYTHING).sum(1, keepdims=True)
    np.testing.assert_allclose(hidden_chances(MACHINE, ANYTHING), chances, rtol=1e-4)


@pytest.mark.parametrize(("layer", "states"), LAYERS)
def test_the_surprise_at_visible_units_given_hidden_ones_is_that_of_the_joint_distribution(
    layer: Layer, states: Floats
) -> None:
    logits = visible_logits(MACHINE, HIDDENS)
    given_hidden = joint(states) / joint(states).sum(0)
    expected = (states @ logits.T) - layer.log_sum(logits)
    np.testing.assert_allclose(np.exp(expected), given_hidden, rtol=1e-3)


@pytest.mark.parametrize(("layer", "states"), LAYERS)
def test_the_pseudo_likelihood_is_that_of_each_cell_given_the_others(layer: Layer, states: Floats) -> None:
    chance = joint(states).sum(1)
    total = 0.0
    for cell in layer.cells(states):
        rest = np.delete(np.arange(VISIBLE), cell.units)
        for number, state in enumerate(states):
            alike = (states[:, rest] == state[rest]).all(1)
            total += np.log(chance[number] / chance[alike].sum())
    assert pseudo_likelihood(MACHINE, layer, states) == pytest.approx(total / len(states), rel=1e-3)


def test_a_newborn_machine_knows_how_often_each_unit_is_on_and_no_more() -> None:
    means = np.array([0.1, 0.5, 0.9], np.float32)
    machine = newborn(log_odds(means), 4, np.random.default_rng(1))
    np.testing.assert_allclose(sigmoid(machine.visible.copy()), means, rtol=1e-4)
    assert np.abs(machine.weights).max() < 0.1
    assert np.isfinite(log_odds(np.array([0.0, 1.0], np.float32))).all()


def test_what_is_certain_is_reconstructed_without_error() -> None:
    sure = Machine(np.zeros((2, 1), np.float32), np.array([50.0, -50.0], np.float32), np.zeros(1, np.float32))
    assert reconstruction_error(sure, Units(), np.array([[1.0, 0.0]], np.float32)) == pytest.approx(0.0)
    assert reconstruction_error(sure, Units(), np.array([[0.0, 0.0]], np.float32)) > 10
