"""One character as a graph, held against the network that learnt."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

import keras

from antiphon_export.tunes.step import CharStep
from antiphon_models.spec import IMPOSSIBLE
from antiphon_models.stateful import forget
from antiphon_models.tunes.pupil import network_of
from antiphon_models.tunes.spec import CharSpec

SPEC = CharSpec("abcdefg", False, embedding=4, units=8, layers=3)
COLD, OPEN = np.ones((1, 1), np.float32), np.full((1, 1), IMPOSSIBLE, np.float32)
STILL = np.zeros((1, 7), np.float32)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    network = network_of(SPEC, lanes=1)
    network.set_weights([3.0 * weight for weight in network.get_weights()])
    return network


def stepped(step: CharStep, characters: list[int], **given: np.ndarray) -> list[dict[str, np.ndarray]]:
    state = {name: np.zeros((1, 8), np.float32) for name in SPEC.state_names}
    outcomes = []
    usual = {"temperature": COLD, "log_min_p": OPEN, "noise": STILL, "allow": STILL} | given
    for character in characters:
        out = {k: v.numpy() for k, v in step.step(character=np.array([character]), **usual, **state).items()}
        state = {name: out[f"{name}_after"] for name in SPEC.state_names}
        outcomes.append(out)
    return outcomes


def test_it_expects_what_the_network_expects(network: keras.Model) -> None:
    characters = [0, 3, 3, 6, 1, 5, 2, 2, 0]
    forget(network)
    expected = network.predict_on_batch(np.array([characters], np.int32))[0]
    logits = [out["logits"][0] for out in stepped(CharStep(network, SPEC), characters)]
    np.testing.assert_allclose(np.stack(logits), expected, atol=1e-4)


def test_what_is_drawn_is_likeliest_or_what_noise_makes_so(network: keras.Model) -> None:
    step = CharStep(network, SPEC)
    (out,) = stepped(step, [2])
    assert out["next"] == out["logits"].argmax()
    noise = np.eye(1, 7, 4, dtype=np.float32) * 100
    assert stepped(step, [2], noise=noise)[0]["next"] == 4
    # What is far less likely than the likeliest is left out, whatever the noise.
    assert stepped(step, [2], noise=noise, log_min_p=np.zeros((1, 1), np.float32))[0]["next"] == out["next"]


def test_what_is_forbidden_is_not_drawn(network: keras.Model) -> None:
    allow = np.full((1, 7), 3 * IMPOSSIBLE, np.float32)
    allow[0, 6] = 0.0
    assert all(out["next"] == 6 for out in stepped(CharStep(network, SPEC), [0, 1, 2], allow=allow))


def test_it_is_saved_with_one_signature(network: keras.Model, tmp_path: Path) -> None:
    import tensorflow as tf

    CharStep(network, SPEC).save(str(tmp_path))
    assert list(tf.saved_model.load(str(tmp_path)).signatures) == ["step"]
