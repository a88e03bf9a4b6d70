"""The stateful network of the articles: its shape, and that its loop is Keras's own."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

import keras

from antiphon_models.stateful import Shape, build, forget, recurrences, teach

SMALL = Shape(embedding=4, units=6, layers=2)


def test_it_has_the_shape_of_the_articles() -> None:
    network = build(44, dropout=0.2)
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds == ["Embedding", *["Stateful", "Dropout"] * 3, "Dense"]
    assert network.layers[0].output_dim == 512
    assert [layer.units for layer in recurrences(network)] == [256] * 3
    assert all(layer.stateful for layer in recurrences(network))
    assert network.layers[2].rate == 0.2


def test_it_computes_and_learns_what_keras_does() -> None:
    keras.utils.set_random_seed(1)
    ours = build(5, SMALL, lanes=3)
    theirs = keras.Sequential(
        [
            keras.Input(batch_shape=(3, None), dtype="int32"),
            keras.layers.Embedding(5, 4),
            *(keras.layers.LSTM(6, return_sequences=True, stateful=True) for _ in range(2)),
            keras.layers.Dense(5),
        ]
    )
    theirs.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    theirs.set_weights(ours.get_weights())
    row = np.random.default_rng(1).integers(0, 5, (3, 9)).astype(np.int32)
    for _ in range(3):
        expected = theirs.train_on_batch(row[:, :-1], row[:, 1:])
        theirs.reset_metrics()
        assert teach(ours, row[:, :-1], row[:, 1:]) == pytest.approx(float(expected), rel=1e-5)


def test_the_state_is_carried_on_until_it_is_forgotten() -> None:
    keras.utils.set_random_seed(1)
    network = build(5, SMALL, lanes=1)
    row = np.array([[1, 2, 3, 4, 0, 1]], np.int32)
    whole = network.predict_on_batch(row)
    forget(network)
    parts = [network.predict_on_batch(row[:, :2]), network.predict_on_batch(row[:, 2:])]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, atol=1e-6)
    assert not np.allclose(network.predict_on_batch(row), whole)
