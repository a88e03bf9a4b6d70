"""The restricted Boltzmann machine itself, in numpy: P. Smolensky (1986), G. E. Hinton (2002).

The chance of visible units v and hidden units h is proportional to exp(v W h + b v + c h).
"""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]


class Machine(NamedTuple):
    """``weights`` (visible, hidden), the ``visible`` units' biases and the ``hidden`` units'."""

    weights: Floats
    visible: Floats
    hidden: Floats


def newborn(visible_means: Floats, hidden: int, random: np.random.Generator) -> Machine:
    """Return a machine that knows how often each unit is on and nothing else."""
    weights = random.normal(0.0, 0.01, (len(visible_means), hidden)).astype(np.float32)
    return Machine(weights, log_odds(visible_means), np.zeros(hidden, np.float32))


def log_odds(means: Floats) -> Floats:
    """Return the biases of units that are on this often; none is never on, or always."""
    chance = np.clip(means, 1e-4, 1.0 - 1e-4)
    return np.log(chance / (1.0 - chance)).astype(np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Return the logistic function; written over its argument."""
    np.negative(logits, out=logits)
    np.exp(np.minimum(logits, 80.0, out=logits), out=logits)
    logits += 1.0
    return np.reciprocal(logits, out=logits)


def hidden_chances(machine: Machine, visible: Floats, beta: float = 1.0) -> Floats:
    """Return the chance of each hidden unit, (n, hidden), given (n, visible)."""
    return sigmoid(np.float32(beta) * (visible @ machine.weights + machine.hidden))


def visible_chances(machine: Machine, hidden: Floats, beta: float = 1.0, bias: Floats | float = 0.0) -> Floats:
    """Return the chance of each visible unit, (n, visible), given (n, hidden)."""
    return sigmoid(np.float32(beta) * (hidden @ machine.weights.T + machine.visible + bias))


def drawn(chances: Floats, random: np.random.Generator) -> Floats:
    """Return units that are on with these chances, as 0 and 1."""
    return (random.random(chances.shape, np.float32) < chances).astype(np.float32)


def free_energy(machine: Machine, visible: Floats) -> npt.NDArray[np.float64]:
    """Return minus the logarithm of the unnormalised chance, (n,), the hidden units summed out."""
    inputs = (visible @ machine.weights + machine.hidden).astype(np.float64)
    return -(visible @ machine.visible).astype(np.float64) - np.logaddexp(0.0, inputs).sum(1)


def reconstruction_error(machine: Machine, visible: Floats) -> float:
    """Return the mean cross-entropy, in nats per sample, of the units given the hidden ones they cause."""
    chances = visible_chances(machine, hidden_chances(machine, visible)).astype(np.float64)
    chances = np.clip(chances, 1e-7, 1.0 - 1e-7)
    return float(-(np.log(np.where(visible > 0, chances, 1.0 - chances))).sum(1).mean())


def pseudo_likelihood(machine: Machine, visible: Floats) -> float:
    """Return the mean pseudo-log-likelihood in nats per sample: of each unit given all others (J. Besag 1975).

    Exact, over every unit: one row of the weights is taken out or put in at a time.
    """
    inputs = (visible @ machine.weights + machine.hidden).astype(np.float32)
    here = np.logaddexp(0.0, inputs).sum(1)
    total = np.zeros(len(visible))
    for unit in range(visible.shape[1]):
        turn = 1.0 - 2.0 * visible[:, unit]
        there = np.logaddexp(0.0, inputs + turn[:, None] * machine.weights[unit]).sum(1)
        gain = turn * machine.visible[unit] + there - here
        total -= np.logaddexp(0.0, gain)
    return float(total.mean())
