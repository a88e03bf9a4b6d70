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

from antiphon.adapters.engines.models import MODEL_FILE, find_model
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Card, Losses, Spec

Measure = Callable[[Sequence[Piece]], Losses]

CURVE_FILE = "curve.jsonl"


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
    """Open a model by its name among those that are shipped, its file, or the folder of its training.

    It may be used as long as the context lasts.

    Raises:
        ModelError: there is no such model, or it is damaged or of another vocabulary.
        TrainingError: the folder is none of a training, or its weights are of another vocabulary.
    """
    path = Path(model).expanduser()
    if path.is_dir() and not (path / MODEL_FILE).exists():
        with TemporaryDirectory(prefix="antiphon-") as scratch:
            yield _of_training(path, Path(scratch))
    else:
        yield _of_file(model, path)


def _of_file(model: str, path: Path) -> Candidate:
    from antiphon_export.measure import measure

    file = path / MODEL_FILE if path.is_dir() else path
    is_a_file = path.is_dir() or path.suffix == ".tflite"
    shipped = find_model("", str(file)) if is_a_file else find_model(model, "")
    card = shipped.card
    # Whatever is wrong with the file is said here in a sentence.
    StepGraph(shipped)
    return Candidate(
        name=card.name,
        parameters=card.parameters,
        quantisation=card.quantisation,
        file=shipped.path,
        measure=lambda pieces: measure(shipped.path, card.spec, pieces),
        curve=None,
    )


def _of_training(folder: Path, scratch: Path) -> Candidate:
    from antiphon_export.pair import write_pair
    from antiphon_export.quantisation import convert
    from antiphon_export.trained_run import open_run
    from antiphon_models.training.evaluate import evaluate

    network = open_run(folder).network
    content = convert(network, "float32")
    write_pair(scratch, content, _provisional_card(content, network.spec, network.count_params()))
    curve = folder / CURVE_FILE
    return Candidate(
        name=folder.resolve().name,
        parameters=network.count_params(),
        quantisation="none",
        file=scratch / MODEL_FILE,
        measure=lambda pieces: evaluate(network, pieces),
        curve=curve if curve.exists() else None,
    )


def _provisional_card(content: bytes, spec: Spec, parameters: int) -> Card:
    """Return a card with which the daemon will play a file that nobody keeps."""
    return Card(
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
