"""The event network: its masks, and its state carried from window to window."""

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
from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import Spec
from antiphon_models.windows import Lane, once, windows
from random_pieces import random_piece

SMALL = Spec(units=16, layers=2)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    return build(SMALL)


def sounding(*pitches: int) -> Any:
    row = np.zeros((1, vocab.PITCHES), np.float32)
    row[0, list(pitches)] = 0.7
    return tf.constant(row)


def losses_over(network: EventNetwork, time: int) -> list[Any]:
    """Return the losses of each field over a piece of 49 events, read in windows of ``time``."""

    def read(events: Any, sounding: Any, state: Any) -> Any:
        features, after = network((events[:, :-1], sounding, state))
        return network.losses(features, sounding, events[:, 1:]), after

    step = tf.function(read, reduce_retracing=True)
    fields: list[list[Any]] = [[], [], []]
    state: Any = network.start_state(1)
    for window in windows([Lane(once([random_piece(1, 49)]))], time):
        losses, state = step(window.events, window.sounding, state)
        for kept, nats in zip(fields, losses, strict=True):
            kept.append(nats[0].numpy()[window.weights[0] > 0])
    return [np.concatenate(kept) for kept in fields]


def test_building_makes_every_weight_before_anything_is_heard(network: EventNetwork) -> None:
    made = network.count_params()
    losses_over(network, 48)
    assert network.count_params() == made
    assert len(network.variables) == 27


def test_the_state_carries_all_that_matters_across_windows(network: EventNetwork) -> None:
    whole = losses_over(network, 48)
    for time in (1, 7):
        for one, other in zip(whole, losses_over(network, time), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_without_its_state_it_hears_something_else(network: EventNetwork) -> None:
    [window] = windows([Lane(once([random_piece(1, 9)]))], 8)
    remembered, _ = network((window.events[:, :-1], window.sounding, network.start_state(1)))
    forgotten, _ = network((window.events[:, 4:-1], window.sounding[:, 4:], network.start_state(1)))
    assert np.abs(remembered[:, 4:] - forgotten).max() > 1e-3


def test_nothing_is_released_in_silence(network: EventNetwork) -> None:
    seen = network.heads.look(tf.random.normal((1, SMALL.units)), sounding())
    for bin_ in range(0, vocab.DT_BINS, 10):
        chances = tf.nn.softmax(network.heads.velocity_logits(seen, tf.constant([bin_]), sounding()))
        assert chances[0, vocab.RELEASE] == 0.0
    chances = tf.nn.softmax(network.heads.velocity_logits(seen, tf.constant([0]), sounding(60)))
    assert chances[0, vocab.RELEASE] > 0.0


def test_a_release_is_only_of_what_sounds_and_an_onset_only_of_what_does_not(network: EventNetwork) -> None:
    held = sounding(60, 67)
    seen = network.heads.look(tf.random.normal((1, SMALL.units)), held)

    def possible(class_: int) -> set[int]:
        logits = network.heads.pitch_logits(seen, tf.constant([3]), tf.constant([class_]), held)
        return {int(pitch) for pitch in np.flatnonzero(tf.nn.softmax(logits)[0])}

    assert possible(vocab.RELEASE) == {60, 67}
    assert possible(20) == set(range(vocab.PITCHES)) - {60, 67}


def test_a_loss_is_the_surprise_at_what_came(network: EventNetwork) -> None:
    """Over all that may come, the chances add up to one, each field in the light of those before it."""
    held = sounding(60)
    features = tf.random.normal((1, 1, SMALL.units))

    def chances(field: int, candidates: list[list[int]]) -> float:
        targets = np.array([[event] for event in candidates], np.int32)
        many = tf.repeat(features, len(candidates), axis=0)
        held_by_all = tf.repeat(held[:, None], len(candidates), axis=0)
        return float(tf.reduce_sum(tf.exp(-network.losses(many, held_by_all, targets)[field])))

    assert chances(0, [[dt, 9, 62] for dt in range(vocab.DT_BINS)]) == pytest.approx(1.0, abs=1e-4)
    assert chances(1, [[5, class_, 62] for class_ in range(vocab.VELOCITY_CLASSES)]) == pytest.approx(
        1.0, abs=1e-4
    )
    assert chances(2, [[5, 9, pitch] for pitch in range(vocab.PITCHES)]) == pytest.approx(1.0, abs=1e-4)
    assert chances(2, [[5, vocab.RELEASE, 60]]) == pytest.approx(1.0, abs=1e-4)
