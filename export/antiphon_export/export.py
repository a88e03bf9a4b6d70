"""From trained weights to a model file with its card: ``python -m antiphon_export.export --help``."""

import argparse
import hashlib
import json
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import msgspec
import tensorflow as tf

from antiphon_export.measure import measure
from antiphon_export.step import Step
from antiphon_models.corpora import FREE_CORPORA, read_split
from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import SIGNATURE, Card, Spec

Quantisation = Literal["float32", "int8", "int8-per-tensor"]

LICENCE = "CC BY 4.0"
"""The strictest that the training data asks of the weights: credit."""


def convert(network: EventNetwork, quantisation: Quantisation) -> bytes:
    """Return the model file of a network.

    ``int8`` stores weights in 8 bits with a scale for each channel; ``int8-per-tensor`` with one for each
    matrix, which older runtimes can read as well (tflite-runtime 2.14 lacks FULLY_CONNECTED version 12).
    """
    with tempfile.TemporaryDirectory() as folder:
        Step(network).save(folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[SIGNATURE])
        if quantisation != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if quantisation == "int8-per-tensor":
            converter._experimental_disable_per_channel_quantization_for_dense_layers = True
        return bytes(converter.convert())


def restore(folder: Path) -> EventNetwork:
    """Return the network that a training run left in a folder."""
    spec = msgspec.json.decode((folder / "spec.json").read_bytes(), type=Spec)
    network = build(spec)
    network.load_weights(folder / "weights.weights.h5")
    return network


def export(run: Path, data: Path, out: Path, description: str, quantisation: Quantisation) -> Card:
    """Write ``model.tflite`` and ``card.json`` into ``out``, measured on the held-out music."""
    network = restore(run)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "model.tflite"
    path.write_bytes(convert(network, quantisation))
    held_out = measure(path, network.spec, read_split(data, "valid", print, cache=run))
    card = Card(
        name=out.name,
        description=description,
        spec=network.spec,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        parameters=network.count_params(),
        quantisation=quantisation,
        licence=LICENCE,
        trained_on=[corpus.credit for corpus in FREE_CORPORA],
        arguments=json.loads((run / "recipe.json").read_text()),
        held_out=held_out,
        bits_per_event=round(held_out.bits_per_event, 4),
        tools={name: version(name) for name in ("keras", "numpy", "symusic")}
        | {"tensorflow": tf.__version__},
    )
    (out / "card.json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    return card


def main() -> None:
    parser: Any = argparse.ArgumentParser(description="Turn trained weights into a model file.")
    parser.add_argument("--run", type=Path, required=True, help="folder that training left its weights in")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for model.tflite and card.json")
    parser.add_argument("--description", default="piano music of four centuries, 2.0 M parameters")
    parser.add_argument(
        "--quantisation", choices=("float32", "int8", "int8-per-tensor"), default="int8-per-tensor"
    )
    chosen = parser.parse_args()
    card = export(chosen.run, chosen.data, chosen.out, chosen.description, chosen.quantisation)
    print(f"{chosen.out}: {card.bits_per_event:.3f} bits per event on held-out music")


if __name__ == "__main__":
    main()
