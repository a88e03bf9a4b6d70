"""What Keras leaves to each back end: graphs, gradients and the loop of the recurrence.

One module for each back end, with the same names in each. Which one is used follows from
``keras.backend.backend()``; the other's library need not be installed.
"""

import math
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

import keras
from keras import ops

from antiphon_models.extra import BACKEND, BACKENDS

Tensor = Any
"""A tensor of the back end; neither library ships types that agree with the other's."""


class Sums(NamedTuple):
    """What a lesson comes to, in sums, so that those of several lessons at once can be added up.

    ``nats``: the losses of all events that are learnt from, and ``events``: how many they are.
    ``unasked_nats`` and ``unasked``: the same of those that were asked of nobody in particular.
    """

    nats: Tensor
    events: Tensor
    unasked_nats: Tensor
    unasked: Tensor

    @property
    def loss(self) -> Tensor:
        """Return what is to be lowered."""
        return self.nats / self.events

    @property
    def bits(self) -> Tensor:
        """Return the figure to report, in bits per event."""
        return self.unasked_nats / ops.maximum(self.unasked, 1.0) / math.log(2)


Lesson = Callable[[Any, Sequence[Tensor]], tuple[Sums, Sequence[Tensor]]]
"""Of a window and the state before it: its sums, and the state after."""

Learner = Callable[[Any, Sequence[Tensor]], tuple[Tensor, list[Tensor]]]
"""Takes one step on a window, given the state before it; returns the bits per event and the state after."""


class Backend(Protocol):
    """What each of the modules offers."""

    def compiled(self, network: Any, act: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``act``, a function of tensors that reads the network's variables, as one graph."""
        ...

    def learner(self, network: Any, optimizer: Any, lesson: Lesson) -> Learner:
        """Return what takes one step of the optimiser on a lesson."""
        ...

    def unroll(
        self,
        x: Tensor,
        h: Tensor,
        c: Tensor,
        weights: tuple[Tensor, Tensor, Tensor],
        dtype: str,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return outputs (batch, time, units), and h and c after the last step, of an LSTM.

        Takes inputs (batch, time, in), h and c (batch, units), the weights of a ``Recurrence``, and the type
        in which products are made; all else is float32.
        """
        ...


def chosen() -> Backend:
    """Return the module of the back end that Keras runs on.

    Raises:
        ValueError: it is one for which there is none.
    """
    name = keras.backend.backend()
    if name not in BACKENDS:
        raise ValueError(f"Keras runs on {name}; set {BACKEND} to {' or '.join(BACKENDS)}")
    return cast(Backend, import_module(f"antiphon_models.backends.on_{name}"))
