"""The files of a network: each says what the network says, as nearly as its numbers can."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.errors import ExportError
from antiphon_export.kinds import QUANTISATIONS, Quantisation
from antiphon_export.measure import LOGITS, FileUnderTest, Floats, bits_of, inputs_for, moments, only
from antiphon_export.quantisation import convert
from antiphon_models import vocab
from antiphon_models.lessons.augmentation import once
from antiphon_models.lessons.windows import Lane, next_window
from antiphon_models.network import EventNetwork
from antiphon_models.spec import IMPOSSIBLE
from random_pieces import random_piece

EVENTS = 1000

FileOf = Callable[[Quantisation], Path]


def logits_of_network(network: EventNetwork) -> list[Floats]:
    """Return (events, choices) for each field: what the network makes of a piece, all of it at once."""
    window = next_window([Lane(once([random_piece(5, EVENTS + 1)]))], EVENTS)
    assert window is not None
    features, _ = network((window, network.start_state(1)))
    dt, velocity = window.events[:, 1:, 0], window.events[:, 1:, 1]
    seen = network.heads.look(features, window.sounding)
    logits = [
        network.heads.dt_logits(seen),
        network.heads.velocity_logits(seen, dt, window.sounding),
        network.heads.pitch_logits(seen, dt, velocity, window.sounding),
    ]
    return [np.array(each)[0] for each in logits]


def logits_of_file(path: Path, network: EventNetwork) -> list[Floats]:
    """Return what a file makes of the same piece, one event at a time."""
    model = FileUnderTest(path, network.spec)
    state = model.start_state()
    steps = []
    for moment in moments(Lane(once([random_piece(5, EVENTS + 1)]))):
        out, state = model.step(inputs_for(moment, state))
        steps.append([out[name][0] for name in LOGITS])
    return [np.array(each) for each in zip(*steps, strict=True)]


def bits_per_event(logits: list[Floats]) -> float:
    targets = [moment.following for moment in moments(Lane(once([random_piece(5, EVENTS + 1)])))]
    return sum(
        float(
            np.mean([bits_of(each, int(event[field])) for each, event in zip(of_field, targets, strict=True)])
        )
        for field, of_field in enumerate(logits)
    )


@pytest.fixture(scope="module")
def expected(network: EventNetwork) -> list[Floats]:
    return logits_of_network(network)


def test_the_float_file_is_the_network_step_by_step(
    network: EventNetwork, float_file: Path, expected: list[Floats]
) -> None:
    """Over a thousand events, the state carried along. In a mask, 1e-4 is less than the last bit."""
    for found, right in zip(logits_of_file(float_file, network), expected, strict=True):
        assert found.shape == right.shape == (EVENTS, right.shape[1])
        assert np.array_equal(found.argmax(axis=1), right.argmax(axis=1))
        masked = right < IMPOSSIBLE / 2
        assert np.array_equal(found < IMPOSSIBLE / 2, masked)
        assert np.abs(found - right)[~masked].max() < 1e-4


@pytest.mark.parametrize(
    ("quantisation", "most"),
    [("float16", 0.005), ("int8", 0.02), ("int8-per-tensor", 0.02), ("int8-full", 0.05)],
)
def test_a_rounded_file_says_nearly_the_same(
    network: EventNetwork, file_of: FileOf, expected: list[Floats], quantisation: Quantisation, most: float
) -> None:
    lost = bits_per_event(logits_of_file(file_of(quantisation), network)) - bits_per_event(expected)
    assert abs(lost) <= most


@pytest.mark.parametrize(
    ("quantisation", "share"), [("float16", 0.8), ("int8", 0.8), ("int8-per-tensor", 0.7), ("int8-full", 0.8)]
)
def test_a_rounded_file_is_smaller(
    file_of: FileOf, float_file: Path, quantisation: Quantisation, share: float
) -> None:
    """Much of so small a network's file is not weights; of the shipped one's it is a quarter."""
    assert file_of(quantisation).stat().st_size < share * float_file.stat().st_size


@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_noise_masks_and_temperature_reach_the_drawing_unrounded(
    network: EventNetwork, file_of: FileOf, quantisation: Quantisation
) -> None:
    """None of them is like what the ranges of integers were learnt from."""
    model = FileUnderTest(file_of(quantisation), network.spec)
    [moment, *_] = moments(Lane(once([random_piece(5, 3)])))
    given = inputs_for(moment, model.start_state())
    given |= {"allow_dt": np.zeros((1, vocab.DT_BINS), np.float32)}
    noise = np.zeros((1, vocab.DT_BINS + vocab.VELOCITY_CLASSES + vocab.PITCHES), np.float32)
    for bin_ in (0, 17, 61):
        noise[0, : vocab.DT_BINS] = 0.0
        noise[0, bin_] = 60.0
        out, _ = model.step(given | {"noise": noise})
        assert int(out["next_dt"][0]) == bin_
        # What is sixty above the others is nothing beside a mask, nor beside logits in great cold.
        forbidden, _ = model.step(given | {"noise": noise, "allow_dt": only(bin_ - 1, vocab.DT_BINS)})
        assert int(forbidden["next_dt"][0]) == (bin_ - 1) % vocab.DT_BINS
        cold = np.full((1, 3), 1e-4, np.float32)
        likeliest, _ = model.step(given | {"noise": noise, "temperature": cold})
        assert int(likeliest["next_dt"][0]) == int(likeliest["dt_logits"][0].argmax())
    barred = np.zeros((1, 3), np.float32)
    only_the_best, _ = model.step(given | {"noise": noise, "log_min_p": barred})
    assert int(only_the_best["next_dt"][0]) == int(only_the_best["dt_logits"][0].argmax())


def test_nothing_to_learn_the_ranges_from_is_told_in_one_sentence(network: EventNetwork) -> None:
    with pytest.raises(ExportError, match="int8-full needs music to learn its ranges from"):
        convert(network, "int8-full", [])
