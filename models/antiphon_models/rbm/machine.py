"""The restricted Boltzmann machine itself, in numpy: P. Smolensky (1986), G. E. Hinton (2002).

The chance of visible units v and hidden units h is proportional to exp(v W h + b v + c h), for every v that
its visible layer allows (:mod:`antiphon_models.rbm.visible`) and every h.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from antiphon_models.rbm.visible import Floats, Layer, sigmoid

RAREST = np.float32(1e-3)
"""No unit is taken to be on less often, or off: what never happened may happen yet."""


class Machine(NamedTuple):
    """``weights`` (visible, hidden), the ``visible`` units' biases and the ``hidden`` units'."""

    weights: Floats
    visible: Floats
    hidden: Floats


def newborn(biases: Floats, hidden: int, random: np.random.Generator) -> Machine:
    """Return a machine that knows how often each unit is on and nothing else."""
    weights = random.normal(0.0, 0.01, (len(biases), hidden)).astype(np.float32)
    return Machine(weights, biases.copy(), np.zeros(hidden, np.float32))


def log_odds(means: Floats) -> Floats:
    """Return the biases of units that are on this often; none is never on, or always."""
    chance = np.clip(means, RAREST, 1.0 - RAREST)
    return np.log(chance / (1.0 - chance)).astype(np.float32)


def inputs_of(machine: Machine, visible: Floats) -> Floats:
    """Return what reaches each hidden unit, (n, hidden): few of the visible units are on."""
    return csr_array(visible) @ machine.weights + machine.hidden


def hidden_chances(machine: Machine, visible: Floats, beta: float = 1.0) -> Floats:
    """Return the chance of each hidden unit, (n, hidden), given (n, visible)."""
    return sigmoid(np.float32(beta) * inputs_of(machine, visible))


def visible_logits(machine: Machine, hidden: Floats) -> Floats:
    """Return the logit of each visible unit, (n, visible), given (n, hidden)."""
    return hidden @ machine.weights.T + machine.visible


def free_energy(machine: Machine, visible: Floats) -> npt.NDArray[np.float64]:
    """Return minus the logarithm of the unnormalised chance, (n,), the hidden units summed out."""
    inputs = inputs_of(machine, visible).astype(np.float64)
    energy: npt.NDArray[np.float64] = -np.logaddexp(0.0, inputs).sum(1)
    return energy - visible @ machine.visible


def reconstruction_error(machine: Machine, layer: Layer, visible: Floats) -> float:
    """Return the mean surprise, in nats per sample, of visible units at the hidden ones that they cause."""
    logits = visible_logits(machine, hidden_chances(machine, visible))
    return float((layer.log_sum(logits) - (visible * logits).sum(1)).mean())


def pseudo_likelihood(machine: Machine, layer: Layer, visible: Floats) -> float:
    """Return the mean pseudo-log-likelihood in nats per sample: of each cell given all others.

    J. Besag (1975). Exact, over every cell of the layer.
    """
    inputs = inputs_of(machine, visible)
    total = np.zeros(len(visible))
    for units, possible in layer.cells(visible):
        values = visible[:, units]
        without = inputs - values @ machine.weights[units]
        chances = np.stack(
            [
                np.logaddexp(0.0, without).sum(1),
                *(
                    np.logaddexp(0.0, without + machine.weights[unit]).sum(1) + machine.visible[unit]
                    for unit in units
                ),
            ],
            axis=1,
        )
        chances = np.where(possible, chances, -np.inf)
        chosen = np.where(values.any(1), values.argmax(1) + 1, 0)
        total += chances[np.arange(len(chances)), chosen] - np.logaddexp.reduce(chances, axis=1)
    return float(total.mean())
