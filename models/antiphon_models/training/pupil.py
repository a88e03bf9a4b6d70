"""A network that learns, and the lanes of music that it listens to; it knows nothing of time or of files."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt

from antiphon_models.lessons.windows import Lane, Place, next_window
from antiphon_models.network import EventNetwork, build
from antiphon_models.spec import Spec
from antiphon_models.training.checkpoints import Arrays
from antiphon_models.training.recipe import Recipe
from antiphon_models.training.trainer import LearnerOf, Trainer, computing_in


class Learning(Protocol):
    """What a run guides: one pupil, or several that learn as one."""

    @property
    def network(self) -> keras.Model:
        """Return what has been learnt so far."""
        ...

    def learn(self, rate: float) -> float:
        """Listen to the next window and take one step; return its bits per event."""
        ...

    def memory(self) -> Arrays:
        """Return copies of all that it takes to go on."""
        ...

    def remember(self, memory: Mapping[str, npt.NDArray[Any]]) -> None:
        """Go on from what ``memory`` returned; raises KeyError or ValueError if it is of another network."""


class Pupil:
    """One network, and lanes whose windows it learns from in turn."""

    def __init__(
        self,
        spec: Spec,
        recipe: Recipe,
        lanes: Sequence[Lane],
        learner: LearnerOf | None = None,
    ) -> None:
        """Begin with fresh weights, the same for the same seed.

        Args:
            spec: shape of the network.
            recipe: how it learns.
            lanes: those that it listens to; may be some of the recipe's only.
            learner: what takes the steps, if not the back end's own.
        """
        keras.utils.set_random_seed(recipe.seed)
        with computing_in(recipe.precision):
            self._network = build(spec, recipe.dropout)
        self._trainer = Trainer(self._network, recipe, learner=learner, lanes=len(lanes))
        self._lanes = lanes
        self._window = recipe.window

    @property
    def network(self) -> EventNetwork:
        return self._network

    def learn(self, rate: float) -> float:
        window = next_window(self._lanes, self._window)
        assert window is not None, "the playlists have no end"
        return self._trainer.learn(window, rate)

    def memory(self) -> Arrays:
        places = np.array([lane.place for lane in self._lanes], np.int64)
        return {**self._trainer.memory(), "places": places}

    def remember(self, memory: Mapping[str, npt.NDArray[Any]]) -> None:
        self._trainer.remember(memory)
        for lane, (turn, event) in zip(self._lanes, memory["places"].tolist(), strict=True):
            lane.go_to(Place(turn, event))
