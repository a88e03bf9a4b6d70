"""Bits per character of text that was held out."""

import math

import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

import keras
import numpy as np

from antiphon_models.tunes.exam import CharExam
from antiphon_models.tunes.pupil import network_of
from antiphon_models.tunes.spec import CharSpec

SPEC = CharSpec("abcd", False, embedding=4, units=8, layers=2)


def test_a_network_without_weights_finds_all_characters_alike() -> None:
    network = network_of(SPEC, lanes=3)
    for weight in network.weights:
        weight.assign(weight * 0.0)
    exam = CharExam(network, SPEC, ["abcd" * 90, "a", "dcba"])
    assert exam.taken()["held_out"] == pytest.approx(math.log2(4), abs=1e-5)
    assert exam.bits() == pytest.approx(2 * (359 + 3), rel=1e-5)


def test_what_the_lanes_have_heard_stays_what_it_was() -> None:
    keras.utils.set_random_seed(1)
    network = network_of(SPEC, lanes=1)
    network.predict_on_batch(np.array([[0, 1, 2]], np.int32))
    before = [state.numpy().copy() for state in network.get_layer("recurrence0").states]
    CharExam(network, SPEC, ["abcd" * 9]).taken()
    after = [state.numpy() for state in network.get_layer("recurrence0").states]
    assert all((one == other).all() for one, other in zip(before, after, strict=True))
