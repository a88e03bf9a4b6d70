"""Models that a training can go on from: shipped ones, exported ones, and the runs of earlier trainings.

A model file holds no weights that could be trained, so a compact copy of them lies beside it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from antiphon_models import shelf, vocab
from antiphon_models.card import COMPACT_WEIGHTS
from antiphon_models.errors import TrainingError, reason
from antiphon_models.spec import EventCard, Spec
from antiphon_models.training.runs import SPEC, WEIGHTS, describe


class OriginError(TrainingError):
    """A model cannot be gone on from."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A model to go on from.

    Attributes:
        weights: the file that holds them.
        spec: of its network.
        credits: who is to be thanked for the music it learnt from.
        fingerprint: SHA-256 of the weights.
    """

    weights: Path
    spec: Spec
    credits: Sequence[str]
    fingerprint: str


def find(model: str) -> Origin:
    """Return the model that is meant, or the run whose folder is named.

    Raises:
        TrainingError: there is no such model, or it cannot be gone on from.
    """
    file, folder = shelf.model_file(model), Path(model).expanduser()
    if file is not None:
        return _exported(file)
    if (folder / SPEC).is_file():
        return _run(folder)
    raise OriginError(f"{shelf.nothing_meant(model)}; name a model, or the folder of a training")


def _exported(file: Path) -> Origin:
    card, weights = _card(file.with_name(shelf.CARD_FILE)), file.with_name(COMPACT_WEIGHTS)
    if card.spec.vocabulary != vocab.fingerprint():
        raise OriginError(f"{file} was trained on another vocabulary than this antiphon plays; train it anew")
    if not weights.is_file():
        raise OriginError(
            f"{file.parent} holds no {COMPACT_WEIGHTS} to go on from; export the model anew, or name its run"
        )
    fingerprint = _digest(weights)
    if card.weights_sha256 and fingerprint != card.weights_sha256:
        raise OriginError(
            f"{weights} is not the file that {shelf.CARD_FILE} beside it describes; copy both again"
        )
    return Origin(weights, card.spec, card.trained_on, fingerprint)


def _run(folder: Path) -> Origin:
    described = describe(folder)
    weights = folder / WEIGHTS
    return Origin(weights, described.spec, described.music.credits, _digest(weights))


def _card(path: Path) -> EventCard:
    try:
        return msgspec.json.decode(path.read_bytes(), type=EventCard)
    except OSError as error:
        raise OriginError(f"{path} cannot be read: {reason(error)}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise OriginError(f"{path} is damaged; copy it again") from error


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise OriginError(f"{path} cannot be read: {reason(error)}") from error
