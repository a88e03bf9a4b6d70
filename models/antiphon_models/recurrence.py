"""An LSTM layer that trains fast over windows of events, with the weights of Keras's own.

Differentiating an LSTM's loop step by step makes, at every step, a product for the gradient of each
matrix and adds it to a sum as large as the matrix. Here the backward loop does only what depends
on the step after; the gradients of the matrices, the bias and the input are one product each, over
all steps at once, after the loop. Everything inside is time-major, so that a step is contiguous.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

Tensor = Any
"""A ``tf.Tensor``; TensorFlow ships no types."""


class Recurrence(keras.layers.Layer):
    """An LSTM with weights and gate order (input, forget, candidate, output) as in Keras."""

    def __init__(self, units: int, name: str | None = None) -> None:
        super().__init__(name=name)
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
        kernel, recurrent_kernel, bias = (tf.convert_to_tensor(weight) for weight in weights)
        x = tf.transpose(x, (1, 0, 2))
        out, h, c = unroll(x, h, c, kernel, recurrent_kernel, bias)
        return tf.transpose(out, (1, 0, 2)), h, c

    def step(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return h and c (batch, units) after one event (batch, in)."""
        z = tf.matmul(x, self.kernel) + tf.matmul(h, self.recurrent_kernel) + self.bias
        i, f, g, o = tf.split(z, 4, axis=-1)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        return tf.sigmoid(o) * tf.tanh(c), c


def _initial_bias(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
    """Return zeros, and ones for the forget gate so that a fresh network remembers."""
    units = shape[0] // 4
    return tf.concat([tf.zeros(units), tf.ones(units), tf.zeros(2 * units)], axis=0)


@tf.custom_gradient
def unroll(
    x: Tensor, h: Tensor, c: Tensor, kernel: Tensor, recurrent_kernel: Tensor, bias: Tensor
) -> tuple[tuple[Tensor, Tensor, Tensor], Callable[..., tuple[Tensor, ...]]]:
    """Return outputs (time, batch, units), h and c after the last step, and the gradient.

    Takes inputs (time, batch, in), h and c (batch, units) and the weights of ``Recurrence``.
    """
    scale = _scale(h.shape[-1])
    projected = tf.nn.bias_add(tf.matmul(_rows(x), kernel * scale), bias * scale)
    projected = tf.reshape(projected, tf.concat([tf.shape(x)[:2], tf.shape(bias)], axis=0))
    outs, gates, cells, last = _forward(projected, h, c, recurrent_kernel * scale)

    def gradient(d_outs: Tensor, d_h: Tensor, d_c: Tensor) -> tuple[Tensor, ...]:
        d_z, d_h, d_c = _backward(d_outs, d_h, d_c, gates, cells, recurrent_kernel)
        outs_before = tf.concat([h[tf.newaxis], outs[:-1]], axis=0)
        return (
            tf.reshape(tf.matmul(d_z, kernel, transpose_b=True), tf.shape(x)),
            d_h,
            d_c,
            tf.matmul(_rows(x), d_z, transpose_a=True),
            tf.matmul(_rows(outs_before), d_z, transpose_a=True),
            # A product with ones is several times as fast as a sum over rows.
            tf.matmul(tf.ones_like(d_z[:, :1]), d_z, transpose_a=True)[0],
        )

    return (outs, outs[-1], last), gradient


def _forward(
    projected: Tensor, h: Tensor, c: Tensor, recurrent_kernel: Tensor
) -> tuple[Tensor, tf.TensorArray, tf.TensorArray, Tensor]:
    """Return outputs (time, batch, units), each step's gates and c, c at the start first, and c.

    Takes what the inputs add to the gates, (time, batch, 4 units), scaled as by ``_scale``, as is
    the recurrent kernel. The gates are kept as the sigmoids of the scaled sums, and in arrays of
    steps because to stack them and take them apart again costs more than the arithmetic on them.
    """
    time = tf.shape(projected)[0]
    gates, cells, outs = _array(time), _array(time + 1), _array(time)

    def body(
        t: Tensor,
        h: Tensor,
        c: Tensor,
        gates: tf.TensorArray,
        cells: tf.TensorArray,
        outs: tf.TensorArray,
    ) -> tuple[Any, ...]:
        gate = tf.sigmoid(projected[t] + tf.matmul(h, recurrent_kernel))
        i, f, g, o = tf.split(gate, 4, axis=-1)
        c = f * c + i * (2.0 * g - 1.0)
        h = o * tf.tanh(c)
        return t + 1, h, c, gates.write(t, gate), cells.write(t + 1, c), outs.write(t, h)

    cells = cells.write(0, c)
    _, _, c, gates, cells, outs = tf.while_loop(
        lambda t, *_: t < time, body, (0, h, c, gates, cells, outs), maximum_iterations=time
    )
    return outs.stack(), gates, cells, c


def _backward(
    d_outs: Tensor,
    d_h: Tensor,
    d_c: Tensor,
    gates: tf.TensorArray,
    cells: tf.TensorArray,
    recurrent_kernel: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradient of the gates (time x batch, 4 units), and of h and c at the start.

    Takes the gradients of what ``unroll`` returns and the arrays that ``_forward`` kept.
    """
    time = tf.shape(d_outs)[0]
    columns = tf.transpose(recurrent_kernel)

    def body(t: Tensor, d_h: Tensor, d_c: Tensor, d_z: tf.TensorArray) -> tuple[Any, ...]:
        gate = gates.read(t)
        i, f, g, o = tf.split(gate, 4, axis=-1)
        squashed = tf.tanh(cells.read(t + 1))
        d_h = d_h + d_outs[t]
        d_c = d_c + d_h * o * (1.0 - squashed * squashed)
        # With g = 2 s - 1, 1 - g^2 = 4 s (1 - s), so one slope serves all four gates.
        d_gate = [d_c * (2.0 * g - 1.0), d_c * cells.read(t), 4.0 * d_c * i, d_h * squashed]
        d_sum = tf.concat(d_gate, axis=-1) * (gate - gate * gate)
        return t - 1, tf.matmul(d_sum, columns), d_c * f, d_z.write(t, d_sum)

    _, d_h, d_c, d_z = tf.while_loop(
        lambda t, *_: t >= 0, body, (time - 1, d_h, d_c, _array(time)), maximum_iterations=time
    )
    return d_z.concat(), d_h, d_c


def _scale(units: int) -> Tensor:
    """Return factors of the gates' sums (4 units) that make one sigmoid serve all gates.

    The candidate's tanh(z) is 2 sigmoid(2 z) - 1.
    """
    return tf.repeat(tf.constant([1.0, 1.0, 2.0, 1.0]), units)


def _array(size: Tensor) -> tf.TensorArray:
    """Return an array of steps that can be read more than once."""
    return tf.TensorArray(tf.float32, size, clear_after_read=False)


def _rows(x: Tensor) -> Tensor:
    """Return (time x batch, n) from (time, batch, n)."""
    return tf.reshape(x, (-1, x.shape[-1]))
