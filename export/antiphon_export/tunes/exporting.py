"""`antiphon export` of a network of characters: one model file after the other, measured on held-out text."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tensorflow as tf

from antiphon.adapters.engines.models import MODEL_FILE
from antiphon_export.errors import ExportError
from antiphon_export.exporting import ASK, Exported
from antiphon_export.kinds import Quantisation
from antiphon_export.pair import write_pair
from antiphon_export.quantisation import convert_step
from antiphon_export.request import Request
from antiphon_export.tunes.measure import CharFile
from antiphon_export.tunes.step import CharStep
from antiphon_models.errors import reason
from antiphon_models.stages import Stage
from antiphon_models.training.runs import WEIGHTS, Arguments, Music, check_weights, spec_of, told_of
from antiphon_models.training.weights import load_weights
from antiphon_models.tunes.exam import CharExam
from antiphon_models.tunes.pupil import network_of
from antiphon_models.tunes.spec import CharCard, CharSpec
from antiphon_models.tunes.texts import texts_of

MADE_WITH = ("keras", "numpy")


def exported(request: Request, stage: Stage) -> Iterator[Exported]:
    """Write one file after the other, and yield what it is.

    Raises:
        TrainingError: the run has come to no weights, or the folder of text is missing or holds nothing out.
    """
    spec = spec_of(request.run, CharSpec)
    arguments, music = told_of(request.run)
    check_weights(request.run)
    texts = texts_of(request.notes)
    if not set(texts.alphabet) <= set(spec.alphabet):
        raise ExportError(
            f"{request.notes} holds characters that {request.run} never learnt; name its own text"
        )
    held_out = [text for text in texts.valid if len(text) > 1]
    if not held_out:
        raise ExportError(f"{request.notes} holds no text out to measure the model on; add some")
    network = network_of(spec, lanes=1)
    load_weights(network, request.run / WEIGHTS)
    with stage("measuring the network"):
        trained = CharExam(network, spec, held_out).taken()["held_out"]
    name = "" if texts.fingerprint == music.fingerprint else f"the valid split of {request.notes}"
    with request.folder_taken():
        for quantisation in request.quantisations:
            with stage(f"exporting {quantisation}"):
                out = request.out / quantisation if len(request.quantisations) > 1 else request.out
                content = convert_step(CharStep(network, spec), quantisation)
                bits, microseconds = _measured(content, spec, held_out)
                card = _card(request, network, spec, (arguments, music), content, quantisation, bits, name)
                write_pair(out, content, card)
                yield Exported(out / MODEL_FILE, card, len(content), bits - trained, microseconds)


def _measured(content: bytes, spec: CharSpec, texts: Sequence[str]) -> tuple[float, float]:
    """Return the bits per character of a file, and the microseconds that one takes."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            (path := Path(folder) / MODEL_FILE).write_bytes(content)
            return CharFile(path, spec).measured(texts)
    except OSError as error:
        raise ExportError(
            f"{tempfile.gettempdir()} cannot hold the model: {reason(error)}; make room there"
        ) from error


def _card(
    request: Request,
    network: Any,
    spec: CharSpec,
    told: tuple[Arguments, Music],
    content: bytes,
    quantisation: Quantisation,
    bits: float,
    measured_on: str,
) -> CharCard:
    arguments, music = told
    return CharCard(
        name=request.name or request.out.resolve().name,
        description=request.description or f"{network.count_params() / 1e6:.1f} M parameters, {quantisation}",
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=network.count_params(),
        quantisation=quantisation,
        licence=request.licence or ASK,
        trained_on=music.credits,
        arguments=arguments,
        tools={each: version(each) for each in MADE_WITH} | {"tensorflow": tf.__version__},
        measured_on=measured_on,
        spec=spec,
        bits_per_character=round(bits, 4),
    )
