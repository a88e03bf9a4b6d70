"""A network that learns from one window after another, and all that it has to remember between two of them.

It knows nothing of files, of time, or of where the windows come from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from antiphon_models import backends
from antiphon_models.backends import Learner, Lesson, Sums, Tensor
from antiphon_models.lessons.windows import Window
from antiphon_models.network import EventNetwork
from antiphon_models.training.recipe import Recipe

LearnerOf = Callable[[EventNetwork, Any, Lesson], Learner]
"""Of a network, its optimiser and the lesson; a back end's, or one that learns together with others."""

POLICIES = {32: "float32", 16: "mixed_float16"}
"""What Keras calls a precision."""


class Trainer:
    """One network, its optimiser and the state of each lane."""

    def __init__(
        self,
        network: EventNetwork,
        recipe: Recipe,
        learner: LearnerOf | None = None,
        lanes: int | None = None,
    ) -> None:
        """Begin.

        Args:
            network: that learns; made under the policy of the recipe's precision.
            recipe: its lanes, and what concerns the optimiser.
            learner: what takes the steps, if not the back end's own.
            lanes: how many there are here, if not all of the recipe's.
        """
        self.network = network
        adam = keras.optimizers.AdamW(
            recipe.learning_rate, weight_decay=recipe.weight_decay, global_clipnorm=recipe.clip
        )
        # Gradients of half precision would vanish if they were not multiplied before and divided after.
        self.optimizer = adam if recipe.precision == 32 else keras.optimizers.LossScaleOptimizer(adam)
        self.optimizer.build(network.trainable_variables)
        self._state: list[Tensor] = list(network.start_state(recipe.lanes if lanes is None else lanes))
        self._learn = (learner or backends.chosen().learner)(network, self.optimizer, self._lesson)

    def learn(self, window: Window, learning_rate: float) -> float:
        """Take one step and return the loss in bits per event, of those that were not asked of one part."""
        self.optimizer.learning_rate = learning_rate
        figure, self._state = self._learn(window, self._state)
        return float(figure)

    def _lesson(self, window: Window, state: Sequence[Tensor]) -> tuple[Sums, Sequence[Tensor]]:
        """Return what a window comes to, and the state after."""
        features, after = self.network((window, state), training=True)
        first, *others = self.network.losses(features, window)
        nats = sum(others, start=first)
        unasked = window.weights * ops.cast(ops.equal(window.asked, 0), "float32")
        summed = (nats * window.weights, window.weights, nats * unasked, unasked)
        return Sums(*map(ops.sum, summed)), after

    def memory(self) -> dict[str, npt.NDArray[Any]]:
        """Return copies of all that it would need to go on: weights, optimiser and lanes."""
        kept = {name: variable.numpy().copy() for name, variable in self._variables().items()}
        return kept | {f"lanes/{index}": np.array(part) for index, part in enumerate(self._state)}

    def remember(self, memory: Mapping[str, npt.NDArray[Any]]) -> None:
        """Go on from what ``memory`` returned.

        Raises:
            KeyError, ValueError: it is of another network.
        """
        for name, variable in self._variables().items():
            variable.assign(memory[name])
        self._state = [np.asarray(memory[f"lanes/{index}"]) for index in range(len(self._state))]

    def _variables(self) -> dict[str, Any]:
        """Return each variable under a name that is the same on every back end."""
        named = {f"network/{index}": each for index, each in enumerate(self.network.variables)}
        return named | {f"optimizer/{index}": each for index, each in enumerate(self.optimizer.variables)}


@contextmanager
def computing_in(bits: int) -> Iterator[None]:
    """Let the layers that are made here compute in so many bits."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(POLICIES[bits])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
