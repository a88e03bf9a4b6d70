"""One step of the network as a graph: it hears what the network hears, and draws as it is asked."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import tensorflow as tf

from antiphon_export.file_graph import FileGraph
from antiphon_export.step import Step
from antiphon_models import guide, vocab
from antiphon_models.lessons.augmentation import Augmentation, endless
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Lane, windows
from antiphon_models.network import EventNetwork
from antiphon_models.spec import IMPOSSIBLE
from random_pieces import random_piece


@pytest.fixture(scope="module")
def step(network: EventNetwork) -> Any:
    return Step(network).concrete()


def heard(network: EventNetwork, **changes: Any) -> dict[str, Any]:
    """Return the inputs of a step after middle C, with everything allowed and the likeliest drawn."""
    sounding = np.zeros((1, vocab.PITCHES), np.float32)
    sounding[0, 60] = 1.0
    inputs: dict[str, Any] = {
        "dt": np.array([5], np.int32),
        "velocity": np.array([20], np.int32),
        "pitch": np.array([60], np.int32),
        "part": np.array([0], np.int32),
        "asked": np.array([0], np.int32),
        "guide": np.zeros((1, guide.WIDTH), np.float32),
        "sounding": sounding,
        "temperature": np.ones((1, 3), np.float32),
        "log_min_p": np.full((1, 3), IMPOSSIBLE, np.float32),
        "noise": np.zeros((1, sum(vocab.CHOICES)), np.float32),
        "allow_dt": np.zeros((1, vocab.DT_BINS), np.float32),
        "allow_class": np.zeros((1, vocab.VELOCITY_CLASSES), np.float32),
        "allow_onset": np.zeros((1, vocab.PITCHES), np.float32),
        "allow_release": np.zeros((1, vocab.PITCHES), np.float32),
    }
    inputs |= dict(zip(network.spec.state_names, network.start_state(1), strict=True))
    return {name: tf.constant(value) for name, value in (inputs | changes).items()}


def only(*indices: int, width: int = vocab.PITCHES) -> Any:
    allowed = np.full((1, width), 3 * IMPOSSIBLE, np.float32)
    allowed[0, list(indices)] = 0.0
    return allowed


def test_it_hears_what_the_network_hears(network: EventNetwork, step: Any) -> None:
    """Step by step through a piece, guided and asked, against the whole piece at once."""
    lane = Lane(endless([random_piece(1, 60, has_parts=True)], Augmentation(anonymous=0.0), 1), Hints(1, 0))
    window = next(windows([lane], 59))
    assert set(window.asked[0]) == {0, 1, 2}
    assert window.guide.any()
    features, _ = network((window, network.start_state(1)))
    seen = network.heads.look(features, window.sounding)
    expected = np.array(network.heads.dt_logits(seen))[0]
    state: dict[str, Any] = {}
    for time in range(59):
        fields = dict(
            zip(("dt", "velocity", "pitch", "part"), window.events[0, time].reshape(4, 1), strict=True)
        )
        told = {"asked": window.asked[:, time], "guide": window.guide, "sounding": window.sounding[:, time]}
        out = step(**heard(network, **fields, **told, **state))
        np.testing.assert_allclose(out["dt_logits"][0], expected[time], atol=1e-4)
        state = {name: out[f"{name}_after"] for name in network.spec.state_names}


def test_without_noise_the_likeliest_is_drawn_field_by_field(network: EventNetwork, step: Any) -> None:
    out = step(**heard(network))
    for field, logits in (("dt", "dt_logits"), ("velocity", "velocity_logits"), ("pitch", "pitch_logits")):
        assert int(out[f"next_{field}"][0]) == int(np.argmax(out[logits][0]))


def test_what_is_not_allowed_is_not_drawn(network: EventNetwork, step: Any) -> None:
    out = step(
        **heard(
            network,
            allow_dt=only(7, width=vocab.DT_BINS),
            allow_class=only(12, width=vocab.VELOCITY_CLASSES),
            allow_onset=only(99),
            allow_release=only(60),
        )
    )
    assert [int(out[f"next_{field}"][0]) for field in ("dt", "velocity", "pitch")] == [7, 12, 99]
    released = step(**heard(network, allow_class=only(0, width=vocab.VELOCITY_CLASSES), allow_onset=only(99)))
    assert int(released["next_pitch"][0]) == 60


def test_noise_of_gumbel_draws_as_often_as_the_chances_say(network: EventNetwork, step: Any) -> None:
    rng = np.random.default_rng(1)
    logits = step(**heard(network))["dt_logits"][0].numpy()
    temperature = np.array([[0.5, 1.0, 1.0]], np.float32)
    drawn = [
        int(step(**heard(network, noise=noise, temperature=temperature))["next_dt"][0])
        for noise in rng.gumbel(size=(400, 1, sum(vocab.CHOICES))).astype(np.float32)
    ]
    chances = np.exp(logits / 0.5 - (logits / 0.5).max())
    chances /= chances.sum()
    likeliest = int(np.argmax(chances))
    spread = np.sqrt(chances[likeliest] * (1 - chances[likeliest]) / 400)
    assert np.mean(np.array(drawn) == likeliest) == pytest.approx(chances[likeliest], abs=float(5 * spread))


def test_what_is_too_unlikely_is_left_out(network: EventNetwork, step: Any) -> None:
    rng = np.random.default_rng(1)
    logits = step(**heard(network))["dt_logits"][0].numpy()
    min_p = 0.5
    log_min_p = np.array([[np.log(min_p), IMPOSSIBLE, IMPOSSIBLE]], np.float32)
    temperature = np.full((1, 3), 2.0, np.float32)
    kept = {int(bin_) for bin_ in np.flatnonzero(logits >= logits.max() + np.log(min_p) - 1e-4)}
    drawn = {
        int(step(**heard(network, noise=noise, temperature=temperature, log_min_p=log_min_p))["next_dt"][0])
        for noise in rng.gumbel(size=(200, 1, sum(vocab.CHOICES))).astype(np.float32)
    }
    assert drawn <= kept
    assert len(kept) < vocab.DT_BINS


def test_the_masks_are_those_of_the_network(network: EventNetwork, step: Any) -> None:
    """In silence, with a note just struck, and with one that has long been held."""
    for level in (0.0, 0.5, 1.0):
        sounding = np.zeros((1, vocab.PITCHES), np.float32)
        sounding[0, 60] = level
        for class_ in (vocab.RELEASE, 12):
            out = step(
                **heard(network, sounding=sounding, allow_class=only(class_, width=vocab.VELOCITY_CLASSES))
            )
            release_is_masked = out["velocity_logits"][0, vocab.RELEASE] < IMPOSSIBLE / 2
            assert release_is_masked == (level == 0.0)
            [masked] = np.nonzero(out["pitch_logits"][0] < IMPOSSIBLE / 2)
            onsets = [60] if level else []
            releases = [pitch for pitch in range(vocab.PITCHES) if pitch not in onsets]
            assert masked.tolist() == (onsets if class_ else releases)


def test_noise_counts_for_more_the_higher_the_temperature(network: EventNetwork, step: Any) -> None:
    """What is drawn is the highest of logits through temperature, plus noise."""
    rng = np.random.default_rng(2)
    for temperature in (0.25, 1.0, 4.0):
        noise = rng.gumbel(size=(1, sum(vocab.CHOICES))).astype(np.float32)
        temperatures = np.full((1, 3), temperature, np.float32)
        out = step(**heard(network, noise=noise, temperature=temperatures))
        start = 0
        for field, width in zip(("dt", "velocity", "pitch"), vocab.CHOICES, strict=True):
            cooled = out[f"{field}_logits"][0] / temperature
            assert int(out[f"next_{field}"][0]) == int(np.argmax(cooled + noise[0, start : start + width]))
            start += width


def test_a_step_takes_few_operations(float_file: Path) -> None:
    """With two layers; to start one costs about as much as what it computes."""
    assert len(FileGraph(float_file.read_bytes()).kinds()) <= 101
