"""Model files and their cards: found, checked, and refused in one sentence.

A model is a ``model.tflite`` with a ``card.json`` beside it. Nothing is played of a file whose contents
are not what its card says, or whose vocabulary is not the daemon's own.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

import msgspec

from antiphon.config import Loaded
from antiphon.errors import ModelError, in_one_line, reason_of
from antiphon.mistakes import closest, did_you_mean
from antiphon_models import shelf
from antiphon_models.card import Card
from antiphon_models.markov.card import TableCard
from antiphon_models.rbm.spec import RbmCard
from antiphon_models.spec import EventCard
from antiphon_models.tunes.spec import CharCard

MODEL_FILE, CARD_FILE = shelf.MODEL_FILE, shelf.CARD_FILE

AnyCard: TypeAlias = EventCard | TableCard | RbmCard | CharCard
"""The cards of all families of models, told apart by the engine that plays them."""

C = TypeVar("C", bound=Card)
Wanted = TypeVar("Wanted", bound=Card)


@dataclass(frozen=True, slots=True)
class ModelFile(Generic[C]):
    """A model file and what its card says of it."""

    path: Path
    card: C


NetworkFile: TypeAlias = ModelFile[EventCard]


def shipped_models() -> list[ModelFile[Card]]:
    """Return the models that come with the package, by name.

    Raises:
        ModelError: one of them is damaged.
    """
    return [read_model(path_of(name), Card) for name in shelf.shipped_names()]


def engine_of(model: str) -> str:
    """Return the engine that plays a model.

    Raises:
        ModelError: there is no such model, or its card is missing or damaged.
    """
    path = path_of(model)
    return _read_card(path.with_name(CARD_FILE), path).engine


def digest_of(model: str) -> str:
    """Return the SHA-256 of the file of a model, as its card says.

    Raises:
        ModelError: there is no such model, or its card is missing or damaged.
    """
    path = path_of(model)
    return _read_card(path.with_name(CARD_FILE), path).sha256


def check_typed_model(loaded: Loaded) -> None:
    """Refuse a model that somebody has typed just now, where it cannot play or another engine plays.

    One that a file or a variable names is not looked at: nobody may be near who could mend that, and so
    somebody stands in for it.

    Raises:
        ModelError: it is missing, damaged, for another engine or not for this daemon.
    """
    for each in (loaded, *loaded.partners.values()):
        if typed := _typed_model(each):
            model, kind = read_model(path_of(typed), Card), each.config.engine.kind
            if model.card.engine != kind:
                raise ModelError(
                    f"{typed} is a model for another engine than {kind}; it plays with "
                    f"--engine {model.card.engine}"
                )


def _typed_model(loaded: Loaded) -> str:
    """Return the model that an option names, for a further partner its own; empty where none does."""
    named = {"model.file": loaded.config.model.file, "model.name": loaded.config.model.name}
    setting = next((each for each, model in named.items() if model), "")
    is_its_own = not loaded.partner or setting in loaded.own
    return named[setting] if setting and is_its_own and loaded.origins[setting].kind == "option" else ""


def find_model(model: str, family: type[Wanted]) -> ModelFile[Wanted]:
    """Return a model of a family, by its name or the path of its file or folder.

    Which is meant is decided by the one rule of :mod:`antiphon_models.shelf`.

    Raises:
        ModelError: there is no such model, or it is damaged, of another family, or not for this daemon.
    """
    return read_model(path_of(model), family)


def path_of(model: str) -> Path:
    """Return the file of the model that is meant; it may yet be missing where its own path is given.

    Raises:
        ModelError: no model is meant.
    """
    path = shelf.model_file(model)
    if path is None:
        listed = "; `antiphon models` lists those that are shipped"
        raise ModelError(f"{shelf.nothing_meant(model)}{did_you_mean(_like_it(model)) or listed}")
    return path


def _like_it(model: str) -> str:
    """Return the shipped model, or the folder of one, whose name is most like this; empty where none is."""
    path = Path(model).expanduser()
    beside = (str(card.parent) for card in path.parent.glob(f"*/{CARD_FILE}"))
    return closest(model, [*shelf.shipped_names(), *beside])


def find_network(model: str) -> NetworkFile:
    """Return an event network, as :func:`find_model` does."""
    return find_model(model, EventCard)


def read_network(path: Path) -> NetworkFile:
    """Return the event network of a file, as :func:`read_model` does."""
    return read_model(path, EventCard)


def read_model(path: Path, family: type[Wanted]) -> ModelFile[Wanted]:
    """Check a model file against the card beside it.

    Raises:
        ModelError: either is missing, damaged, of another family, or not for this daemon.
    """
    card = _read_card(path.with_name(CARD_FILE), path)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"the model {path} cannot be read: {reason_of(error)}") from error
    if digest != card.sha256:
        raise ModelError(f"{path} is not the file that {CARD_FILE} beside it describes; copy both again")
    if not isinstance(card, family):
        raise ModelError(f"{path} is a model for another engine; it plays with --engine {card.engine}")
    if not card.fits:
        raise ModelError(f"{path} was trained on another vocabulary than this antiphon plays; export it anew")
    return ModelFile(path, card)


def _read_card(card: Path, model: Path) -> AnyCard:
    if not model.exists():
        raise ModelError(f"there is no model file {model}; `antiphon models` lists those that are shipped")
    try:
        described = msgspec.json.decode(card.read_bytes(), type=dict[str, object])
        # Cards were written before there was more than one engine that has a model.
        told: AnyCard = msgspec.convert({"engine": "lstm"} | described, AnyCard)
        return told
    except FileNotFoundError as error:
        raise ModelError(f"{model} has no {CARD_FILE} beside it; a model needs both") from error
    except OSError as error:
        raise ModelError(f"the card {card} cannot be read: {reason_of(error)}") from error
    except msgspec.ValidationError as error:  # it names the field
        raise ModelError(f"the card {card} is damaged: {in_one_line(error)}; copy it again") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"the card {card} is damaged; copy it again") from error
