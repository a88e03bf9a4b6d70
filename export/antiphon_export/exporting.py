"""`antiphon export`: what is asked for, gathered and checked, and one model file after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras

from antiphon.adapters.engines.models import MODEL_FILE
from antiphon_export.errors import NEEDS_TENSORFLOW, ExportError
from antiphon_export.export import Music, export
from antiphon_export.kinds import Quantisation
from antiphon_export.measure import beginnings
from antiphon_export.stages import Stage
from antiphon_export.step_time import microseconds_per_step
from antiphon_export.trained_run import TrainedRun, open_run
from antiphon_models.notes.dataset import Dataset
from antiphon_models.spec import Card
from antiphon_models.training.evaluate import evaluate

CREDIT = "CC BY 4.0"
"""The strictest that the published corpora ask of what is made of them: credit."""

RESERVED = "for personal use: all rights in the music it learnt from are reserved"
"""Of what learnt from music that nobody gave away."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported.

    Attributes:
        run: the folder of a training.
        notes: the folder of its notes.
        out: where the files go; with several quantisations, each into a folder of its own in it.
        quantisations: one or more.
        name: what the card calls it; empty is what the folder is called.
        description: one sentence for the player; empty is one that can be said of any.
        licence: of the model; empty is what the notes allow.
        events: how many to measure on; 0 is all.
    """

    run: Path
    notes: Path
    out: Path
    quantisations: Sequence[Quantisation]
    name: str = ""
    description: str = ""
    licence: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """A model file, its card, and what else was found out about it.

    Attributes:
        path: of the file.
        card: beside it.
        size: bytes of the file.
        lost: bits per event that the file loses against the network as it was trained, on the same music.
        microseconds: that a step takes on one core of this machine.
    """

    path: Path
    card: Card
    size: int
    lost: float
    microseconds: float


def exported(wish: Wish, stage: Stage) -> Iterator[Exported]:
    """Write one file after the other, and yield what it is.

    Raises:
        ExportError: something of what is asked for cannot be had; the sentence says what.
        DatasetError: the notes are missing, unfinished or damaged.
    """
    if keras.backend.backend() != "tensorflow":
        raise ExportError(NEEDS_TENSORFLOW)
    music = _music(wish)
    run = open_run(wish.run)
    with stage("measuring the network"):
        trained = evaluate(run.network, music.valid).bits_per_event
    for quantisation in wish.quantisations:
        with stage(f"exporting {quantisation}"):
            yield _one(wish, run, music, quantisation, trained)


def _one(wish: Wish, run: TrainedRun, music: Music, quantisation: Quantisation, trained: float) -> Exported:
    out = wish.out / quantisation if len(wish.quantisations) > 1 else wish.out
    name = wish.name or wish.out.resolve().name
    described = wish.description or f"{run.network.count_params() / 1e6:.1f} M parameters, {quantisation}"
    card = export(run, music, out, quantisation, name, described)
    path = out / MODEL_FILE
    lost = card.held_out.bits_per_event - trained
    return Exported(path, card, path.stat().st_size, lost, microseconds_per_step(path))


def _music(wish: Wish) -> Music:
    notes = Dataset.open(wish.notes)
    valid = notes.pieces("valid")
    if not valid:
        raise ExportError(
            f"{wish.notes} holds no piece in its valid split to measure the model on; add music to it"
        )
    return Music(
        train=notes.pieces("train"),
        valid=beginnings(valid, wish.events) if wish.events else valid,
        credits=notes.credits,
        licence=wish.licence or (CREDIT if notes.manifest.is_shippable else RESERVED),
    )
