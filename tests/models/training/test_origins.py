"""Models that can be gone on from are found by name or folder, and all others refused in a sentence."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras

from antiphon_models import shelf
from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import EventCard, Losses, Spec
from antiphon_models.training.origins import OriginError, find
from antiphon_models.training.weights import load_weights, packed
from trained_runs import leave_a_run

SPEC = Spec(units=4, layers=2)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    return build(SPEC)


def export(network: EventNetwork, folder: Path, spec: Spec = SPEC, weights_sha256: str = "") -> Path:
    """Write what an export leaves; the model file is empty, for nobody goes on from that."""
    folder.mkdir()
    (folder / "model.tflite").touch()
    (folder / "weights.npz").write_bytes(packed(network))
    losses = Losses(1.0, 1.0, 1.0)
    card = EventCard(
        name="tiny",
        description="",
        spec=spec,
        sha256="",
        parameters=0,
        quantisation="int8",
        licence="",
        trained_on=["somebody"],
        arguments={},
        held_out=losses,
        bits_per_event=losses.bits_per_event,
        tools={},
        weights_sha256=weights_sha256,
    )
    (folder / "card.json").write_bytes(msgspec.json.encode(card))
    return folder


def assert_loads(folder: Path, network: EventNetwork, tolerance: float) -> None:
    other = build(SPEC)
    load_weights(other, find(str(folder)).weights)
    for own, weight in zip(other.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(own, weight, atol=tolerance)


def test_every_weight_has_a_path_of_its_own(network: EventNetwork) -> None:
    paths = [variable.path for variable in network.variables]
    assert len(set(paths)) == len(paths)
    assert paths == [variable.path for variable in build(SPEC).variables]


def test_an_exported_model_is_gone_on_from_in_half_precision(network: EventNetwork, tmp_path: Path) -> None:
    folder = export(network, tmp_path / "model")
    assert_loads(folder, network, tolerance=1e-3)
    assert find(str(folder)).credits == ["somebody"]
    assert find(str(folder / "model.tflite")) == find(str(folder))


def test_a_run_is_gone_on_from_exactly(network: EventNetwork, tmp_path: Path) -> None:
    assert_loads(leave_a_run(network, tmp_path / "run"), network, tolerance=0.0)


def test_a_shipped_model_is_found_by_its_name(
    network: EventNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(network, tmp_path / "tiny")
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path)
    assert find("tiny").weights == tmp_path / "tiny" / "weights.npz"
    with pytest.raises(
        OriginError, match=r"huge is neither a shipped model \(tiny\), .*; name a model, or the folder of a"
    ):
        find("huge")


def test_weights_of_another_card_are_refused(network: EventNetwork, tmp_path: Path) -> None:
    with pytest.raises(
        OriginError, match=r"weights\.npz is not the file that card\.json beside it describes"
    ):
        find(str(export(network, tmp_path / "model", weights_sha256="0" * 64)))


def test_a_model_without_weights_is_refused(network: EventNetwork, tmp_path: Path) -> None:
    (export(network, tmp_path / "model") / "weights.npz").unlink()
    with pytest.raises(OriginError, match=r"holds no weights\.npz to go on from; export the model anew"):
        find(str(tmp_path / "model"))


def test_a_model_of_another_vocabulary_is_refused(network: EventNetwork, tmp_path: Path) -> None:
    with pytest.raises(OriginError, match="was trained on another vocabulary"):
        find(str(export(network, tmp_path / "model", Spec(4, 2, vocabulary="other"))))


def test_a_damaged_card_is_told_in_a_sentence(network: EventNetwork, tmp_path: Path) -> None:
    folder = export(network, tmp_path / "model")
    (folder / "card.json").write_text("{")
    with pytest.raises(OriginError, match=r"card\.json is damaged"):
        find(str(folder))
