"""Models that a training can go on from: shipped ones, exported ones, and the runs of earlier trainings.

A model file holds no weights that could be trained, so a compact copy of them lies beside it: half precision,
each under the path of its variable.
"""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

import antiphon_models
from antiphon_models import vocab
from antiphon_models.errors import TrainingError
from antiphon_models.network import EventNetwork
from antiphon_models.spec import COMPACT_WEIGHTS, Card, Spec
from antiphon_models.training.runs import MUSIC, SPEC, WEIGHTS, Music

CARD = "card.json"
T = TypeVar("T")
SHIPPED = Path(antiphon_models.__file__).with_name("pretrained")


class OriginError(TrainingError):
    """A model cannot be gone on from."""


def packed(network: EventNetwork) -> bytes:
    """Return the weights of a network as the contents of a ``weights.npz``."""
    file = io.BytesIO()
    weights = {variable.path: np.asarray(variable).astype(np.float16) for variable in network.variables}
    np.savez_compressed(file, allow_pickle=False, **weights)
    return file.getvalue()


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

    def load_into(self, network: EventNetwork) -> None:
        """Give a network of this spec the weights.

        Raises:
            OriginError: the file does not hold weights of such a network.
        """
        try:
            if self.weights.name == COMPACT_WEIGHTS:
                with self.weights.open("rb") as file, np.load(file, allow_pickle=False) as held:
                    for variable in network.variables:
                        variable.assign(held[variable.path].astype(np.float32))
            else:
                network.load_weights(self.weights)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise OriginError(
                f"{self.weights} does not hold the weights of the network that is described beside it; "
                "copy both again"
            ) from error


def find(model: str) -> Origin:
    """Return the shipped model of a name, or what a folder holds.

    Raises:
        OriginError: there is no such model, or it cannot be gone on from.
    """
    shipped = SHIPPED / model
    folder = shipped if "/" not in model and (shipped / CARD).is_file() else Path(model).expanduser()
    if (folder / CARD).is_file():
        origin = _exported(folder)
    elif (folder / SPEC).is_file():
        origin = _run(folder)
    else:
        there = ", ".join(sorted(path.parent.name for path in SHIPPED.glob(f"*/{CARD}"))) or "none"
        raise OriginError(
            f"{model} is neither a shipped model (there is: {there}) nor the folder of a model or of a run"
        )
    if origin.spec.vocabulary != vocab.fingerprint():
        raise OriginError(
            f"{model} was trained on another vocabulary than this antiphon plays; train it anew"
        )
    return origin


def _exported(folder: Path) -> Origin:
    card = _described(folder / CARD, Card)
    weights = folder / COMPACT_WEIGHTS
    if not weights.is_file():
        raise OriginError(
            f"{folder} holds no {COMPACT_WEIGHTS} to go on from; export the model anew, or name its run"
        )
    fingerprint = _digest(weights)
    if card.weights_sha256 and fingerprint != card.weights_sha256:
        raise OriginError(f"{weights} is not the file that {CARD} beside it describes; copy both again")
    return Origin(weights, card.spec, card.trained_on, fingerprint)


def _run(folder: Path) -> Origin:
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise OriginError(f"{folder} holds no {WEIGHTS} yet; let its training get as far as an exam")
    music = _described(folder / MUSIC, Music) if (folder / MUSIC).is_file() else Music("", [], False)
    return Origin(weights, _described(folder / SPEC, Spec), music.credits, _digest(weights))


def _described(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise OriginError(f"{path} is damaged ({error}); copy it again") from error


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise OriginError(f"{path} cannot be read ({(error.strerror or str(error)).lower()})") from error
