"""Held-out cross-entropy: the mean over all events, however they are dealt out."""

from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras
from keras import ops

from antiphon_models import backends, vocab
from antiphon_models.lessons.augmentation import once
from antiphon_models.lessons.windows import Lane, Window, windows
from antiphon_models.network import EventNetwork, build
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Spec
from antiphon_models.training.evaluate import LANES, LONGEST_EXCERPT, Examiner, evaluate, sample
from random_pieces import random_piece


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    return build(Spec(units=8, layers=2))


def surprises(network: EventNetwork, pieces: list[Piece]) -> Any:
    """Return (3, events): the loss of each field at each event of the pieces, in bits."""

    def act(window: Window) -> Any:
        features, _ = network((window, network.start_state(1)))
        return network.losses(features, window)

    step = backends.chosen().compiled(network, act)
    whole = [window for piece in pieces for window in windows([Lane(once([piece]))], len(piece) - 1)]
    nats = [np.array([ops.convert_to_numpy(field)[0] for field in step(window)]) for window in whole]
    return np.concatenate(nats, axis=1) / np.log(2)


def test_it_is_the_mean_over_the_events_of_all_pieces(network: EventNetwork) -> None:
    """More pieces than lanes, of different lengths, one of them longer than a window."""
    pieces = [random_piece(seed, 3 + 2 * (seed % 5)) for seed in range(LANES + 3)] + [random_piece(99, 300)]
    measured = evaluate(network, pieces)
    dt, velocity, pitch = surprises(network, pieces).mean(axis=1)
    assert (measured.dt, measured.velocity, measured.pitch) == pytest.approx((dt, velocity, pitch), abs=1e-3)


def test_a_fresh_network_knows_next_to_nothing(network: EventNetwork) -> None:
    measured = evaluate(network, [random_piece(1, 60)])
    assert measured.dt == pytest.approx(np.log2(vocab.DT_BINS), abs=1.0)
    assert measured.bits_per_event < np.log2(vocab.DT_BINS * vocab.VELOCITY_CLASSES * vocab.PITCHES) + 1.0


def test_an_examiner_measures_what_the_network_has_become() -> None:
    network, pieces = build(Spec(units=8, layers=1)), [random_piece(1, 60)]
    examiner = Examiner(network)
    before = examiner.losses(pieces)
    network.set_weights([3.0 * weight for weight in network.get_weights()])
    after = examiner.losses(pieces)
    assert before.bits_per_event != pytest.approx(after.bits_per_event, abs=1e-3)
    assert after == evaluate(network, pieces)


def test_a_sample_is_of_many_pieces_bounded_and_the_same_for_the_same_seed() -> None:
    pieces = [random_piece(seed, 30) for seed in range(20)]
    drawn = sample(pieces, 200, seed=1)
    assert sum(len(piece) - 1 for piece in drawn) == 200
    assert len({piece.name for piece in drawn}) == 7
    names = [piece.name for piece in drawn]
    assert [piece.name for piece in sample(pieces, 200, seed=1)] == names
    assert [piece.name for piece in sample(pieces, 200, seed=2)] != names


def test_a_sample_holds_the_beginnings_of_long_pieces_and_no_more_than_there_is() -> None:
    pieces = [random_piece(1, LONGEST_EXCERPT + 50), random_piece(2, 10)]
    lengths = {piece.name: piece for piece in sample(pieces, 1_000_000, seed=1)}
    assert {name: len(piece) for name, piece in lengths.items()} == {
        "random 1": LONGEST_EXCERPT,
        "random 2": 10,
    }
    assert np.array_equal(lengths["random 1"].pitch, pieces[0].pitch[:LONGEST_EXCERPT])
