"""From a network to the bytes of a model file, its weights stored in full or rounded.

=================  ======================================  ==================================================
quantisation       weights                                 what it is for
=================  ======================================  ==================================================
float32            as trained                              comparison; GPUs
float16            half as many bits                       half the size; a CPU computes with 32 all the same
int8               8 bits, a scale for each channel        CPUs
int8-per-tensor    8 bits, a scale for each matrix         CPUs with an older runtime: tflite-runtime 2.14
                                                           lacks FULLY_CONNECTED version 12
int8-full          likewise, and nearly all between them   accelerators that want integers
=================  ======================================  ==================================================

The first four compute with floating point numbers, the int8 ones with products of integers in between. In
the last the embeddings, products, sums and gates are integers, their ranges learnt from real steps; inputs
and outputs are floating point numbers as in the others. Two things stay as they are:

- what masks the logits and draws from them: a mask is ten thousand times a logit, and one scale cannot hold
  both. With the masks made integers the network of 2.0 M parameters lost nine bits per event;
- the cells, which add up small things over hundreds of events: in steps of 1/127 of the farthest that any of
  them went it lost 0.3 to 1.1 bits per event, and left alone 0.015.
"""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import tensorflow as tf

from antiphon_export.errors import ExportError
from antiphon_export.file_graph import FileGraph
from antiphon_export.kinds import Quantisation
from antiphon_export.notices import converting_quietly
from antiphon_export.rehearsal import rehearse
from antiphon_export.step import Step
from antiphon_models.network import EventNetwork
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import SIGNATURE


class Savable(Protocol):
    """One step of a network, as a graph."""

    def save(self, folder: str) -> None:
        """Write it as a SavedModel of one signature."""


def convert(network: EventNetwork, quantisation: Quantisation, rehearsed: Sequence[Piece] = ()) -> bytes:
    """Return the model file of a network.

    Args:
        network: with its trained weights.
        quantisation: one of those above.
        rehearsed: what the network was trained on; ``int8-full`` learns its ranges from it.

    Raises:
        ExportError: there is nothing to learn the ranges from, or no room for the files in between.
    """
    if quantisation == "int8-full" and not rehearsed:
        raise ExportError(
            "int8-full needs music to learn its ranges from, and the train split holds none; "
            "choose another --quantisation"
        )
    with _saved(Step(network)) as folder:
        if quantisation == "int8-full":
            return _in_integers(network, Path(folder), rehearsed)
        return bytes(_converter(folder, quantisation).convert())


def convert_step(step: Savable, quantisation: Quantisation) -> bytes:
    """Return the model file of a step of another family, its weights stored as ``quantisation`` says.

    Raises:
        ExportError: no more than weights can be made integers, or there is no room for the files in between.
    """
    if quantisation == "int8-full":
        raise ExportError("int8-full is for networks of events; choose another --quantisation")
    with _saved(step) as folder:
        return bytes(_converter(folder, quantisation).convert())


@contextmanager
def _saved(step: Savable) -> Iterator[str]:
    try:
        with converting_quietly(), tempfile.TemporaryDirectory() as folder:
            step.save(folder)
            yield folder
    except (OSError, tf.errors.ResourceExhaustedError) as error:  # the latter for a disk that is full
        raise ExportError(
            f"{tempfile.gettempdir()} cannot hold the files in between; make room there"
        ) from error


def _converter(saved_model: str, quantisation: Quantisation) -> Any:
    converter = tf.lite.TFLiteConverter.from_saved_model(saved_model, signature_keys=[SIGNATURE])
    if quantisation != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantisation == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if quantisation == "int8-per-tensor":
        converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    return converter


def _in_integers(network: EventNetwork, saved_model: Path, rehearsed: Sequence[Piece]) -> bytes:
    """Return the file that holds integers wherever they do no harm.

    The converter's debugger is the one door of TensorFlow through which single operations can be left out.
    """
    in_floats = bytes(_converter(str(saved_model), "float32").convert())
    (path := saved_model / "float32.tflite").write_bytes(in_floats)
    steps = rehearse(path, network.spec, rehearsed)

    def representative() -> Iterator[tuple[str, Any]]:
        for step in steps:
            yield SIGNATURE, step

    converter = _converter(str(saved_model), "int8-full")
    converter.representative_dataset = representative
    converter._experimental_disable_per_channel = True
    graph = FileGraph(in_floats)
    options = tf.lite.experimental.QuantizationDebugOptions(
        denylisted_nodes=[*graph.that_draw(), *graph.that_remember()]
    )
    with warnings.catch_warnings():
        # It is TensorFlow itself that uses what it warns of.
        warnings.filterwarnings("ignore", r"\s*Warning: tf.lite.Interpreter is deprecated", UserWarning)
        debugger = tf.lite.experimental.QuantizationDebugger(converter=converter, debug_options=options)
    return bytes(debugger.get_nondebug_quantized_model())
