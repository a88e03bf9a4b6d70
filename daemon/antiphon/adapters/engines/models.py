"""Model files and their cards: found, checked, and refused in one sentence.

A model is a ``model.tflite`` with a ``card.json`` beside it. Nothing is played of a file whose contents
are not what its card says, or whose vocabulary is not the daemon's own.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

import antiphon_models
from antiphon.errors import ModelError
from antiphon_models import vocab
from antiphon_models.spec import Card

MODEL_FILE = "model.tflite"
CARD_FILE = "card.json"


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """A model file and what its card says of it."""

    path: Path
    card: Card


def shipped_models() -> list[ShippedModel]:
    """Return the models that come with the package, by name.

    Raises:
        ModelError: one of them is damaged.
    """
    return [read_model(path) for path in sorted(_shipped_folder().glob(f"*/{MODEL_FILE}"))]


def shipped_names() -> list[str]:
    """Return the names of the models that come with the package; whether they are sound is not looked at."""
    return sorted(path.parent.name for path in _shipped_folder().glob(f"*/{MODEL_FILE}"))


def find_model(name: str, file: str) -> ShippedModel:
    """Return the model of a file, or where that is empty, the shipped one of a name.

    Raises:
        ModelError: there is no such model, or it is damaged or not for this daemon.
    """
    if file:
        return read_model(Path(file).expanduser())
    there = shipped_names()
    if name not in there:
        choices = ", ".join(there) or "(none is installed)"
        raise ModelError(f'there is no shipped model "{name}"; choose one of: {choices}')
    return read_model(_shipped_folder() / name / MODEL_FILE)


def read_model(path: Path) -> ShippedModel:
    """Check a model file against the card beside it.

    Raises:
        ModelError: either is missing, damaged, or not of the kind that this daemon plays.
    """
    card = _read_card(path.with_name(CARD_FILE), path)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"the model {path} cannot be read: {_reason(error)}") from error
    if digest != card.sha256:
        raise ModelError(f"{path} is not the file that {CARD_FILE} beside it describes; copy both again")
    if card.spec.vocabulary != vocab.fingerprint():
        raise ModelError(f"{path} was trained on another vocabulary than this antiphon plays; export it anew")
    return ShippedModel(path, card)


def _read_card(card: Path, model: Path) -> Card:
    if not model.exists():
        raise ModelError(f"there is no model file {model}; `antiphon models` lists those that are shipped")
    try:
        return msgspec.json.decode(card.read_bytes(), type=Card)
    except FileNotFoundError as error:
        raise ModelError(f"{model} has no {CARD_FILE} beside it; a model needs both") from error
    except OSError as error:
        raise ModelError(f"the card {card} cannot be read: {_reason(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"the card {card} is damaged: {error}; copy it again") from error


def _shipped_folder() -> Path:
    return Path(antiphon_models.__file__).with_name("pretrained")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
