"""The likelihood of music to a machine, held against the sum over all its states."""

from itertools import product

import numpy as np
import pytest

from antiphon_models.rbm.annealing import LogSum, likelihood, log_sum
from antiphon_models.rbm.machine import Machine, free_energy
from antiphon_models.rbm.visible import Floats, Keys, Layer, Units

STEPS, KEYS = 3, 2
VISIBLE, HIDDEN = STEPS * 2 * KEYS, 6
ANYTHING = np.array(list(product((0.0, 1.0), repeat=VISIBLE)), np.float32)


def is_music(state: Floats) -> bool:
    struck, held = state.reshape(STEPS, 2, KEYS).swapaxes(0, 1) > 0
    return not (struck & held).any() and not (held[1:] & ~(struck | held)[:-1]).any()


LAYERS: list[tuple[Layer, Floats]] = [
    (Units(), ANYTHING),
    (Keys(STEPS, KEYS), np.array([state for state in ANYTHING if is_music(state)])),
]
"""Each layer with all states that it allows."""

LEVEL = np.zeros(VISIBLE, np.float32)
"""Biases from which the chains start."""


def small_machine(seed: int, spread: float) -> Machine:
    random = np.random.default_rng(seed)
    weights = random.normal(0.0, spread, (VISIBLE, HIDDEN)).astype(np.float32)
    visible, hidden = (random.normal(0.0, 1.0, size).astype(np.float32) for size in (VISIBLE, HIDDEN))
    return Machine(weights, visible, hidden)


def exact(machine: Machine, states: Floats) -> float:
    """Return the logarithm of the sum over every state."""
    return float(np.logaddexp.reduce(-free_energy(machine, states)))


@pytest.mark.parametrize(("layer", "states"), LAYERS)
@pytest.mark.parametrize("spread", [0.1, 1.0, 2.0])
def test_the_estimate_is_the_sum_over_all_states_within_its_error(
    spread: float, layer: Layer, states: Floats
) -> None:
    machine = small_machine(1, spread)
    found = log_sum(machine, layer, LEVEL, np.random.default_rng(2), chains=400, steps=400)
    assert found.error < 0.1
    assert abs(found.value - exact(machine, states)) < 4 * found.error + 1e-3


@pytest.mark.parametrize(("layer", "states"), LAYERS)
def test_without_weights_the_sum_is_known_and_nothing_is_left_to_chance(layer: Layer, states: Floats) -> None:
    machine = small_machine(3, 0.0)
    found = log_sum(machine, layer, machine.visible, np.random.default_rng(4), chains=5, steps=300)
    assert found.value == pytest.approx(exact(machine, states), abs=1e-3)
    assert found.error < 1e-3


@pytest.mark.parametrize(("layer", "states"), LAYERS)
def test_the_chances_of_all_states_add_up_to_one(layer: Layer, states: Floats) -> None:
    machine = small_machine(5, 1.0)
    known = LogSum(exact(machine, states), 0.0)
    nats = [likelihood(machine, state[None], known).nats for state in states]
    assert np.exp(-np.array(nats)).sum() == pytest.approx(1.0, abs=1e-4)


def test_more_chains_make_the_error_bar_shorter() -> None:
    machine = small_machine(6, 1.5)
    few, many = (
        log_sum(machine, Units(), LEVEL, np.random.default_rng(7), chains=chains, steps=100)
        for chains in (20, 2000)
    )
    assert many.error < few.error
