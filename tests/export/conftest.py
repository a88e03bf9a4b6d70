"""A small network and the files made of it, once for all tests of the export."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from antiphon_models.network import EventNetwork


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
def float_file(network: "EventNetwork", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network as a file in which no weight is rounded."""
    from antiphon_export.export import convert

    path = tmp_path_factory.mktemp("float32") / "model.tflite"
    path.write_bytes(convert(network, "float32"))
    return path
