"""The weights of a network as one file: an array each, under the path of its variable.

A run keeps them as they are. A copy in half precision lies beside a model file, which holds no weights that
could be trained.
"""

import io
import zipfile
from pathlib import Path

import keras
import numpy as np

from antiphon_models.errors import TrainingError
from antiphon_models.training.checkpoints import write_arrays


class WeightsError(TrainingError):
    """A file does not hold the weights of a network."""


def save_weights(network: keras.Model, path: Path) -> None:
    """Write the weights so that a crash leaves the old file or the new one.

    Raises:
        CheckpointError: the disk is full or the folder cannot be written; the old file is intact.
    """
    write_arrays(path, {variable.path: np.asarray(variable) for variable in network.weights})


def packed(network: keras.Model) -> bytes:
    """Return the weights in half precision, as the contents of a file."""
    file = io.BytesIO()
    weights = {variable.path: np.asarray(variable).astype(np.float16) for variable in network.weights}
    np.savez_compressed(file, allow_pickle=False, **weights)
    return file.getvalue()


def load_weights(network: keras.Model, path: Path) -> None:
    """Give a network the weights of a file, of either precision.

    Raises:
        WeightsError: it holds none of such a network.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            for variable in network.weights:
                variable.assign(held[variable.path].astype(np.float32))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise WeightsError(
            f"{path} does not hold the weights of the network that is described beside it; copy both again"
        ) from error
