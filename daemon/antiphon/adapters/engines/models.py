"""Model files and their cards: found, checked, and refused in one sentence.

A model is a ``model.tflite`` with a ``card.json`` beside it. Nothing is played of a file whose contents
are not what its card says, or whose vocabulary is not the daemon's own.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from antiphon.errors import ModelError, reason_of
from antiphon_models import shelf, vocab
from antiphon_models.spec import Card

MODEL_FILE, CARD_FILE = shelf.MODEL_FILE, shelf.CARD_FILE


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file and what its card says of it."""

    path: Path
    card: Card


def shipped_models() -> list[ModelFile]:
    """Return the models that come with the package, by name.

    Raises:
        ModelError: one of them is damaged.
    """
    return [find_model(name, "") for name in shelf.shipped_names()]


def find_model(name: str, file: str) -> ModelFile:
    """Return the model of a file or its folder, or where that is empty, the one of a name.

    Either is looked for by the one rule of :mod:`antiphon_models.shelf`.

    Raises:
        ModelError: there is no such model, or it is damaged or not for this daemon.
    """
    model = file or name
    path = shelf.model_file(model)
    if path is None:
        raise ModelError(f"{shelf.nothing_meant(model)}; `antiphon models` lists those that are shipped")
    return read_model(path)


def read_model(path: Path) -> ModelFile:
    """Check a model file against the card beside it.

    Raises:
        ModelError: either is missing, damaged, or not of the kind that this daemon plays.
    """
    card = _read_card(path.with_name(CARD_FILE), path)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"the model {path} cannot be read: {reason_of(error)}") from error
    if digest != card.sha256:
        raise ModelError(f"{path} is not the file that {CARD_FILE} beside it describes; copy both again")
    if card.spec.vocabulary != vocab.fingerprint():
        raise ModelError(f"{path} was trained on another vocabulary than this antiphon plays; export it anew")
    return ModelFile(path, card)


def _read_card(card: Path, model: Path) -> Card:
    if not model.exists():
        raise ModelError(f"there is no model file {model}; `antiphon models` lists those that are shipped")
    try:
        return msgspec.json.decode(card.read_bytes(), type=Card)
    except FileNotFoundError as error:
        raise ModelError(f"{model} has no {CARD_FILE} beside it; a model needs both") from error
    except OSError as error:
        raise ModelError(f"the card {card} cannot be read: {reason_of(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"the card {card} is damaged; copy it again") from error
