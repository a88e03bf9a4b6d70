"""Small networks as model files with their cards; they need what training needs."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from antiphon.adapters.engines.models import NetworkFile, read_network
from antiphon_models import vocab
from model_files import copy_of_the_default, edit_card, replace_file

if TYPE_CHECKING:
    from antiphon_export.kinds import Quantisation

UNITS, LAYERS = 16, 2


def small_model(folder: Path, quantisation: "Quantisation") -> NetworkFile:
    """Write an untrained network that has an opinion, always the same, into a new folder."""
    import keras

    from antiphon_export.quantisation import convert
    from antiphon_models.network import build
    from antiphon_models.spec import Spec

    keras.utils.set_random_seed(3)
    network = build(Spec(units=UNITS, layers=LAYERS))
    network.set_weights([2.0 * weight for weight in network.get_weights()])
    return written(folder, convert(network, quantisation))


def model_with_a_pad(folder: Path) -> NetworkFile:
    """Write a model file with an operation that LiteRT's GPU does not take: to pad what has two axes."""
    import tensorflow as tf

    specification = tf.TensorSpec((1, 8), tf.float32, "sounding")
    padded = tf.function(lambda sounding: {"next_dt": tf.pad(sounding, ((0, 0), (0, 3)))})
    saved = str(folder.with_name(f"{folder.name}-saved"))
    tf.saved_model.save(
        tf.Module(), saved, signatures={"step": padded.get_concrete_function(sounding=specification)}
    )
    content = bytes(tf.lite.TFLiteConverter.from_saved_model(saved, signature_keys=["step"]).convert())
    shutil.rmtree(saved)
    return written(folder, content)


def written(folder: Path, content: bytes) -> NetworkFile:
    """Write a model file with a card that vouches for it."""
    model = copy_of_the_default(folder)
    replace_file(model, content)
    edit_card(model, spec={"units": UNITS, "layers": LAYERS, "vocabulary": vocab.fingerprint()})
    return read_network(model)
