"""The model that is measured: a file that plays, or a network that has just been trained.

A file is stepped event by event, as the daemon steps it, so what is measured is the very file that plays. A
network is measured by Keras, which is faster and knows nothing of rounding; to play it is made a file all the
same.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from antiphon.adapters.engines.models import MODEL_FILE, NetworkFile, find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon_models import shelf
from antiphon_models.extra import choose_tensorflow, training_installed
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import EventCard, Losses, Spec
from antiphon_models.training.curves import Curves
from antiphon_models.training.runs import SPEC

Measure = Callable[[Sequence[Piece]], Losses]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that can be measured and played.

    Attributes:
        name: what its card calls it, or the name of the folder of its training.
        parameters: trained weights.
        quantisation: how they are stored, as its card says.
        file: what plays, its card beside it.
        measure: returns its loss on pieces.
        curve: of its training, where that is at hand.
    """

    name: str
    parameters: int
    quantisation: str
    file: Path
    measure: Measure
    curve: Path | None


@contextmanager
def candidate(model: str) -> Iterator[Candidate]:
    """Open the model that is meant, or the folder of a training that is named.

    It may be used as long as the context lasts.

    Raises:
        ModelError: there is no such model, or it is damaged or of another vocabulary.
        TrainingError: the training has come to no weights yet, or they are of another vocabulary.
    """
    folder = Path(model).expanduser()
    if shelf.model_file(model) is None and (folder / SPEC).is_file():
        with TemporaryDirectory(prefix="antiphon-") as scratch:
            yield _of_training(folder, Path(scratch))
    else:
        yield _of_file(find_network(model))


def _of_file(model: NetworkFile) -> Candidate:
    from antiphon_export.measure import measure

    card = model.card
    # Whatever is wrong with the file is said here in a sentence.
    StepGraph(model)
    return Candidate(
        name=card.name,
        parameters=card.parameters,
        quantisation=card.quantisation,
        file=model.path,
        measure=lambda pieces: measure(model.path, card.spec, pieces),
        curve=None,
    )


def _of_training(folder: Path, scratch: Path) -> Candidate:
    choose_tensorflow()
    with training_installed():
        from antiphon_export.pair import write_pair
        from antiphon_export.quantisation import convert
        from antiphon_export.trained_run import open_run
        from antiphon_models.training.evaluate import evaluate

    network = open_run(folder).network
    content = convert(network, "float32")
    write_pair(scratch, content, _provisional_card(content, network.spec, network.count_params()))
    curve = folder / Curves.FILE
    return Candidate(
        name=folder.resolve().name,
        parameters=network.count_params(),
        quantisation="none",
        file=scratch / MODEL_FILE,
        measure=lambda pieces: evaluate(network, pieces),
        curve=curve if curve.exists() else None,
    )


def _provisional_card(content: bytes, spec: Spec, parameters: int) -> EventCard:
    """Return a card with which the daemon will play a file that nobody keeps."""
    return EventCard(
        name="unfinished",
        description="a network in training",
        spec=spec,
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=parameters,
        quantisation="float32",
        licence="",
        trained_on=[],
        arguments={},
        held_out=Losses(0.0, 0.0, 0.0),
        bits_per_event=0.0,
        tools={},
    )
