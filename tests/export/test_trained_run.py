"""What a training left is read again, and what is wrong with it told in one sentence."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.trained_run import open_run
from antiphon_models.network import EventNetwork
from antiphon_models.spec import Spec
from antiphon_models.training.runs import RECIPE, SPEC, Music, RunError
from antiphon_models.training.weights import WeightsError
from trained_runs import leave_a_run


def test_weights_arguments_and_music_come_back(network: EventNetwork, tmp_path: Path) -> None:
    music = Music("0123", ["somebody"], is_shippable=True)
    opened = open_run(leave_a_run(network, tmp_path / "run", music))
    assert opened.network.spec == network.spec
    for one, other in zip(network.get_weights(), opened.network.get_weights(), strict=True):
        assert np.array_equal(one, other)
    assert opened.arguments == {"seed": 3, "before": "an hour of scales"}
    assert opened.music == music


def test_weights_of_another_shape_are_refused(network: EventNetwork, tmp_path: Path) -> None:
    run = leave_a_run(network, tmp_path / "run")
    (run / SPEC).write_bytes(msgspec.json.encode(Spec(units=8, layers=2)))
    with pytest.raises(WeightsError, match="does not hold the weights"):
        open_run(run)


def test_arguments_that_a_card_cannot_hold_are_refused(network: EventNetwork, tmp_path: Path) -> None:
    run = leave_a_run(network, tmp_path / "run")
    (run / RECIPE).write_text('{"on": ["one", "other"]}')
    with pytest.raises(RunError, match=r"recipe\.json is damaged"):
        open_run(run)
