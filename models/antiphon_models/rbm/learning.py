"""Contrastive divergence, from the data (G. E. Hinton 2002) or from chains that go on (T. Tieleman 2008).

The gradient is that of the centred machine, which learns rarely used units as well as common ones (G. Montavon
and K.-R. Mueller 2012; J. Melchior, A. Fischer and L. Wiskott 2016); what is learnt is an ordinary one.
"""

from typing import Literal

import msgspec
import numpy as np

from antiphon_models.rbm.machine import Floats, Machine, drawn, hidden_chances, newborn, visible_chances

Method = Literal["cd", "pcd"]


class Lesson(msgspec.Struct, frozen=True):
    """How a machine learns.

    Attributes:
        method: where the chains begin, at the data or where they were.
        sweeps: Gibbs steps for each lesson.
        batch: windows in a lesson, and chains.
        rate: learning rate at the beginning; it falls to 0.
        momentum: share of the last change that is made once more.
        decay: share of the weights that is lost at full rate.
        sliding: how quickly the centres follow.
    """

    method: Method = "pcd"
    sweeps: int = 1
    batch: int = 128
    rate: float = 0.02
    momentum: float = 0.5
    decay: float = 1e-4
    sliding: float = 0.01


class Learner:
    """A machine that learns, batch by batch."""

    def __init__(self, means: Floats, hidden: int, lesson: Lesson, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.machine = newborn(means, hidden, self.random)
        self._lesson = lesson
        self._centres = means.copy(), np.full(hidden, 0.5, np.float32)
        self._changes = Machine(*(np.zeros_like(part) for part in self.machine))
        self._chains = drawn(np.broadcast_to(means, (lesson.batch, len(means))), self.random)

    def learn(self, batch: Floats, rate: float) -> float:
        """Take in a batch, (n, visible), and return the squared error of its reconstruction, per window."""
        lesson, machine = self._lesson, self.machine
        hidden = hidden_chances(machine, batch)
        if lesson.method == "cd":
            imagined, echo = self._sweep(drawn(hidden, self.random))
            error = float(((batch - echo) ** 2).sum(1).mean())
        else:
            echo = visible_chances(machine, hidden)
            error = float(((batch - echo) ** 2).sum(1).mean())
            imagined, _ = self._sweep(drawn(hidden_chances(machine, self._chains), self.random))
            self._chains = imagined
        self._follow(batch, hidden, imagined, hidden_chances(machine, imagined), rate)
        return error

    def _sweep(self, hidden: Floats) -> tuple[Floats, Floats]:
        """Return the visible units after the sweeps, and their chances in the first of them."""
        first = chances = visible_chances(self.machine, hidden)
        visible = drawn(chances, self.random)
        for _ in range(self._lesson.sweeps - 1):
            hidden = drawn(hidden_chances(self.machine, visible), self.random)
            visible = drawn(visible_chances(self.machine, hidden), self.random)
        return visible, first

    def _follow(self, seen: Floats, hidden: Floats, imagined: Floats, dreamt: Floats, rate: float) -> None:
        """Make what was seen likelier than what was imagined."""
        sliding = np.float32(self._lesson.sliding)
        visible_centre, hidden_centre = self._centres
        visible_centre += sliding * (seen.mean(0) - visible_centre)
        hidden_centre += sliding * (hidden.mean(0) - hidden_centre)
        n = np.float32(len(seen))
        weights = (
            (seen - visible_centre).T @ (hidden - hidden_centre)
            - (imagined - visible_centre).T @ (dreamt - hidden_centre)
        ) / n
        visible = seen.mean(0) - imagined.mean(0) - weights @ hidden_centre
        hiddens = hidden.mean(0) - dreamt.mean(0) - visible_centre @ weights
        weights -= np.float32(self._lesson.decay) * self.machine.weights
        for part, change, gradient in zip(
            self.machine, self._changes, (weights, visible, hiddens), strict=True
        ):
            change *= np.float32(self._lesson.momentum)
            change += np.float32(rate) * gradient
            part += change
