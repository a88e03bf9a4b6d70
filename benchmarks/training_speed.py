"""How fast a model is trained, by the useful multiply-adds of a second, against what the machine can do.

Ours is the whole trainer on the shipped spec, the varying and cutting of its pieces included. The articles'
loop is Keras's stateful LSTM on tokens, ``train_on_batch``, 16 sequences of 64, with batches ready made. Both
are counted alike: the products of a forward pass, three times, as each has two more in the backward pass;
nothing that is looked up, added or squashed counts. What the machine can do is a large product of float32
matrices.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from figures import Figure, Result, main_of, percentile

from antiphon_models import vocab
from antiphon_models.spec import Spec
from antiphon_models.training.allocation import keep_freed_memory
from antiphon_models.training.recipe import Recipe

SUPPORT = Path(__file__).resolve().parent.parent / "tests" / "support"

TITLE = "time of a thousand million multiply-adds in training"
ROUNDS = 15
SIDE = 2048
"""Rows and columns of the large product."""

TOKENS, EMBEDDING, UNITS, LAYERS = 388, 512, 256, 3
"""The articles' network."""

SEQUENCES, LENGTH = 16, 64

OF_A_STEP = 3
"""A product forwards is one by each of its factors backwards."""


def measure() -> Result:
    """Take turns in short rounds, so that whatever else runs slows all alike."""
    if find_spec("tensorflow") is None or find_spec("symusic") is None:
        return Result(TITLE, skipped="training is not installed: pip install 'antiphon[train]'")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    keep_freed_memory()
    contenders = [large_product(), articles_loop(), our_trainer()]
    seconds: list[list[float]] = [[] for _ in contenders]
    for round_ in range(ROUNDS + 1):
        for (act, billions), kept in zip(contenders, seconds, strict=True):
            began = time.perf_counter()
            act()
            if round_:  # the first builds graphs
                kept.append((time.perf_counter() - began) / billions)
    (product, _), (articles, articles_worst), (ours, ours_worst) = (
        (1e3 * percentile(each, 50), 1e3 * max(each)) for each in seconds
    )
    return Result(
        TITLE,
        (
            Figure(f"product of {SIDE} x {SIDE}", product, "ms", 1e3 * max(seconds[0])),
            Figure("the articles' loop", articles, "ms", articles_worst, product),
            Figure("ours, to the product", ours, "ms", ours_worst, product, 2 * product),
            Figure("ours, to the articles' loop", ours, "ms", ours_worst, articles, articles / 2),
        ),
    )


def large_product() -> tuple[Callable[[], Any], float]:
    """Return a product, and the thousands of millions of multiply-adds in it."""
    import tensorflow as tf

    rng = np.random.default_rng(1)
    a, b = (tf.constant(rng.normal(size=(SIDE, SIDE)), tf.float32) for _ in range(2))
    multiply = tf.function(lambda: tf.reduce_max(tf.matmul(a, b)))
    return lambda: float(multiply()), SIDE**3 / 1e9


def articles_loop() -> tuple[Callable[[], Any], float]:
    """Return four steps of the articles' loop, and what is multiplied in them."""
    import keras

    model = keras.Sequential(
        [keras.Input(batch_shape=(SEQUENCES, LENGTH)), keras.layers.Embedding(TOKENS, EMBEDDING)]
    )
    for _ in range(LAYERS):
        model.add(keras.layers.LSTM(UNITS, stateful=True, return_sequences=True))
    model.add(keras.layers.Dense(TOKENS, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    rng = np.random.default_rng(1)
    tokens = rng.integers(0, TOKENS, (SEQUENCES, LENGTH + 1))
    multiplied = sum(4 * UNITS * (inputs + UNITS) for inputs in [EMBEDDING] + [UNITS] * (LAYERS - 1))
    multiplied += UNITS * TOKENS

    def act() -> None:
        for _ in range(4):
            model.train_on_batch(tokens[:, :-1], tokens[:, 1:])

    return act, 4 * OF_A_STEP * multiplied * SEQUENCES * LENGTH / 1e9


def our_trainer() -> tuple[Callable[[], Any], float]:
    """Return one step of our trainer, and what is multiplied in it."""
    from antiphon_models.network import build
    from antiphon_models.training.trainer import Trainer

    spec, recipe = Spec(), Recipe()
    trainer, lessons = Trainer(build(spec), recipe), endless_windows(recipe)
    heads = 3 * spec.units + vocab.PITCHES + sum((vocab.DT_BINS, vocab.VELOCITY_CLASSES, vocab.PITCHES))
    multiplied = spec.units * (vocab.PITCHES + 8 * spec.units * spec.layers + heads)
    return (
        lambda: trainer.learn(next(lessons), 1e-3),
        OF_A_STEP * multiplied * recipe.lanes * recipe.window / 1e9,
    )


def endless_windows(recipe: Recipe) -> Iterator[Any]:
    """Return windows over music drawn at random."""
    sys.path.append(str(SUPPORT))
    from antiphon_models.lessons.windows import windows
    from antiphon_models.training.train import lanes_of
    from random_pieces import random_piece

    music = [random_piece(seed, 1000, has_parts=True, is_gridded=seed % 2 == 0) for seed in range(8)]
    return windows(lanes_of(music, recipe), recipe.window)


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
