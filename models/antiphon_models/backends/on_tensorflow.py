"""Graphs and gradients on TensorFlow, and an LSTM that trains fast over windows of events.

Differentiating an LSTM's loop step by step makes, at every step, a product for the gradient of each
matrix and adds it to a sum as large as the matrix. Here the backward loop does only what depends
on the step after; the gradients of the matrices, the bias and the input are one product each, over
all steps at once, after the loop. Everything inside is time-major, so that a step is contiguous.
"""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from antiphon_models.backends import Learner, Lesson, Tensor


def compiled(_network: Any, act: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``act`` as one graph; it reads the variables where they are."""
    graph: Callable[..., Any] = tf.function(act, reduce_retracing=True, autograph=False)
    return graph


def learner(network: Any, optimizer: Any, lesson: Lesson) -> Learner:
    """Return what takes one step of the optimiser on a lesson."""

    def learn(window: Any, state: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        with tf.GradientTape() as tape:
            sums, after = lesson(window, state)
            scaled = optimizer.scale_loss(sums.loss)
        slopes = tape.gradient(scaled, network.trainable_variables)
        # Those of embeddings come in rows, some of them more than once: the norm to clip by would be wrong.
        dense = [tf.convert_to_tensor(slope) for slope in slopes]
        optimizer.apply(dense, network.trainable_variables)
        return sums.bits, list(after)

    return compiled(network, learn)


def unroll(
    x: Tensor, h: Tensor, c: Tensor, weights: tuple[Tensor, Tensor, Tensor], dtype: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return outputs (batch, time, units), and h and c after the last step, of an LSTM."""
    kernel, recurrent_kernel, bias = (tf.convert_to_tensor(weight) for weight in weights)
    outs, h, c = _unroller(dtype)(tf.transpose(x, (1, 0, 2)), h, c, kernel, recurrent_kernel, bias)
    return tf.transpose(outs, (1, 0, 2)), h, c


def _unroller(dtype: str) -> Callable[..., tuple[Tensor, Tensor, Tensor]]:
    """Return the loop over time, with its gradient; products are made in ``dtype``."""

    def loop(
        x: Tensor, h: Tensor, c: Tensor, kernel: Tensor, recurrent_kernel: Tensor, bias: Tensor
    ) -> tuple[tuple[Tensor, Tensor, Tensor], Callable[..., tuple[Tensor, ...]]]:
        scale = _scale(h.shape[-1])
        rows, kernel, recurrent = (tf.cast(each, dtype) for each in (_rows(x), kernel, recurrent_kernel))
        projected = _product(rows, tf.cast(scale, dtype) * kernel) + bias * scale
        projected = tf.reshape(projected, tf.concat([tf.shape(x)[:2], tf.shape(bias)], axis=0))
        outs, gates, cells, last = _forward(projected, h, c, tf.cast(scale, dtype) * recurrent)

        def gradient(d_outs: Tensor, d_h: Tensor, d_c: Tensor) -> tuple[Tensor, ...]:
            d_z, d_h, d_c = _backward(d_outs, d_h, d_c, gates, cells, tf.transpose(recurrent))
            d_sums = tf.cast(d_z, dtype)
            before = tf.cast(_rows(tf.concat([h[tf.newaxis], outs[:-1]], axis=0)), dtype)
            return (
                tf.reshape(_product(d_sums, kernel, transpose_b=True), tf.shape(x)),
                d_h,
                d_c,
                _product(rows, d_sums, transpose_a=True),
                _product(before, d_sums, transpose_a=True),
                # A product with ones is several times as fast as a sum over rows.
                tf.matmul(tf.ones_like(d_z[:, :1]), d_z, transpose_a=True)[0],
            )

        return (outs, outs[-1], last), gradient

    differentiable: Callable[..., tuple[Tensor, Tensor, Tensor]] = tf.custom_gradient(loop)
    return differentiable


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
        gate = tf.sigmoid(projected[t] + _product(tf.cast(h, recurrent_kernel.dtype), recurrent_kernel))
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
    columns: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradient of the gates (time x batch, 4 units), and of h and c at the start.

    Takes the gradients of what the loop returns, the arrays that ``_forward`` kept, and the recurrent
    kernel, transposed.
    """
    time = tf.shape(d_outs)[0]

    def body(t: Tensor, d_h: Tensor, d_c: Tensor, d_z: tf.TensorArray) -> tuple[Any, ...]:
        gate = gates.read(t)
        i, f, g, o = tf.split(gate, 4, axis=-1)
        squashed = tf.tanh(cells.read(t + 1))
        d_h = d_h + d_outs[t]
        d_c = d_c + d_h * o * (1.0 - squashed * squashed)
        # With g = 2 s - 1, 1 - g^2 = 4 s (1 - s), so one slope serves all four gates.
        d_gate = [d_c * (2.0 * g - 1.0), d_c * cells.read(t), 4.0 * d_c * i, d_h * squashed]
        d_sum = tf.concat(d_gate, axis=-1) * (gate - gate * gate)
        return t - 1, _product(tf.cast(d_sum, columns.dtype), columns), d_c * f, d_z.write(t, d_sum)

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


def _product(a: Tensor, b: Tensor, **transposed: bool) -> Tensor:
    """Return a product in the type of its factors as float32."""
    return tf.cast(tf.matmul(a, b, **transposed), tf.float32)


def _rows(x: Tensor) -> Tensor:
    """Return (time x batch, n) from (time, batch, n)."""
    return tf.reshape(x, (-1, x.shape[-1]))
