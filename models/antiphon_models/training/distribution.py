"""Several processes that learn as one, each playing its share of the lanes.

The first of them guides the run, as it would alone: it looks at the clock, examines, writes, and decides. The
others do as they are told. Before each thing that is done an order goes round, added up over all, so that
everybody knows it and anybody can ask for the run to stop.

What is reached is what one process with all the lanes would reach, but for the rounding of sums and for
dropout, which leaves out the same in each worker's lanes. A checkpoint is that of one process too: a run may
go on with more workers than before, or with fewer.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

import keras
import msgspec
import numpy as np
import numpy.typing as npt

from antiphon_models.errors import TrainingError
from antiphon_models.network import EventNetwork
from antiphon_models.notes.dataset import Dataset
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import Arrays
from antiphon_models.training.cluster import Cluster, ClusterError
from antiphon_models.training.pupil import Pupil
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.runs import Music, claim
from antiphon_models.training.train import (
    InterruptedRun,
    Progress,
    Report,
    Run,
    Watcher,
    check,
    exam_of,
    lanes_of,
)
from antiphon_models.training.trainer import LearnerOf

PATIENCE = 300.0
"""Seconds that workers wait for each other before they begin."""

LANES, PLACES = "lanes/", "places"
"""What of a memory is of single lanes; all else is the same for all workers."""

Vector = npt.NDArray[np.float64]


class Order(IntEnum):
    """What all are to do next."""

    LEARN = 0
    TELL = 1
    REMEMBER = 2
    END = 3
    STOP = 4
    GIVE_UP = 5


class Reply(NamedTuple):
    """An order as it came round, and how many ask for the run to stop."""

    order: Order
    rate: float
    wishes: int


class Team:
    """This worker's tie to the others."""

    def __init__(self, cluster: Cluster, add_up: Callable[[Vector], Vector]) -> None:
        self.cluster = cluster
        self._add_up = add_up

    def go_round(self, order: Order | None = None, rate: float = 0.0, wishes_to_stop: bool = False) -> Reply:
        """Give an order, if this is the first worker, or else take one."""
        own = np.array([0.0 if order is None else order, rate, wishes_to_stop], np.float64)
        said, rate, wishes = self._sum(own)
        return Reply(Order(round(said)), float(np.float32(rate)), round(wishes))

    def whole(self, memory: Arrays) -> Arrays:
        """Return a memory with the lanes of all workers in the place of those of this one."""
        of_lanes = {name: array for name, array in memory.items() if _is_of_lanes(name)}
        gathered = self._shared({name: self._in_place(array) for name, array in of_lanes.items()})
        return memory | gathered

    def spread(self, own: Arrays, whole: Mapping[str, npt.NDArray[Any]] | None) -> Arrays:
        """Return this worker's share of a whole memory, which the first of them gives.

        Raises:
            KeyError, ValueError: it is not of the form of ``own``.
        """
        form = {name: self._in_place(array) if _is_of_lanes(name) else array for name, array in own.items()}
        if whole is not None:
            given = {name: np.asarray(whole[name]) for name in form}
            if wrong := [name for name in form if given[name].shape != form[name].shape]:
                raise ValueError(f"{wrong[0]} is of another shape")
            self.go_round(Order.REMEMBER)
        else:
            given = {name: np.zeros_like(array) for name, array in form.items()}
        shared = self._shared(given)
        return {
            name: array[self._rows(array)] if _is_of_lanes(name) else array for name, array in shared.items()
        }

    def _in_place(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the lanes of this worker among those of all, which are zeros."""
        everybody = np.zeros((len(array) * len(self.cluster.workers), *array.shape[1:]), array.dtype)
        everybody[self._rows(everybody)] = array
        return everybody

    def _rows(self, everybody: npt.NDArray[Any]) -> slice:
        each = len(everybody) // len(self.cluster.workers)
        return slice(self.cluster.index * each, (self.cluster.index + 1) * each)

    def _shared(self, arrays: Arrays) -> Arrays:
        """Return sums over all workers; a float64 holds every number of a memory exactly."""
        flat = self._sum(np.concatenate([array.ravel().astype(np.float64) for array in arrays.values()]))
        ends = np.cumsum([array.size for array in arrays.values()])[:-1]
        parts = zip(arrays.items(), np.split(flat, ends), strict=True)
        return {name: part.reshape(array.shape).astype(array.dtype) for (name, array), part in parts}

    def _sum(self, vector: Vector) -> Vector:
        with losses_told():
            return self._add_up(vector)


def _is_of_lanes(name: str) -> bool:
    return name == PLACES or name.startswith(LANES)


class Leader:
    """The first worker, as the run that it guides sees it: a pupil with all the lanes."""

    def __init__(self, pupil: Pupil, team: Team) -> None:
        self._pupil = pupil
        self._team = team
        self.others_wish_to_stop = False

    @property
    def network(self) -> EventNetwork:
        return self._pupil.network

    def learn(self, rate: float) -> float:
        reply = self._team.go_round(Order.LEARN, rate)
        self.others_wish_to_stop |= reply.wishes > 0
        with losses_told():
            return self._pupil.learn(reply.rate)

    def memory(self) -> Arrays:
        self._team.go_round(Order.TELL)
        return self._team.whole(self._pupil.memory())

    def remember(self, memory: Mapping[str, npt.NDArray[Any]]) -> None:
        self._pupil.remember(self._team.spread(self._pupil.memory(), memory))

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Tell the others how it ended."""
        try:
            yield
        except LostError:
            raise
        except BaseException as error:
            self._team.go_round(Order.STOP if isinstance(error, InterruptedRun) else Order.GIVE_UP)
            raise
        self._team.go_round(Order.END)


class Follower:
    """Any other worker."""

    def __init__(self, pupil: Pupil, team: Team) -> None:
        self._pupil = pupil
        self._team = team

    def follow(self, watcher: Watcher) -> None:
        """Do as the first worker says, to the end.

        Raises:
            InterruptedRun: somebody wanted it to stop.
            TrainingError: the first worker gave up, or was lost.
        """
        while True:
            reply = self._team.go_round(wishes_to_stop=watcher.wants_it_to_stop())
            match reply.order:
                case Order.LEARN:
                    with losses_told():
                        self._pupil.learn(reply.rate)
                case Order.TELL:
                    self._team.whole(self._pupil.memory())
                case Order.REMEMBER:
                    self._pupil.remember(self._team.spread(self._pupil.memory(), None))
                case Order.END:
                    return
                case Order.STOP:
                    raise InterruptedRun("stopped; the same command on all workers goes on from there")
                case Order.GIVE_UP:
                    raise TrainingError("the first worker gave up; see what it says there")


class _TogetherWith:
    """Somebody who looks on, and wants to stop when any worker does."""

    def __init__(self, watcher: Watcher, leader: Leader) -> None:
        self._watcher = watcher
        self._leader = leader

    def see(self, report: Report) -> None:
        self._watcher.see(report)

    def wants_it_to_stop(self) -> bool:
        return self._watcher.wants_it_to_stop() or self._leader.others_wish_to_stop


class LostError(TrainingError):
    """A worker is not there any more."""


@contextmanager
def losses_told() -> Iterator[None]:
    """Turn what TensorFlow says of a lost worker into a sentence."""
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:
        raise LostError(
            "a worker was lost; start all of them again, and they go on from the last checkpoint"
        ) from error


def train_on(
    notes: Path, spec: Spec, recipe: Recipe, folder: Path, watcher: Watcher, patience: float = PATIENCE
) -> Progress | None:
    """Train on a folder of notes with the workers that TF_CONFIG names; return how it ended.

    Only the first worker writes into the folder, and only there something is returned.

    Raises:
        TrainingError: one of those of ``train.train_on``, or something about the workers.
    """
    if keras.backend.backend() != "tensorflow":
        raise ClusterError("--distribute needs TensorFlow; run it with --backend tensorflow")
    cluster = Cluster.of_environment()
    share = cluster.share(recipe.lanes)
    dataset = Dataset.open(notes)
    music, held_out = dataset.pieces("train"), dataset.pieces("valid")
    check(music, recipe)
    if cluster.is_first:
        claim(folder, spec, recipe, Music.of(dataset.manifest))
    subject = msgspec.json.encode([spec, recipe, dataset.manifest.fingerprint])
    cluster.meet(hashlib.sha256(subject).digest(), patience)
    team, learner = _team(cluster, len(share))
    pupil = Pupil(spec, recipe, lanes_of(music, recipe, share), learner)
    if not cluster.is_first:
        Follower(pupil, team).follow(watcher)
        return None
    leader = Leader(pupil, team)
    with leader.leading():
        leader.remember(leader.memory())
        exam = exam_of(leader.network, held_out, recipe)
        return Run(leader, exam, folder, recipe).go_on(_TogetherWith(watcher, leader))


def _team(cluster: Cluster, lanes: int) -> tuple[Team, LearnerOf]:
    """Let TensorFlow reach the others; must come before anything else that it is asked for."""
    import tensorflow as tf

    from antiphon_models.backends.across_workers import adder_across, learner_across

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    replicas = len(strategy.extended.worker_devices)
    if lanes % replicas:
        raise ClusterError(
            f"{lanes} lanes cannot be shared by {replicas} GPUs; choose a multiple with --lanes"
        )
    return Team(cluster, adder_across(strategy)), learner_across(strategy)
