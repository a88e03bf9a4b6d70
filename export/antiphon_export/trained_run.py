"""What a training run left in its folder: the weights, their shape, and how they came about."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from antiphon_export.errors import ExportError, reason
from antiphon_models import vocab
from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import Spec

WEIGHTS_FILE, SPEC_FILE, RECIPE_FILE = "weights.weights.h5", "spec.json", "recipe.json"


@dataclass(frozen=True, slots=True)
class TrainedRun:
    """A network with its trained weights, and the arguments of its training."""

    network: EventNetwork
    recipe: dict[str, float | int | str]


def open_run(folder: Path) -> TrainedRun:
    """Read what a training run left.

    Raises:
        ExportError: the folder is none of a run, or its weights are not of this vocabulary or shape.
    """
    spec, recipe = _spec(folder), _recipe(folder)
    if spec.vocabulary != vocab.fingerprint():
        raise ExportError(
            f"{folder} was trained on another vocabulary than this antiphon plays; train it anew"
        )
    network = build(spec)
    weights = folder / WEIGHTS_FILE
    try:
        network.load_weights(weights)
    except (ValueError, KeyError, OSError) as error:  # whatever Keras and h5py make of a wrong file
        if not weights.exists():
            raise _not_a_run(folder, f"has no {WEIGHTS_FILE}") from error
        raise ExportError(
            f"{weights} does not hold the weights that {SPEC_FILE} beside it describes; copy both again"
        ) from error
    return TrainedRun(network, recipe)


def _spec(folder: Path) -> Spec:
    try:
        return msgspec.json.decode(_contents(folder, SPEC_FILE), type=Spec)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ExportError(f"{folder / SPEC_FILE} is damaged: {error}; copy it again") from error


def _recipe(folder: Path) -> dict[str, float | int | str]:
    try:
        recipe: dict[str, Any] = json.loads(_contents(folder, RECIPE_FILE))
    except ValueError as error:
        raise ExportError(f"{folder / RECIPE_FILE} is damaged: {error}; copy it again") from error
    # What a card can hold; a yes or no becomes 1 or 0, and what was not chosen is left out.
    plain = {name: int(value) if isinstance(value, bool) else value for name, value in recipe.items()}
    return {name: value for name, value in plain.items() if isinstance(value, int | float | str)}


def _contents(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise _not_a_run(folder, f"has no {name}" if folder.is_dir() else "is not there") from error
    except NotADirectoryError as error:
        raise _not_a_run(folder, "is a file") from error
    except OSError as error:
        raise ExportError(f"{folder / name} cannot be read: {reason(error)}") from error


def _not_a_run(folder: Path, why: str) -> ExportError:
    return ExportError(f"{folder} {why}; name the folder that `antiphon train` wrote its weights into")
