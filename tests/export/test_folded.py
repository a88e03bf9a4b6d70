"""Weights put together: their products are the sums that the network adds up one by one."""

import numpy as np
import numpy.typing as npt
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.folded import fold
from antiphon_models import guide, vocab
from antiphon_models.network import EventNetwork

FIELDS = {"dt": 5, "velocity": 20, "pitch": 60, "part": 1, "asked": 2}


def drawn(width: int, seed: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(1, width)).astype(np.float32)


def test_the_gates_of_the_first_layer_are_those_of_what_the_network_embeds(network: EventNetwork) -> None:
    sounding, asked_for = drawn(vocab.PITCHES, 1), drawn(guide.WIDTH, 2)
    h = drawn(network.spec.units, 3)
    fields = [np.array([choice], np.int32) for choice in FIELDS.values()]
    [first, *_] = network.recurrences
    flow = np.array(network.embed(fields, sounding, asked_for))
    expected = flow @ first.kernel.numpy() + h @ first.recurrent_kernel.numpy() + first.bias.numpy()

    folded = fold(network)
    gates = np.array(folded.layers[0].of(sounding, asked_for, h))
    gates += sum(folded.tables[name][choice] for name, choice in FIELDS.items())
    np.testing.assert_allclose(gates, expected, atol=1e-4)


def test_the_gates_of_the_others_are_of_what_flows_in_and_what_came_out_before(network: EventNetwork) -> None:
    flow, h = drawn(network.spec.units, 1), drawn(network.spec.units, 2)
    [_, second] = network.recurrences
    expected = flow @ second.kernel.numpy() + h @ second.recurrent_kernel.numpy() + second.bias.numpy()
    [_, folded] = fold(network).layers
    np.testing.assert_allclose(np.array(folded.of(flow, h)), expected, atol=1e-5)


def test_every_head_sees_the_positive_part_of_one_product(network: EventNetwork) -> None:
    features, sounding = drawn(network.spec.units, 1), drawn(vocab.PITCHES, 2)
    looked_at = np.array(fold(network).look.of(features, sounding))
    seen = np.array(network.heads.look(features, sounding))
    np.testing.assert_allclose(np.maximum(looked_at, 0.0), seen, atol=1e-5)


def test_what_velocity_and_pitch_are_drawn_from_stands_side_by_side(network: EventNetwork) -> None:
    seen, dt = drawn(network.spec.units, 1), np.array([7], np.int32)
    folded, heads = fold(network), network.heads
    hidden = np.array(folded.hidden.of(seen)) + folded.hidden_given_dt[dt]
    expected = [
        np.array(heads.velocity_hidden(seen) + heads.velocity_given_dt(dt)),
        np.array(heads.pitch_hidden(seen) + heads.pitch_given_dt(dt)),
    ]
    np.testing.assert_allclose(hidden, np.concatenate(expected, axis=1), atol=1e-5)
