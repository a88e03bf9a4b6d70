"""What a training run left in its folder: the network with its weights, and how they came about."""

from dataclasses import dataclass
from pathlib import Path

from antiphon_models.network import EventNetwork, build
from antiphon_models.training.runs import WEIGHTS, Arguments, Music, describe
from antiphon_models.training.weights import load_weights


@dataclass(frozen=True, slots=True)
class TrainedRun:
    """A network with its trained weights, the arguments of its training, and the music it learnt from."""

    network: EventNetwork
    arguments: Arguments
    music: Music


def open_run(folder: Path) -> TrainedRun:
    """Read what a training run left.

    Raises:
        RunError: the folder is none of a run, or it has come to no weights yet.
        WeightsError: the weights are not of the shape that it says.
    """
    described = describe(folder)
    network = build(described.spec)
    load_weights(network, folder / WEIGHTS)
    return TrainedRun(network, described.arguments, described.music)
