"""The fast LSTM against the one of Keras."""

from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

import keras
import tensorflow as tf

from antiphon_models.recurrence import Recurrence

BATCH, TIME, INPUTS, UNITS = 3, 7, 5, 4


def drawn(*shape: int, seed: int = 1) -> Any:
    return tf.constant(np.random.default_rng(seed).normal(size=shape), tf.float32)


@pytest.fixture
def layers() -> tuple[Any, Any]:
    """Return our layer and that of Keras, with the same weights."""
    ours = Recurrence(UNITS)
    theirs = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)
    ours.build((None, None, INPUTS))
    theirs.build((None, None, INPUTS))
    weights = [drawn(INPUTS, 4 * UNITS), drawn(UNITS, 4 * UNITS, seed=2), drawn(4 * UNITS, seed=3)]
    ours.set_weights(weights)
    theirs.set_weights(weights)
    return ours, theirs


@pytest.mark.parametrize("as_graph", [False, True])
def test_outputs_and_gradients_are_those_of_keras(layers: tuple[Any, Any], as_graph: bool) -> None:
    ours, theirs = layers
    inputs = [drawn(BATCH, TIME, INPUTS, seed=4), drawn(BATCH, UNITS, seed=5), drawn(BATCH, UNITS, seed=6)]
    importance = [drawn(BATCH, TIME, UNITS, seed=7), drawn(BATCH, UNITS, seed=8), drawn(BATCH, UNITS, seed=9)]

    def results_of(layer: Any, run: Any) -> tuple[list[Any], list[Any]]:
        def differentiate(x: Any, h: Any, c: Any) -> tuple[list[Any], list[Any]]:
            with tf.GradientTape() as tape:
                tape.watch([x, h, c])
                outputs = list(run(x, h, c))
                sums = [tf.reduce_sum(out * factor) for out, factor in zip(outputs, importance, strict=True)]
                loss = tf.add_n(sums)
            watched = [x, h, c, *(weight.value for weight in layer.trainable_variables)]
            return outputs, tape.gradient(loss, watched)

        return (tf.function(differentiate) if as_graph else differentiate)(*inputs)

    outputs, gradients = results_of(ours, ours)
    expected, expected_gradients = results_of(theirs, lambda x, h, c: theirs(x, initial_state=[h, c]))
    for out, theirs_out in zip(outputs, expected, strict=True):
        np.testing.assert_allclose(out, theirs_out, atol=1e-5)
    for gradient, their_gradient in zip(gradients, expected_gradients, strict=True):
        np.testing.assert_allclose(gradient, their_gradient, atol=1e-4)


def test_stepping_gives_what_the_whole_window_gives(layers: tuple[Any, Any]) -> None:
    ours, _ = layers
    x, h, c = drawn(BATCH, TIME, INPUTS), drawn(BATCH, UNITS, seed=5), drawn(BATCH, UNITS, seed=6)
    outputs, last_h, last_c = ours(x, h, c)
    for time in range(TIME):
        h, c = ours.step(x[:, time], h, c)
        np.testing.assert_allclose(h, outputs[:, time], atol=1e-6)
    np.testing.assert_allclose(h, last_h, atol=1e-6)
    np.testing.assert_allclose(c, last_c, atol=1e-6)


def test_a_fresh_layer_remembers() -> None:
    layer = Recurrence(UNITS)
    layer.build((None, None, INPUTS))
    forget = layer.bias.numpy()[UNITS : 2 * UNITS]
    assert (forget == 1.0).all()
    assert layer.bias.numpy().sum() == UNITS
