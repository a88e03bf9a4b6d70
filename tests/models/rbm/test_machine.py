"""The machine itself, held against what follows from its definition state by state."""

from itertools import product

import numpy as np
import pytest

from antiphon_models.rbm.machine import (
    Machine,
    drawn,
    free_energy,
    hidden_chances,
    log_odds,
    newborn,
    pseudo_likelihood,
    reconstruction_error,
    sigmoid,
    visible_chances,
)

VISIBLE, HIDDEN = 5, 3
RANDOM = np.random.default_rng(1)
MACHINE = Machine(
    RANDOM.normal(0.0, 1.0, (VISIBLE, HIDDEN)).astype(np.float32),
    RANDOM.normal(0.0, 1.0, VISIBLE).astype(np.float32),
    RANDOM.normal(0.0, 1.0, HIDDEN).astype(np.float32),
)
VISIBLES, HIDDENS = (
    np.array(list(product((0.0, 1.0), repeat=units)), np.float32) for units in (VISIBLE, HIDDEN)
)
JOINT = np.exp(
    VISIBLES @ MACHINE.weights @ HIDDENS.T
    + (VISIBLES @ MACHINE.visible)[:, None]
    + (HIDDENS @ MACHINE.hidden)[None]
)
"""The unnormalised chance of each state of the visible units with each of the hidden ones."""


def test_the_free_energy_sums_the_hidden_units_out() -> None:
    np.testing.assert_allclose(np.exp(-free_energy(MACHINE, VISIBLES)), JOINT.sum(1), rtol=1e-4)


def test_the_chances_of_either_layer_are_those_of_the_joint_distribution() -> None:
    given_visible = JOINT @ HIDDENS / JOINT.sum(1, keepdims=True)
    np.testing.assert_allclose(hidden_chances(MACHINE, VISIBLES), given_visible, rtol=1e-4)
    given_hidden = JOINT.T @ VISIBLES / JOINT.sum(0)[:, None]
    np.testing.assert_allclose(visible_chances(MACHINE, HIDDENS), given_hidden, rtol=1e-4)


def test_the_pseudo_likelihood_is_that_of_each_unit_given_the_others() -> None:
    chance = JOINT.sum(1)
    index = {tuple(state): number for number, state in enumerate(VISIBLES.tolist())}
    total = 0.0
    for state in VISIBLES.tolist():
        for unit in range(VISIBLE):
            turned = [*state[:unit], 1.0 - state[unit], *state[unit + 1 :]]
            here, there = chance[index[tuple(state)]], chance[index[tuple(turned)]]
            total += np.log(here / (here + there))
    assert pseudo_likelihood(MACHINE, VISIBLES) == pytest.approx(total / len(VISIBLES), rel=1e-4)


def test_a_bias_can_forbid_a_unit_and_cold_makes_chances_extreme() -> None:
    forbidden = np.array([-1e4, 0, 0, 0, 0], np.float32)
    assert visible_chances(MACHINE, HIDDENS, bias=forbidden)[:, 0].max() < 1e-30
    cold = visible_chances(MACHINE, HIDDENS, beta=1e3)
    assert np.all((cold < 0.05) | (cold > 0.95))


def test_a_newborn_machine_knows_how_often_each_unit_is_on_and_no_more() -> None:
    means = np.array([0.1, 0.5, 0.9], np.float32)
    machine = newborn(means, 4, np.random.default_rng(1))
    np.testing.assert_allclose(sigmoid(machine.visible.copy()), means, rtol=1e-4)
    assert np.abs(machine.weights).max() < 0.1
    assert np.isfinite(log_odds(np.array([0.0, 1.0], np.float32))).all()


def test_units_are_drawn_with_their_chances() -> None:
    units = drawn(np.broadcast_to(np.array([0.0, 0.25, 1.0], np.float32), (20_000, 3)), RANDOM)
    assert units.mean(0) == pytest.approx([0.0, 0.25, 1.0], abs=0.02)
    assert set(np.unique(units)) <= {0.0, 1.0}


def test_what_is_certain_is_reconstructed_without_error() -> None:
    sure = Machine(np.zeros((2, 1), np.float32), np.array([50.0, -50.0], np.float32), np.zeros(1, np.float32))
    assert reconstruction_error(sure, np.array([[1.0, 0.0]], np.float32)) == pytest.approx(0.0, abs=1e-6)
    assert reconstruction_error(sure, np.array([[0.0, 0.0]], np.float32)) > 10
