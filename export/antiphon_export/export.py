"""From a training run to a model file with its card, measured on music that it never saw."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import tensorflow as tf

from antiphon.adapters.engines.models import MODEL_FILE
from antiphon.adapters.engines.runtime import without_notices
from antiphon_export.errors import ExportError
from antiphon_export.kinds import Quantisation
from antiphon_export.measure import measure
from antiphon_export.pair import write_pair
from antiphon_export.quantisation import convert
from antiphon_export.trained_run import TrainedRun
from antiphon_models.errors import reason
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import EventCard, Losses, Spec
from antiphon_models.training.weights import packed

MADE_WITH = ("keras", "numpy", "symusic")


@dataclass(frozen=True, slots=True)
class Music:
    """What a file is made and measured with.

    Attributes:
        rehearsed: where ranges have to be learnt.
        held_out: what it is measured on; not empty.
        name: of what it is measured on, where it is other music than that held out in the training.
    """

    rehearsed: Sequence[Piece]
    held_out: Sequence[Piece]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """What a card says in words: the name of the model, a sentence about it, and its licence."""

    name: str
    description: str
    licence: str


def export(run: TrainedRun, music: Music, out: Path, quantisation: Quantisation, title: Title) -> EventCard:
    """Write ``model.tflite`` and ``card.json`` into ``out``, and return the card.

    Raises:
        ExportError: there is no music to learn ranges from where that is needed, or no room for the files.
    """
    content = convert(run.network, quantisation, music.rehearsed)
    weights = packed(run.network)
    held_out = _loss_of(content, run.network.spec, music.held_out)
    card = EventCard(
        name=title.name,
        description=title.description,
        spec=run.network.spec,
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=run.network.count_params(),
        quantisation=quantisation,
        licence=title.licence,
        trained_on=run.music.credits,
        arguments=run.arguments,
        held_out=held_out,
        bits_per_event=round(held_out.bits_per_event, 4),
        tools={name: version(name) for name in MADE_WITH} | {"tensorflow": tf.__version__},
        weights_sha256=hashlib.sha256(weights).hexdigest(),
        measured_on=music.name,
    )
    write_pair(out, content, card, weights)
    return card


def _loss_of(content: bytes, spec: Spec, pieces: Sequence[Piece]) -> Losses:
    try:
        with tempfile.TemporaryDirectory() as folder:
            (path := Path(folder) / MODEL_FILE).write_bytes(content)
            # The runtime announces its delegate at the first step of all, and at no other.
            with without_notices():
                measure(path, spec, [pieces[0].excerpt(0, 2)])
            return measure(path, spec, pieces)
    except OSError as error:
        raise ExportError(
            f"{tempfile.gettempdir()} cannot hold the model: {reason(error)}; make room there"
        ) from error
