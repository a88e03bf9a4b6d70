"""JAX as a back end: the same loop, and the same network learns the same."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)
pytest.importorskip("jax", reason="JAX is not installed: pip install jax")

import jax
import jax.numpy as jnp

from antiphon_models.backends.on_jax import unroll

BATCH, TIME, INPUTS, UNITS = 3, 7, 5, 4


def drawn(*shape: int, seed: int = 1) -> Any:
    return jnp.asarray(np.random.default_rng(seed).normal(size=shape), "float32")


def plain(x: Any, h: Any, c: Any, weights: Any) -> tuple[Any, Any, Any]:
    """An LSTM as it is defined, step by step."""
    kernel, recurrent_kernel, bias = weights
    outs = []
    for time in range(x.shape[1]):
        i, f, g, o = jnp.split(x[:, time] @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        outs.append(h)
    return jnp.stack(outs, axis=1), h, c


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-4), ("float16", 5e-2)])
def test_outputs_and_gradients_are_those_of_the_plain_loop(dtype: str, tolerance: float) -> None:
    weights = drawn(INPUTS, 4 * UNITS), drawn(UNITS, 4 * UNITS, seed=2), drawn(4 * UNITS, seed=3)
    inputs = drawn(BATCH, TIME, INPUTS, seed=4), drawn(BATCH, UNITS, seed=5), drawn(BATCH, UNITS, seed=6)
    importance = drawn(BATCH, TIME, UNITS, seed=7), drawn(BATCH, UNITS, seed=8), drawn(BATCH, UNITS, seed=9)

    def loss(run: Any) -> Any:
        def weighed(*given: Any) -> Any:
            return sum(jnp.sum(out * factor) for out, factor in zip(run(*given), importance, strict=True))

        return jax.grad(weighed, argnums=(0, 1, 2, 3))

    def ours(x: Any, h: Any, c: Any, weights: Any) -> Any:
        return unroll(x, h, c, weights, dtype)

    for out, expected in zip(ours(*inputs, weights), plain(*inputs, weights), strict=True):
        np.testing.assert_allclose(out, expected, atol=tolerance)
    gradients, expected_gradients = loss(ours)(*inputs, weights), loss(plain)(*inputs, weights)
    for one, other in zip(jax.tree.leaves(gradients), jax.tree.leaves(expected_gradients), strict=True):
        assert one.dtype == jnp.float32
        np.testing.assert_allclose(one, other, atol=4 * tolerance, rtol=4 * tolerance)


LEARN = """
import sys
sys.path[:0] = {paths!r}
import json
import numpy as np
import keras
from itertools import islice
from test_trainer import QUICK, SMALL, lessons
from antiphon_models.training.evaluate import evaluate
from antiphon_models.network import build
from antiphon_models.training.trainer import Trainer
from random_pieces import random_piece

network = build(SMALL)
rng = np.random.default_rng(1)
network.set_weights([rng.normal(0, 0.1, weight.shape) for weight in network.get_weights()])
trainer = Trainer(network, QUICK)
losses = [trainer.learn(window, 0.01) for window in islice(lessons(), 12)]
held_out = evaluate(network, [random_piece(9, 40)])
told = {{"backend": keras.backend.backend(), "losses": losses, "held_out": held_out.bits_per_event}}
print(json.dumps(told))
"""


def learnt_on(backend: str) -> dict[str, Any]:
    paths = [path for path in sys.path if path] + [os.path.join(os.path.dirname(__file__), os.pardir)]
    outcome = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", LEARN.format(paths=paths)],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        check=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(outcome.stdout.splitlines()[-1])
    assert told["backend"] == backend
    return told


@pytest.mark.skipif(find_spec("tensorflow") is None, reason=TRAINING)
def test_the_same_network_learns_the_same_on_both_back_ends() -> None:
    on_jax, on_tensorflow = learnt_on("jax"), learnt_on("tensorflow")
    np.testing.assert_allclose(on_jax["losses"], on_tensorflow["losses"], rtol=1e-3)
    assert on_jax["held_out"] == pytest.approx(on_tensorflow["held_out"], rel=2e-3)
    assert on_jax["losses"][-1] < on_jax["losses"][0]
