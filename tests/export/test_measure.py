"""The loss of the very file that is played, against that of the network it came from."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.measure import bits_of, measure, only
from antiphon_models.evaluate import evaluate
from antiphon_models.network import EventNetwork
from random_pieces import random_piece


def test_the_float_file_has_the_loss_of_the_network(network: EventNetwork, float_file: Path) -> None:
    """Several pieces, one of them longer than a window, so that the state has to be kept and reset."""
    pieces = [random_piece(seed, length) for seed, length in enumerate((300, 40, 2, 71))]
    measured, expected = measure(float_file, network.spec, pieces), evaluate(network, pieces)
    for field in ("dt", "velocity", "pitch"):
        assert getattr(measured, field) == pytest.approx(getattr(expected, field), abs=1e-3)
    assert measured.bits_per_event == pytest.approx(expected.bits_per_event, abs=1e-3)


def test_bits_are_the_surprise_at_a_choice() -> None:
    assert bits_of(np.zeros(8, np.float32), 3) == pytest.approx(3.0)
    certain = np.array([200.0, 0.0], np.float32)
    assert bits_of(certain, 0) == pytest.approx(0.0)
    assert bits_of(certain, 1) == pytest.approx(200.0 / np.log(2))


def test_only_one_choice_is_left() -> None:
    allowed = only(2, 5)
    assert allowed.shape == (1, 5)
    assert np.flatnonzero(allowed[0] == 0.0).tolist() == [2]
    assert (np.delete(allowed[0], 2) < -1e4).all()
