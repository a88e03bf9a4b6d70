"""The row of characters that a network reads, round after round, its texts in another order each time.

Tunes are put into another key now and then: the keys of a small book are few, and those of players are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from antiphon_models.lessons.dice import Purpose, dice
from antiphon_models.stateful import Symbols
from antiphon_models.tunes.keys import transposed

AS_WRITTEN = 0.5
"""Share of the tunes of a round that stay in their key."""

FARTHEST = 4
"""Fifths that the others move at most, up or down."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is read in each round.

    Attributes:
        texts: to be learnt.
        alphabet: each character at its index.
        are_tunes: whether they may be put into other keys.
        seed: the same seed reads the same.
    """

    texts: Sequence[str]
    alphabet: str
    are_tunes: bool
    seed: int

    def of_round(self, number: int) -> Symbols:
        """Return all texts one after another, as indices (characters,)."""
        order = dice(self.seed, Purpose.ORDER, number).permutation(len(self.texts))
        rng = dice(self.seed, Purpose.VARIATION, number)
        return indices(
            "".join(self._varied(self.texts[index], rng) for index in map(int, order)), self.alphabet
        )

    def _varied(self, text: str, rng: np.random.Generator) -> str:
        if not self.are_tunes or rng.random() < AS_WRITTEN:
            return text
        moved = transposed(text, int(rng.integers(-FARTHEST, FARTHEST + 1)))
        return moved if moved and set(moved) <= set(self.alphabet) else text


def indices(text: str, alphabet: str) -> Symbols:
    """Return the indices (characters,) of a text, all of whose characters are in the alphabet."""
    index_of = {character: index for index, character in enumerate(alphabet)}
    return np.array([index_of[character] for character in text], np.int32)
