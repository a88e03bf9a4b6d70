"""An LSTM layer that trains fast over windows of events, with the weights of Keras's own.

The loop over time and its gradient are the back end's, see :mod:`antiphon_models.backends`.
"""

import keras
from keras import ops

from antiphon_models import backends
from antiphon_models.backends import Tensor


class Recurrence(keras.layers.Layer):
    """An LSTM with weights and gate order (input, forget, candidate, output) as in Keras.

    Outputs and state are float32 whatever the policy: what a cell adds up over hundreds of events would be
    lost in half of that. Only the products are made in the type that the policy computes in.
    """

    def __init__(self, units: int, name: str | None = None) -> None:
        super().__init__(name=name, autocast=False)
        self.units = units

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        units = self.units
        self.kernel = self.add_weight(
            shape=(input_shape[-1], 4 * units), initializer="glorot_uniform", name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(units, 4 * units), initializer="orthogonal", name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=(4 * units,), initializer=_initial_bias, name="bias")

    def call(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the outputs (batch, time, units), and h and c after the last step.

        Takes inputs (batch, time, in), and h and c (batch, units) before the first step.
        """
        weights = (self.kernel, self.recurrent_kernel, self.bias)
        return backends.chosen().unroll(ops.cast(x, "float32"), h, c, weights, self.compute_dtype)

    def step(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return h and c (batch, units) after one event (batch, in)."""
        return cell(ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias, c)


def cell(gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Return h and c (batch, units) after one event, given the sums of the gates (batch, 4 units)."""
    i, f, g, o = ops.split(gates, 4, axis=-1)
    c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
    return ops.sigmoid(o) * ops.tanh(c), c


def _initial_bias(shape: tuple[int, ...], dtype: str | None = None) -> Tensor:
    """Return zeros, and ones for the forget gate so that a fresh network remembers."""
    units = shape[0] // 4
    return ops.concatenate([ops.zeros(units), ops.ones(units), ops.zeros(2 * units)])
