"""What visible units may be together, and how they are drawn given the hidden ones.

``Units`` are free, each on or off: the restricted Boltzmann machine of the books. ``Keys`` are those of a
window of music, in which not everything is music: a key is not struck and held at once, and it is held only
if it sounded in the step before. A machine over windows gives no chance to anything else. Given the hidden
units each key is then a chain in time, which is drawn exactly, backwards and forwards, and the machine need
not spend its hidden units on what is true of all music.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from antiphon_models.rbm.spec import HELD, LEAST_LOGIT, LEAST_SHARE, MOST_LOGIT, MOST_WORTH, STRUCK

Floats = npt.NDArray[np.float32]


class Cell(NamedTuple):
    """Units of which at most one is on: ``units`` by index, and in which samples each may be, none first.

    ``possible``: (n, 1 + units) given all units of other cells.
    """

    units: list[int]
    possible: npt.NDArray[np.bool_]


class Layer(Protocol):
    """A visible layer."""

    def draw(self, logits: Floats, random: np.random.Generator) -> Floats:
        """Return units, (n, visible), as 0 and 1, drawn with these logits."""
        ...

    def log_sum(self, logits: Floats) -> npt.NDArray[np.float64]:
        """Return the logarithm of the sum of exp(logits v) over all v that may be, (n,)."""
        ...

    def cells(self, visible: Floats) -> Iterator[Cell]:
        """Yield what is decided at once where all else is given."""
        ...


class Units:
    """Free units. Implements :class:`Layer`."""

    def draw(self, logits: Floats, random: np.random.Generator) -> Floats:
        return drawn(sigmoid(logits.copy()), random)

    def log_sum(self, logits: Floats) -> npt.NDArray[np.float64]:
        sums: npt.NDArray[np.float64] = np.logaddexp(0.0, logits.astype(np.float64)).sum(1)
        return sums

    def cells(self, visible: Floats) -> Iterator[Cell]:
        anything = np.ones((len(visible), 2), np.bool_)
        for unit in range(visible.shape[1]):
            yield Cell([unit], anything)


class Keys:
    """The keys of a window in the order (steps, 2, keys). Implements :class:`Layer`."""

    def __init__(self, steps: int, keys: int) -> None:
        self._shape = steps, 2, keys

    def draw(self, logits: Floats, random: np.random.Generator) -> Floats:
        steps, _, keys = self._shape
        shares = np.exp(np.clip(logits, LEAST_LOGIT, MOST_LOGIT)).reshape(-1, *self._shape)
        noise = random.random((len(shares), steps, keys), np.float32)
        return drawn_keys(shares, np.ones_like(noise), noise).reshape(len(shares), -1)

    def log_sum(self, logits: Floats) -> npt.NDArray[np.float64]:
        wide = logits.astype(np.float64).reshape(-1, *self._shape)
        silent = np.zeros((len(wide), self._shape[2]))
        sounding = silent
        for step in range(self._shape[0] - 1, 0, -1):
            struck, held = wide[:, step, STRUCK], wide[:, step, HELD]
            begun = np.logaddexp(silent, struck + sounding)
            silent, sounding = begun, np.logaddexp(begun, held + sounding)
        first = np.logaddexp(wide[:, 0, STRUCK], wide[:, 0, HELD]) + sounding
        sums: npt.NDArray[np.float64] = np.logaddexp(silent, first).sum(1)
        return sums

    def cells(self, visible: Floats) -> Iterator[Cell]:
        steps, _, keys = self._shape
        frames = visible.reshape(-1, *self._shape) > 0
        sounds: npt.NDArray[np.bool_] = np.any(frames, axis=2)
        anything = np.ones(len(frames), np.bool_)
        for step in range(steps):
            for key in range(keys):
                may_rest = ~frames[:, step + 1, HELD, key] if step + 1 < steps else anything
                may_go_on = sounds[:, step - 1, key] if step else anything
                units = [(2 * step + STRUCK) * keys + key, (2 * step + HELD) * keys + key]
                yield Cell(units, np.stack([may_rest, anything, may_go_on], 1))


def drawn_keys(shares: Floats, silent: Floats, noise: Floats) -> Floats:
    """Return the frames of keys, drawn as chains.

    Args:
        shares: (n, steps, 2, keys) how likely struck and held are beside silence: exp of the logits.
        silent: (n, steps, keys) 1, or 0 where a key may not be silent.
        noise: (n, steps, keys) uniform from 0 to 1.
    """
    struck, held = shares[:, :, STRUCK], shares[:, :, HELD]
    after = worth_of_sounding(struck, held, silent)
    frames = np.zeros_like(shares)
    sounds: Floats | float = 1.0
    for step in range(shares.shape[1]):
        strikes = struck[:, step] * after[step]
        goes_on = held[:, step] * after[step] * sounds
        mark = noise[:, step] * (silent[:, step] + strikes + goes_on)
        frames[:, step, STRUCK] = mark < strikes
        frames[:, step, HELD] = (mark >= strikes) & (mark < strikes + goes_on)
        sounds = (mark < strikes + goes_on).astype(np.float32)
    return frames


def worth_of_sounding(struck: Floats, held: Floats, silent: Floats) -> list[Floats]:
    """Return for each step, (n, keys), how much likelier the steps after it are if the key sounds in it."""
    after = np.ones_like(silent[:, 0])
    worth = [after]
    for step in range(struck.shape[1] - 1, 0, -1):
        if_silent = np.maximum(silent[:, step] + struck[:, step] * after, np.float32(LEAST_SHARE))
        after = np.float32(1.0) + np.minimum(held[:, step] * after / if_silent, np.float32(MOST_WORTH))
        worth.insert(0, after)
    return worth


def sigmoid(logits: Floats) -> Floats:
    """Return the logistic function; written over its argument."""
    np.negative(logits, out=logits)
    np.exp(np.minimum(logits, 80.0, out=logits), out=logits)
    logits += 1.0
    return np.reciprocal(logits, out=logits)


def drawn(chances: Floats, random: np.random.Generator) -> Floats:
    """Return units that are on with these chances, as 0 and 1."""
    return (random.random(chances.shape, np.float32) < chances).astype(np.float32)
