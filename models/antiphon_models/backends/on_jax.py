"""Graphs and gradients on JAX, and the same LSTM over windows of events as on TensorFlow.

Its gradient is written by hand for the same reason: the products for the gradients of the matrices are
made once, over all steps, after the loop.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras

from antiphon_models.backends import Learner, Lesson, Tensor


def compiled(network: Any, act: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``act`` as one graph; the variables are among its inputs, so it reads what they hold."""

    def graph(values: list[Tensor], *given: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(network.variables, values, strict=True))):
            return act(*given)

    jitted = jax.jit(graph)
    return lambda *given: jitted([variable.value for variable in network.variables], *given)


def learner(network: Any, optimizer: Any, lesson: Lesson) -> Learner:
    """Return what takes one step of the optimiser on a lesson."""
    trainable, others = network.trainable_variables, network.non_trainable_variables

    def loss_of(weights: Any, rest: Any, slots: Any, window: Any, state: Any) -> Any:
        variables = [*trainable, *others, *optimizer.variables]
        mapping = list(zip(variables, [*weights, *rest, *slots], strict=True))
        with keras.StatelessScope(state_mapping=mapping) as scope:
            sums, after = lesson(window, state)
            scaled = optimizer.scale_loss(sums.loss)
        return scaled, (sums.bits, list(after), [scope.get_current_value(each) for each in others])

    def step(weights: Any, rest: Any, slots: Any, window: Any, state: Any) -> Any:
        slope = jax.value_and_grad(loss_of, has_aux=True)
        (_, (figure, after, rest)), gradients = slope(weights, rest, slots, window, state)
        weights, slots = optimizer.stateless_apply(slots, gradients, weights)
        return figure, after, [*weights, *rest, *slots]

    jitted = jax.jit(step, donate_argnums=(0, 2))

    def learn(window: Any, state: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        groups = (trainable, others, optimizer.variables)
        values = ([variable.value for variable in group] for group in groups)
        figure, after, changed = jitted(*values, window, list(state))
        for variable, value in zip([each for group in groups for each in group], changed, strict=True):
            variable.assign(value)
        return figure, after

    return learn


def unroll(
    x: Tensor, h: Tensor, c: Tensor, weights: tuple[Tensor, Tensor, Tensor], dtype: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return outputs (batch, time, units), and h and c after the last step, of an LSTM."""
    kernel, recurrent_kernel, bias = (jnp.asarray(weight) for weight in weights)
    outs, h, c = _loop(dtype, jnp.swapaxes(x, 0, 1), h, c, kernel, recurrent_kernel, bias)
    return jnp.swapaxes(outs, 0, 1), h, c


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _loop(
    dtype: str, x: Tensor, h: Tensor, c: Tensor, kernel: Tensor, recurrent_kernel: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    return _forward(dtype, x, h, c, kernel, recurrent_kernel, bias)[0]


def _forward(
    dtype: str, x: Tensor, h: Tensor, c: Tensor, kernel: Tensor, recurrent_kernel: Tensor, bias: Tensor
) -> tuple[tuple[Tensor, Tensor, Tensor], tuple[Tensor, ...]]:
    """Return outputs (time, batch, units), h and c, and what the gradient is made from."""
    recurrent = recurrent_kernel.astype(dtype)
    projected = _product(x.astype(dtype), kernel.astype(dtype)) + bias

    def step(before: tuple[Tensor, Tensor], sums: Tensor) -> tuple[tuple[Tensor, Tensor], Any]:
        h, c = before
        i, f, g, o = jnp.split(sums + _product(h.astype(dtype), recurrent), 4, axis=-1)
        gates = jax.nn.sigmoid(i), jax.nn.sigmoid(f), jnp.tanh(g), jax.nn.sigmoid(o)
        after = gates[1] * c + gates[0] * gates[2]
        h = gates[3] * jnp.tanh(after)
        return (h, after), (h, gates, c, after)

    (last_h, last_c), (outs, gates, cells, cells_after) = jax.lax.scan(step, (h, c), projected)
    kept = (x, h, kernel, recurrent_kernel, outs, gates, cells, cells_after)
    return (outs, last_h, last_c), kept


def _backward(
    dtype: str, kept: tuple[Tensor, ...], slopes: tuple[Tensor, Tensor, Tensor]
) -> tuple[Tensor, ...]:
    x, h, kernel, recurrent_kernel, outs, gates, cells, cells_after = kept
    d_outs, d_h, d_c = slopes
    columns = recurrent_kernel.astype(dtype).T

    def step(after: tuple[Tensor, Tensor], at: Any) -> tuple[tuple[Tensor, Tensor], Tensor]:
        d_h, d_c = after
        d_out, (i, f, g, o), c, c_after = at
        squashed = jnp.tanh(c_after)
        d_h = d_h + d_out
        d_c = d_c + d_h * o * (1.0 - squashed * squashed)
        d_sums = jnp.concatenate(
            [
                d_c * g * i * (1.0 - i),
                d_c * c * f * (1.0 - f),
                d_c * i * (1.0 - g * g),
                d_h * squashed * o * (1.0 - o),
            ],
            axis=-1,
        )
        return (_product(d_sums.astype(dtype), columns), d_c * f), d_sums

    steps = (d_outs, gates, cells, cells_after)
    (d_h, d_c), d_sums = jax.lax.scan(step, (d_h, d_c), steps, reverse=True)
    before = jnp.concatenate([h[None], outs[:-1]])
    d_rows = _rows(d_sums).astype(dtype)
    return (
        _product(d_sums.astype(dtype), kernel.astype(dtype).T),
        d_h,
        d_c,
        _product(_rows(x).astype(dtype).T, d_rows),
        _product(_rows(before).astype(dtype).T, d_rows),
        d_sums.sum((0, 1)),
    )


_loop.defvjp(_forward, _backward)


def _product(a: Tensor, b: Tensor) -> Tensor:
    """Return a product in the type of its factors as float32."""
    return jnp.matmul(a, b).astype(jnp.float32)


def _rows(x: Tensor) -> Tensor:
    """Return (time x batch, n) from (time, batch, n)."""
    return x.reshape(-1, x.shape[-1])
