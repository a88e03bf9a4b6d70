"""Gibbs sampling of a window, by a model file or anything else that can take the steps.
"""

from typing import Any, Protocol

import msgspec
import numpy as np

from antiphon.adapters.engines.question import Floats
from antiphon_models.rbm.spec import RbmSpec


class Sweeps(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What some Gibbs steps need. Its fields are named after the inputs of the graph, see
    :mod:`antiphon_models.rbm.spec`, and shaped like them.
    """

    visible: Floats
    clamp: Floats
    bias: Floats
    beta: Floats
    hidden_noise: Floats
    visible_noise: Floats


class Gibbs(Protocol):
    """Takes Gibbs steps."""

    spec: RbmSpec

    def sweep(self, sweeps: Sweeps) -> tuple[Floats, Floats]:
        """Return the visible units after the steps and their chances in the last, (1, units) both."""
        ...
