"""`antiphon export`, once its request is checked: one model file after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from antiphon.adapters.engines.models import MODEL_FILE
from antiphon_export.export import Music, Title, export
from antiphon_export.kinds import Quantisation
from antiphon_export.measure import beginnings
from antiphon_export.request import Request
from antiphon_export.step_time import microseconds_per_step
from antiphon_export.trained_run import TrainedRun, open_run
from antiphon_models.card import Card
from antiphon_models.notes.dataset import Dataset
from antiphon_models.stages import Stage
from antiphon_models.training.evaluate import evaluate

CREDIT = "CC BY 4.0"
"""The strictest that the published corpora ask of what is made of them: credit."""

ASK = "for personal use, unless everybody under trained_on allows more"
"""Of what learnt from music of which no licence is known, such as one's own."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A model file, its card, and what else was found out about it.

    Attributes:
        path: of the file.
        card: beside it.
        size: bytes of the file.
        lost: bits per event, or per character, that the file loses against the network as it was trained, on
            the same music.
        microseconds: that a step takes on one core of this machine.
    """

    path: Path
    card: Card
    size: int
    lost: float
    microseconds: float


def exported(request: Request, stage: Stage) -> Iterator[Exported]:
    """Write one file after the other, and yield what it is.

    Raises:
        TrainingError: something of what was checked cannot be had after all; the sentence says what.
    """
    run = open_run(request.run)
    music = _music(request, run)
    with stage("measuring the network"):
        trained = evaluate(run.network, music.held_out).bits_per_event
    with request.folder_taken():
        for quantisation in request.quantisations:
            with stage(f"exporting {quantisation}"):
                yield _one(request, run, music, quantisation, trained)


def _one(
    request: Request, run: TrainedRun, music: Music, quantisation: Quantisation, trained: float
) -> Exported:
    out = request.out / quantisation if len(request.quantisations) > 1 else request.out
    title = Title(
        request.name or request.out.resolve().name,
        request.description or f"{run.network.count_params() / 1e6:.1f} M parameters, {quantisation}",
        request.licence or (CREDIT if run.music.is_shippable else ASK),
    )
    card = export(run, music, out, quantisation, title)
    path = out / MODEL_FILE
    lost = card.held_out.bits_per_event - trained
    return Exported(path, card, path.stat().st_size, lost, microseconds_per_step(path))


def _music(request: Request, run: TrainedRun) -> Music:
    notes = Dataset.open(request.notes)
    is_its_own, held_out = notes.manifest.fingerprint == run.music.fingerprint, notes.pieces("valid")
    return Music(
        rehearsed=notes.pieces("train"),
        held_out=beginnings(held_out, request.events) if request.events else held_out,
        name="" if is_its_own else f"the valid split of {request.notes}",
    )
