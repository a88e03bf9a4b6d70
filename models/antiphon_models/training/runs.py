"""The folder of a training run: what it says of the run, and the weights that it comes to.

spec.json            the shape of the network
recipe.json          how it is trained
music.json           what it learns from
curve.jsonl          a line of figures every so many steps, and one for each exam
weights.weights.h5   the best so far
checkpoint.npz       from which an interrupted run goes on
tensorboard/         the curve once more, where tensorboardX is installed
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from antiphon_models import vocab
from antiphon_models.errors import TrainingError
from antiphon_models.network import EventNetwork
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import CheckpointError, replacing, write_bytes
from antiphon_models.training.recipe import Recipe

SPEC, RECIPE, MUSIC = "spec.json", "recipe.json", "music.json"
WEIGHTS = "weights.weights.h5"
CHECKPOINT = "checkpoint.npz"


class Music(msgspec.Struct, frozen=True):
    """What a run learns from.

    Attributes:
        fingerprint: the same for the same music in the same splits.
        credits: who is to be thanked for it.
        is_shippable: whether its licences let the model be shipped.
    """

    fingerprint: str
    credits: list[str]
    is_shippable: bool


def claim(folder: Path, spec: Spec, recipe: Recipe, music: Music) -> None:
    """Take a folder for a run, or make sure that it is of this very run.

    Raises:
        TrainingError: it is of another run, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CheckpointError(f"{folder} cannot be made ({reason}); choose another folder") from error
    ours: dict[str, Any] = {SPEC: spec, RECIPE: asdict(recipe), MUSIC: music}
    for name, content in ours.items():
        path = folder / name
        if path.exists():
            _compare(path, msgspec.to_builtins(content))
    for name, content in ours.items():
        if not (folder / name).exists():
            write_bytes(folder / name, msgspec.json.encode(content))


def _compare(path: Path, ours: dict[str, Any]) -> None:
    """Raise a TrainingError where a file of the folder says something else than ours."""
    try:
        theirs: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict)
    except (OSError, msgspec.MsgspecError) as error:
        raise TrainingError(f"{path} is damaged ({error}); train into another folder") from error
    folder = path.parent
    if theirs.get("vocabulary", vocab.fingerprint()) != vocab.fingerprint():
        raise TrainingError(
            f"{folder} is of a version of Antiphon with another vocabulary; train into another folder"
        )
    if path.name == MUSIC and theirs != ours:
        raise TrainingError(f"{folder} was begun with other music; train into another folder")
    differing = [
        f"{name.replace('_', '-')} {theirs.get(name)} and not {ours.get(name)}"
        for name in (ours | theirs)
        if theirs.get(name) != ours.get(name)
    ]
    if differing:
        raise TrainingError(
            f"{folder} was begun with {', '.join(differing)}; "
            "give it the same options to go on with it, or train into another folder"
        )


def save_weights(network: EventNetwork, folder: Path) -> None:
    """Write the weights so that a crash leaves the old file or the new one.

    Raises:
        CheckpointError: the disk is full or the folder cannot be written; the old file is intact.
    """
    with replacing(folder / WEIGHTS) as unfinished:
        network.save_weights(unfinished)
