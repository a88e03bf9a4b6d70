"""The LSTM of the articles: its shape, its training, and bits that are counted right."""

import math

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras

from antiphon_models.baselines.article import article, build, row_of, surprise
from antiphon_models.baselines.tokens import TOKENS, spelt, tokens_of
from antiphon_models.errors import TrainingError
from antiphon_models.stateful import LANES, WINDOW, Shape, bits_of, lessons
from random_pieces import random_piece

SMALL = Shape(embedding=8, units=8, layers=1)


def test_it_has_the_shape_of_the_articles() -> None:
    network = build()
    kinds = [(type(layer).__name__, getattr(layer, "units", None)) for layer in network.layers]
    stateful = ("Stateful", 256)
    assert kinds == [("Embedding", None), stateful, stateful, stateful, ("Dense", 388)]
    assert network.layers[0].output_dim == 512
    assert all(layer.stateful for layer in network.layers[1:4])


def test_a_lane_goes_on_where_its_window_before_ended() -> None:
    row = np.arange(LANES * (3 * WINDOW + 5), dtype=np.int16) % TOKENS
    windows = list(lessons(row))
    assert len(windows) == 3
    lanes = np.concatenate([heard for heard, _ in windows], axis=1)
    assert lanes[0].tolist() == row[: 3 * WINDOW].tolist()
    assert lanes[1].tolist() == row[3 * WINDOW + 5 : 6 * WINDOW + 5].tolist()
    for heard, following in windows:
        assert heard[:, 1:].tolist() == following[:, :-1].tolist()


def test_every_token_but_those_of_the_first_event_is_counted_once() -> None:
    """More pieces than lanes, longer and shorter than a window, against all of them read in one go."""
    keras.utils.set_random_seed(1)
    network = build(SMALL)
    pieces = [random_piece(seed, 3 + 4 * seed) for seed in range(LANES + 2)]
    rows = [tokens_of(spelt(piece)) for piece in pieces]
    longest = max(len(tokens) for tokens, _ in rows)
    assert longest > 2 * WINDOW
    expected = 0.0
    for group in (rows[:LANES], rows[LANES:]):
        lanes = np.zeros((LANES, longest), np.int16)
        for lane, (tokens, _) in enumerate(group):
            lanes[lane, : len(tokens)] = tokens
        for layer in network.layers[1:2]:
            layer.reset_state()
        bits = bits_of(network.predict_on_batch(lanes)[:, :-1], lanes[:, 1:])
        predicted = [bits[lane, given - 1 : len(tokens) - 1] for lane, (tokens, given) in enumerate(group)]
        expected += float(np.concatenate(predicted).sum())
    measured, notes = surprise(network, [*pieces, random_piece(99, 1)])
    assert measured == pytest.approx(expected, rel=1e-5)
    assert notes == sum(int((piece.velocity[1:] > 0).sum()) for piece in pieces)


def test_bits_are_those_of_an_exact_distribution() -> None:
    logits = np.random.default_rng(1).normal(0, 30, (4, TOKENS)).astype(np.float32)
    every = np.tile(np.arange(TOKENS, dtype=np.int16), (4, 1))
    chances = 2.0 ** -bits_of(np.repeat(logits[:, np.newaxis], TOKENS, axis=1), every)
    np.testing.assert_allclose(chances.sum(axis=-1), 1.0, atol=1e-9)


def test_it_learns_and_says_what_it_took() -> None:
    train = [random_piece(1, 1600)]
    before = article(train, train, steps=0, shape=SMALL)
    after = article(train, train, steps=40, shape=SMALL)
    assert before.bits_per_note > math.log2(TOKENS)
    assert after.bits_per_note < before.bits_per_note - 0.5
    assert (before.steps, after.steps) == (0, 40)
    assert after.parameters == TOKENS * 8 + 4 * 8 * (8 + 8 + 1) + (8 + 1) * TOKENS


def test_it_says_how_far_it_is() -> None:
    told: list[float] = []
    article([random_piece(1, 800)], [random_piece(2, 5)], steps=3, shape=SMALL, report=told.append)
    assert told == pytest.approx([0, 1 / 3, 2 / 3])


def test_a_budget_is_asked_for_and_kept() -> None:
    train = [random_piece(1, 800)]
    with pytest.raises(TrainingError, match="minutes or steps"):
        article(train, train)
    assert article(train, [random_piece(2, 5)], minutes=0.0, shape=SMALL).steps == 0


def test_too_little_to_learn_from_and_nothing_to_predict_are_refused() -> None:
    with pytest.raises(TrainingError, match="add pieces"):
        article([random_piece(1, 20)], [random_piece(2, 20)], steps=1)
    with pytest.raises(TrainingError, match="no events to predict"):
        article([random_piece(1, 800)], [random_piece(2, 1)], steps=1)


def test_no_pieces_make_an_empty_row() -> None:
    assert row_of([]).shape == (0,)
