"""Weights that come back from a file, and files that hold none."""

from pathlib import Path

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)

import keras

from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import CheckpointError
from antiphon_models.training.weights import WeightsError, load_weights, packed, save_weights
from small_disk import small_disk

SPEC = Spec(units=16, layers=2)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    return build(SPEC, dropout=0.3)


def test_saved_weights_come_back(network: EventNetwork, tmp_path: Path) -> None:
    save_weights(network, tmp_path / "weights.npz")
    other = build(SPEC)
    load_weights(other, tmp_path / "weights.npz")
    for one, another in zip(other.get_weights(), network.get_weights(), strict=True):
        assert np.array_equal(one, another)
    assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]


def test_packed_weights_come_back_in_half_precision(network: EventNetwork, tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(packed(network))
    other = build(SPEC)
    load_weights(other, tmp_path / "weights.npz")
    for one, another in zip(other.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(one, another, atol=1e-3)


def test_on_a_disk_that_is_too_small_nothing_is_left_half_written(
    network: EventNetwork, tmp_path: Path
) -> None:
    """A library that wrote to the disk by itself once took the whole process with it."""
    with small_disk(tmp_path / "disk", kilobytes=16) as disk:
        with pytest.raises(
            CheckpointError, match=r"weights\.npz cannot be written \(no space left on device\)"
        ):
            save_weights(network, disk / "weights.npz")
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("content", [b"PK\x03\x04 and then nothing", b"no archive at all", b""])
def test_damaged_weights_are_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights.npz").write_bytes(content)
    with pytest.raises(WeightsError, match="does not hold the weights of the network"):
        load_weights(build(SPEC), tmp_path / "weights.npz")


def test_weights_of_another_shape_are_told_in_a_sentence(network: EventNetwork, tmp_path: Path) -> None:
    save_weights(network, tmp_path / "weights.npz")
    for spec in (Spec(units=8, layers=2), Spec(units=16, layers=3)):
        with pytest.raises(WeightsError, match="does not hold the weights of the network"):
            load_weights(build(spec), tmp_path / "weights.npz")
