"""TensorFlow as a back end: the loop of the recurrence in full and in half precision."""

from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

import tensorflow as tf

from antiphon_models.backends.on_tensorflow import unroll

BATCH, TIME, INPUTS, UNITS = 3, 7, 5, 4


def drawn(*shape: int, seed: int) -> Any:
    return tf.constant(np.random.default_rng(seed).normal(size=shape), tf.float32)


def results_in(dtype: str) -> list[Any]:
    """Return outputs, and the gradients of all that goes in."""
    shapes = [(BATCH, TIME, INPUTS), (BATCH, UNITS), (BATCH, UNITS)]
    shapes += [(INPUTS, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,)]
    x, h, c, *weights = given = [drawn(*shape, seed=seed) for seed, shape in enumerate(shapes)]
    with tf.GradientTape() as tape:
        tape.watch(given)
        outputs = unroll(x, h, c, tuple(weights), dtype)
        loss = tf.add_n([tf.reduce_sum(out * out) for out in outputs])
    return [*outputs, *tape.gradient(loss, given)]


def test_half_precision_says_nearly_the_same_in_full_precision() -> None:
    for half, full in zip(results_in("float16"), results_in("float32"), strict=True):
        assert half.dtype == tf.float32
        np.testing.assert_allclose(half, full, atol=0.1, rtol=0.05)
        assert not np.array_equal(half, full)
