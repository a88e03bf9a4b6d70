"""A small network and the files made of it, once for all tests of the export."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from random_pieces import random_piece

if TYPE_CHECKING:
    from antiphon_export.kinds import Quantisation
    from antiphon_models.network import EventNetwork
    from antiphon_models.notes.pieces import Piece


@pytest.fixture(scope="session")
def network() -> "EventNetwork":
    import keras

    from antiphon_models.network import build
    from antiphon_models.spec import Spec

    keras.utils.set_random_seed(3)
    network = build(Spec(units=16, layers=2))
    # Fresh weights say nearly the same of everything; these have an opinion.
    network.set_weights([2.0 * weight for weight in network.get_weights()])
    return network


@pytest.fixture(scope="session")
def learnt() -> "list[Piece]":
    """What the network would have been trained on."""
    return [random_piece(seed, 200, has_parts=True) for seed in range(20, 24)]


@pytest.fixture(scope="session")
def file_of(
    network: "EventNetwork", learnt: "list[Piece]", tmp_path_factory: pytest.TempPathFactory
) -> "Callable[[Quantisation], Path]":
    """Makes the network into a file of a quantisation, with its card; each is made once."""
    from antiphon_export.export import Music, Title, export
    from antiphon_export.trained_run import TrainedRun
    from antiphon_models.training import runs

    folder = tmp_path_factory.mktemp("exported")

    @cache
    def made(quantisation: "Quantisation") -> Path:
        music = Music(learnt, [random_piece(7, 40)])
        run = TrainedRun(network, {"seed": 3}, runs.Music("", ["nobody in particular"], is_shippable=True))
        title = Title(quantisation, "a small one", "CC0")
        export(run, music, folder / quantisation, quantisation, title)
        return folder / quantisation / "model.tflite"

    return made


@pytest.fixture(scope="session")
def float_file(file_of: "Callable[[Quantisation], Path]") -> Path:
    """The network as a file in which no weight is rounded."""
    return file_of("float32")
