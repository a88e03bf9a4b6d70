"""From a training run to a model file with its card, measured on music that it never saw."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import tensorflow as tf

from antiphon.adapters.engines.models import MODEL_FILE
from antiphon_export.errors import ExportError, reason
from antiphon_export.kinds import Quantisation
from antiphon_export.measure import measure
from antiphon_export.pair import write_pair
from antiphon_export.quantisation import convert
from antiphon_export.trained_run import TrainedRun
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Card, Losses, Spec
from antiphon_models.training.origins import packed

MADE_WITH = ("keras", "numpy", "symusic")


@dataclass(frozen=True, slots=True)
class Music:
    """What a network was trained on, what it is measured on, and what is owed for the first.

    Attributes:
        train: rehearsed where ranges have to be learnt.
        valid: held out; not empty.
        credits: a line for each source.
        licence: of whatever is made of the music.
    """

    train: Sequence[Piece]
    valid: Sequence[Piece]
    credits: list[str]
    licence: str


def export(
    run: TrainedRun, music: Music, out: Path, quantisation: Quantisation, name: str, description: str
) -> Card:
    """Write ``model.tflite`` and ``card.json`` into ``out``, and return the card.

    Raises:
        ExportError: there is no music to learn ranges from where that is needed, or no room for the files.
    """
    content = convert(run.network, quantisation, music.train)
    weights = packed(run.network)
    held_out = _loss_of(content, run.network.spec, music.valid)
    card = Card(
        name=name,
        description=description,
        spec=run.network.spec,
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=run.network.count_params(),
        quantisation=quantisation,
        licence=music.licence,
        trained_on=music.credits,
        arguments=run.recipe,
        held_out=held_out,
        bits_per_event=round(held_out.bits_per_event, 4),
        tools={name: version(name) for name in MADE_WITH} | {"tensorflow": tf.__version__},
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    write_pair(out, content, card, weights)
    return card


def _loss_of(content: bytes, spec: Spec, pieces: Sequence[Piece]) -> Losses:
    try:
        with tempfile.TemporaryDirectory() as folder:
            (path := Path(folder) / MODEL_FILE).write_bytes(content)
            return measure(path, spec, pieces)
    except OSError as error:
        raise ExportError(f"{tempfile.gettempdir()} cannot hold the model: {reason(error)}") from error
