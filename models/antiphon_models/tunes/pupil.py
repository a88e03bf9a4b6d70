"""A network of characters that learns from the windows of one endless row; it knows no time and no files."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from antiphon_models.errors import CorpusError
from antiphon_models.stateful import Shape, Symbols, build, forget, lessons, recurrences, teach
from antiphon_models.training.checkpoints import Arrays
from antiphon_models.training.recipe import Recipe
from antiphon_models.tunes.rows import Row
from antiphon_models.tunes.spec import CharSpec


def network_of(spec: CharSpec, lanes: int, dropout: float = 0.0, optimizer: Any = "adam") -> Any:
    """Return a fresh network of the shape of a spec."""
    shape = Shape(spec.embedding, spec.units, spec.layers)
    return build(len(spec.alphabet), shape, lanes, dropout, optimizer)


class CharPupil:
    """One network, and its place in the row."""

    def __init__(self, spec: CharSpec, recipe: Recipe, row: Row) -> None:
        """Begin with fresh weights, the same for the same seed.

        Raises:
            CorpusError: the row is shorter than a window in every lane.
        """
        needed = recipe.lanes * (recipe.window + 1)
        if (there := sum(map(len, row.texts))) < needed:
            raise CorpusError(
                f"there are {there:,} characters to learn from, fewer than the {needed:,} of one window in "
                "each lane; add text, or choose smaller --lanes or --window"
            )
        keras.utils.set_random_seed(recipe.seed)
        # Without weight decay it is the articles' Adam.
        adam = keras.optimizers.AdamW(
            recipe.learning_rate, weight_decay=recipe.weight_decay, global_clipnorm=recipe.clip
        )
        self._network = network_of(spec, recipe.lanes, recipe.dropout, adam)
        self._network.optimizer.build(self._network.trainable_variables)
        self._row, self._recipe = row, recipe
        self._round, self._taken = 0, 0
        self._windows = self._from_here()

    @property
    def network(self) -> keras.Model:
        return self._network

    def learn(self, rate: float) -> float:
        """Take one step on the next window and return its bits per character."""
        self._network.optimizer.learning_rate = rate
        window = next(self._windows, None)
        if window is None:
            self._round, self._taken = self._round + 1, 0
            # Whoever begins again has heard nothing.
            forget(self._network)
            self._windows = self._from_here()
            window = next(self._windows)
        self._taken += 1
        return teach(self._network, *window) / float(np.log(2))

    def memory(self) -> Arrays:
        kept = {name: variable.numpy().copy() for name, variable in self._variables().items()}
        return kept | {"place": np.array([self._round, self._taken], np.int64)}

    def remember(self, memory: Mapping[str, npt.NDArray[Any]]) -> None:
        for name, variable in self._variables().items():
            variable.assign(memory[name])
        self._round, self._taken = memory["place"].tolist()
        self._windows = self._from_here()

    def _from_here(self) -> Iterator[tuple[Symbols, Symbols]]:
        row = self._row.of_round(self._round)
        windows = lessons(row, self._recipe.lanes, self._recipe.window)
        for _ in range(self._taken):
            next(windows)
        return windows

    def _variables(self) -> dict[str, Any]:
        """Return each variable by a name: weights, dropout's dice, the optimiser, what each lane heard."""
        states = [state for layer in recurrences(self._network) for state in layer.states]
        network = [each for each in self._network.variables if all(each is not state for state in states)]
        named = {f"network/{index}": each for index, each in enumerate(network)}
        named |= {f"lanes/{index}": each for index, each in enumerate(states)}
        return named | {f"optimizer/{i}": each for i, each in enumerate(self._network.optimizer.variables)}
