"""Held-out cross-entropy: the mean over all events, however they are dealt out."""

from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras
import tensorflow as tf

from antiphon_models import vocab
from antiphon_models.evaluate import LANES, evaluate
from antiphon_models.network import EventNetwork, build
from antiphon_models.pieces import Piece
from antiphon_models.spec import Spec
from antiphon_models.windows import Lane, once, windows
from random_pieces import random_piece


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    return build(Spec(units=8, layers=2))


def surprises(network: EventNetwork, pieces: list[Piece]) -> Any:
    """Return (3, events): the loss of each field at each event of the pieces, in bits."""

    def read(events: Any, sounding: Any) -> Any:
        features, _ = network((events[:, :-1], sounding, network.start_state(1)))
        return network.losses(features, sounding, events[:, 1:])

    step = tf.function(read, reduce_retracing=True)
    whole = [window for piece in pieces for window in windows([Lane(once([piece]))], len(piece) - 1)]
    nats = [np.array(step(window.events, window.sounding))[:, 0] for window in whole]
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
