"""The run of a network of characters, as a training leaves it; its weights have learnt nothing."""

from dataclasses import replace
from pathlib import Path

from antiphon_models.training.runs import WEIGHTS, Music, claim
from antiphon_models.training.weights import save_weights
from antiphon_models.tunes.pupil import network_of
from antiphon_models.tunes.spec import CharSpec
from antiphon_models.tunes.texts import Texts
from antiphon_models.tunes.train import OF_THE_ARTICLES


def small_spec(texts: Texts) -> CharSpec:
    return CharSpec(texts.alphabet, texts.are_tunes, embedding=4, units=8, layers=2)


def write_run(texts: Texts, folder: Path) -> CharSpec:
    """Write the folder of a run on some texts and return its spec."""
    import keras

    keras.utils.set_random_seed(1)
    spec, recipe = small_spec(texts), replace(OF_THE_ARTICLES, steps=1)
    claim(folder, spec, recipe, Music(texts.fingerprint, ["somebody"], False))
    network = network_of(spec, lanes=1)
    # Larger than they begin, so that different characters lead to different places.
    network.set_weights([4.0 * weight for weight in network.get_weights()])
    save_weights(network, folder / WEIGHTS)
    return spec
