"""The loss of the very file that is played, against that of the network it came from."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon.adapters.engines.models import find_network
from antiphon_export.measure import beginnings, bits_of, measure, only
from antiphon_models.network import EventNetwork
from antiphon_models.notes.corpora import shippable
from antiphon_models.notes.reading import Read, read_file
from antiphon_models.training.evaluate import evaluate
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


def test_a_share_of_each_piece_is_measured_where_not_all_is_wanted() -> None:
    pieces = [random_piece(seed, length) for seed, length in enumerate((300, 40, 2))]
    cut = beginnings(pieces, 150)
    assert [len(piece) for piece in cut] == [50, 40, 2]
    for whole, beginning in zip(pieces, cut, strict=True):
        for field in ("dt", "velocity", "pitch", "part"):
            assert getattr(beginning, field).tolist() == getattr(whole, field)[: len(beginning)].tolist()


def test_however_little_is_wanted_there_is_something_to_predict() -> None:
    assert [len(piece) for piece in beginnings([random_piece(1, 9), random_piece(2, 9)], 1)] == [2, 2]


def test_the_shipped_model_is_as_good_as_its_card_says(request: pytest.FixtureRequest) -> None:
    """Minutes long: every event of the held-out pieces of the published corpora."""
    corpora = request.config.getoption("--corpora")
    if corpora is None:
        pytest.skip("the corpora are not part of the project; name their folder with --corpora")
    held_out = [source for source in shippable(corpora) if source.listed == "valid"]
    pieces = [read.piece for source in held_out for read in read_file(source.path) if isinstance(read, Read)]
    model = find_network("default")
    found = measure(model.path, model.card.spec, pieces)
    assert found.bits_per_event == pytest.approx(model.card.bits_per_event, abs=0.02)
