"""How likely music is to a machine: annealed importance sampling (R. Salakhutdinov and I. Murray, 2008).

A machine says how likely one window is beside another, but not how likely it is: the sum over all windows is
out of reach. It is estimated by chains that start from a machine without weights, whose sum is known, and are
led to the one in question by small changes. An estimate that is off is nearly always too low, which makes
music seem likelier than it is; so the error bar is to be looked at, and more chains or steps to be tried.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models.rbm.machine import Machine, free_energy, inputs_of, visible_logits
from antiphon_models.rbm.visible import Floats, Layer, drawn, sigmoid
from antiphon_models.stages import Progress, unseen


class LogSum(NamedTuple):
    """The logarithm of the sum of all unnormalised chances, and its standard error."""

    value: float
    error: float


class Likelihood(NamedTuple):
    """Mean surprise of some samples in nats each; ``error`` is what the logarithm of the sum may be off."""

    nats: float
    error: float


def likelihood(machine: Machine, samples: Floats, log_sum: LogSum) -> Likelihood:
    """Return how surprising samples, (n, visible), are on average."""
    return Likelihood(float(free_energy(machine, samples).mean()) + log_sum.value, log_sum.error)


def log_sum(
    machine: Machine,
    layer: Layer,
    start: Floats,
    random: np.random.Generator,
    chains: int = 100,
    steps: int = 3000,
    progress: Progress = unseen,
) -> LogSum:
    """Estimate the logarithm of the sum over all states of a machine.

    Args:
        machine: whose.
        layer: its visible layer.
        start: (visible,) biases of the machine without weights from which the chains start.
        random: what the chains are drawn with.
        chains: how many.
        steps: from the machine without weights to the one in question.
        progress: told how far it is.
    """
    visible = layer.draw(np.repeat(start[None], chains, axis=0), random)
    weight = np.zeros(chains)
    for step in range(1, steps + 1):
        before, beta = (step - 1) / steps, step / steps
        inputs = inputs_of(machine, visible)
        weight += _gain(machine, start, visible, inputs, before, beta)
        hidden = drawn(sigmoid(np.float32(beta) * inputs), random)
        logits = np.float32(beta) * visible_logits(machine, hidden)
        visible = layer.draw((logits + np.float32(1.0 - beta) * start).astype(np.float32), random)
        progress(step, steps)
    known = float(layer.log_sum(start[None])[0]) + len(machine.hidden) * np.log(2.0)
    return _estimate(known, weight)


def _gain(
    machine: Machine, start: Floats, visible: Floats, inputs: Floats, before: float, beta: float
) -> npt.NDArray[np.float64]:
    """Return by how much likelier each chain's state is to the next machine on the way than to the last."""
    wide = inputs.astype(np.float64)
    hidden = (np.logaddexp(0.0, beta * wide) - np.logaddexp(0.0, before * wide)).sum(1)
    gain: npt.NDArray[np.float64] = hidden + (beta - before) * (visible @ (machine.visible - start))
    return gain


def _estimate(known: float, weight: npt.NDArray[np.float64]) -> LogSum:
    most = weight.max()
    shares = np.exp(weight - most)
    error = shares.std(ddof=1) / shares.mean() / np.sqrt(len(shares))
    return LogSum(float(known + most + np.log(shares.mean())), float(error))
