"""The folder of a training run: what it says of the run, and the weights that it comes to.

spec.json            the shape of the network
recipe.json          how it is trained
music.json           what it learns from
curve.jsonl          a line of figures every so many steps, and one for each exam
weights.npz          the best so far
checkpoint.npz       from which an interrupted run goes on
tensorboard/         the curve once more, where tensorboardX is installed
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from antiphon_models import vocab
from antiphon_models.errors import TrainingError, reason
from antiphon_models.folders import taken
from antiphon_models.notes.dataset import Manifest
from antiphon_models.rbm.lesson import Lesson
from antiphon_models.rbm.spec import RbmSpec
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import write_bytes
from antiphon_models.training.recipe import Recipe
from antiphon_models.tunes.spec import CharSpec

SPEC, RECIPE, MUSIC = "spec.json", "recipe.json", "music.json"
WEIGHTS = "weights.npz"
CHECKPOINT = "checkpoint.npz"

EVENTS = "events"
"""The family whose specs name none."""

SIGNS = frozenset({SPEC, RECIPE, MUSIC})
"""Of a folder that is a run's."""

Arguments = dict[str, float | int | str]
T = TypeVar("T")


class RunError(TrainingError):
    """A folder is not that of a run, or not that of a run that has come far enough."""


class OtherMusicError(RunError):
    """A run was begun with other music."""


class Music(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run learns from.

    Attributes:
        fingerprint: of its notes, the same for the same music in the same splits.
        credits: who is to be thanked for it.
        is_shippable: whether its licences let the model be shipped.
        origin: what it goes on from, the same for the same weights and the same music to rehearse; empty for
            a run from fresh weights.
    """

    fingerprint: str
    credits: list[str]
    is_shippable: bool
    origin: str = ""

    @classmethod
    def of(cls, notes: Manifest) -> "Music":
        """Return what there is to say of notes."""
        return cls(notes.fingerprint, notes.credits, notes.is_shippable)


@dataclass(frozen=True, slots=True)
class Description:
    """What a run says of itself: the shape of its network, how that was trained, and on what."""

    spec: Spec
    arguments: Arguments
    music: Music


def family_of(folder: Path) -> str:
    """Return what family of models a run is of: ``events``, ``char`` and so on, as its spec says.

    Raises:
        RunError: it is not the folder of a run.
    """
    return str(_decoded(folder, SPEC, dict[str, Any]).get("family", EVENTS))


def describe(folder: Path) -> Description:
    """Return what the folder of a run says of it.

    Raises:
        RunError: it is not the folder of a run, has come to no weights yet, or is of another vocabulary.
    """
    description = Description(_decoded(folder, SPEC, Spec), *told_of(folder))
    if description.spec.vocabulary != vocab.fingerprint():
        raise RunError(f"{folder} was trained on another vocabulary than this antiphon plays; train it anew")
    check_weights(folder)
    return description


def spec_of(folder: Path, kind: type[T]) -> T:
    """Return the shape that a run of another family says; raises RunError as :func:`describe`."""
    return _decoded(folder, SPEC, kind)


def told_of(folder: Path) -> tuple[Arguments, Music]:
    """Return how a run was trained and on what; raises RunError as :func:`describe`."""
    return _decoded(folder, RECIPE, Arguments), _decoded(folder, MUSIC, Music)


def check_weights(folder: Path) -> None:
    """Raise a RunError where a run has come to no weights yet."""
    if not (folder / WEIGHTS).is_file():
        raise RunError(f"{folder} has come to no weights yet; repeat its command, so that it goes on")


def claim(folder: Path, spec: Spec | CharSpec | RbmSpec, recipe: Recipe | Lesson, music: Music) -> None:
    """Take a folder for a run, or make sure that it is of this very run.

    Raises:
        TrainingError: it is of another run, holds other things, or cannot be written.
    """
    ours: dict[str, Any] = {SPEC: spec, RECIPE: asdict(recipe), MUSIC: music}
    with taken(folder, SIGNS):
        for name, content in ours.items():
            path = folder / name
            if path.exists():
                _compare(path, msgspec.to_builtins(content))
        for name, content in ours.items():
            if not (folder / name).exists():
                write_bytes(folder / name, msgspec.json.encode(content))


def _compare(path: Path, ours: dict[str, Any]) -> None:
    """Raise a RunError where a file of the folder says something else than ours."""
    folder = path.parent
    theirs = _decoded(folder, path.name, dict[str, Any])
    if theirs.get("vocabulary", vocab.fingerprint()) != vocab.fingerprint():
        raise RunError(
            f"{folder} is of a version of Antiphon with another vocabulary; train into another folder"
        )
    if path.name == MUSIC and theirs != ours:
        raise OtherMusicError(f"{folder} was begun with other music; train into another folder")
    differing = [
        f"{name.replace('_', '-')} {theirs.get(name)} and not {ours.get(name)}"
        for name in (ours | theirs)
        if theirs.get(name) != ours.get(name)
    ]
    if differing:
        raise RunError(
            f"{folder} was begun with {', '.join(differing)}; "
            "give it the same options to go on with it, or train into another folder"
        )


def _decoded(folder: Path, name: str, kind: type[T]) -> T:
    """Return what a file of the folder says."""
    path = folder / name
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (FileNotFoundError, NotADirectoryError) as error:
        state = f"has no {name}" if folder.is_dir() else "is a file" if folder.exists() else "is not there"
        raise RunError(
            f"{folder} {state}; name the folder that antiphon train left its weights in"
        ) from error
    except OSError as error:
        raise RunError(f"{path} cannot be read: {reason(error)}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RunError(f"{path} is damaged; train into another folder") from error
