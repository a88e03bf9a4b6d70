"""Contrastive divergence, from the data (G. E. Hinton 2002) or from chains that go on (T. Tieleman 2008).

The gradient is that of the centred machine, which learns rarely used units as well as common ones (G.
Montavon and K.-R. Mueller 2012; J. Melchior, A. Fischer and L. Wiskott 2016); what is learnt is an ordinary
one.
"""

import numpy as np
from scipy.sparse import csr_array

from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.machine import hidden_chances, log_odds, newborn, visible_logits
from antiphon_models.rbm.visible import Floats, Layer, drawn

FITTING_ROUNDS = 15
FITTED_ON = 1000
"""How often, and on how many samples, the biases of a machine without weights are put right."""


def fitted_biases(layer: Layer, means: Floats, random: np.random.Generator) -> Floats:
    """Return the biases of a machine without weights whose units are on as often as ``means``, (visible,)."""
    wanted = log_odds(means)
    biases = wanted.copy()
    for _ in range(FITTING_ROUNDS):
        found = layer.draw(np.repeat(biases[None], FITTED_ON, axis=0), random).mean(0)
        biases += np.float32(0.5) * (wanted - log_odds(found))
    return biases


class Learner:
    """A machine that learns, batch by batch.

    Args:
        layer: its visible layer.
        means: (visible,) how often each unit is on.
        biases: (visible,) of a machine without weights of which that is true.
        hidden: how many hidden units.
        lesson: how it learns.
    """

    def __init__(self, layer: Layer, means: Floats, biases: Floats, hidden: int, lesson: Lesson) -> None:
        self.random = np.random.default_rng(lesson.seed)
        self.machine = newborn(biases, hidden, self.random)
        self._layer = layer
        self._lesson = lesson
        self._centres = means.copy(), np.full(hidden, 0.5, np.float32)
        self.chains = layer.draw(np.repeat(biases[None], lesson.batch, axis=0), self.random)

    def learn(self, batch: Floats, rate: float) -> None:
        """Take in a batch, (n, visible)."""
        hidden = hidden_chances(self.machine, batch)
        if self._lesson.method == "pcd":
            self.chains = self._swept(hidden_chances(self.machine, self.chains))
        else:
            self.chains = self._swept(hidden)
        self._follow(batch, hidden, self.chains, hidden_chances(self.machine, self.chains), rate)

    def _swept(self, chances: Floats) -> Floats:
        """Return the visible units after the sweeps, the first of which starts at hidden ones."""
        visible = self._visible(chances)
        for _ in range(self._lesson.sweeps - 1):
            visible = self._visible(hidden_chances(self.machine, visible))
        return visible

    def _visible(self, chances: Floats) -> Floats:
        return self._layer.draw(visible_logits(self.machine, drawn(chances, self.random)), self.random)

    def _follow(self, seen: Floats, hidden: Floats, imagined: Floats, dreamt: Floats, rate: float) -> None:
        """Make what was seen likelier than what was imagined."""
        sliding = np.float32(self._lesson.sliding)
        visible_centre, hidden_centre = self._centres
        visible_centre += sliding * (seen.mean(0) - visible_centre)
        hidden_centre += sliding * (hidden.mean(0) - hidden_centre)
        weights = csr_array(seen).T @ (hidden - hidden_centre)
        weights -= csr_array(imagined).T @ (dreamt - hidden_centre)
        weights /= np.float32(len(seen))
        visible_change, hidden_change = seen.mean(0) - imagined.mean(0), hidden.mean(0) - dreamt.mean(0)
        weights -= np.outer(visible_centre, hidden_change)
        visible_change -= weights @ hidden_centre
        hidden_change -= visible_centre @ weights
        machine, pace = self.machine, np.float32(rate)
        machine.weights[...] *= np.float32(1.0) - pace * np.float32(self._lesson.decay)
        machine.weights[...] += pace * weights
        machine.visible[...] += pace * visible_change
        machine.hidden[...] += pace * hidden_change
