"""Gates: how far a finer context is trusted over a coarser one, learnt from how well it would have told.

A gate is two numbers, how often it was right that it was open, and of how many events. It is learnt by the
expectation-maximisation of Jelinek and Mercer (Interpolated estimation of Markov source parameters from
sparse data, 1980), one event at a time: with somebody who repeats themselves gates open, with somebody who
never does they stay shut.
"""

import numpy as np
import numpy.typing as npt

from antiphon_models.markov.table import GATES, LEVELS

TRUST = 0.1
"""How far a gate is open of which nothing is known."""

STRENGTH = 20.0
"""Events that what a gate begins with counts for."""

WIDEST = 0.999
"""How far a gate is open at most: nothing is certain."""

MEMORY = 500.0
"""Events after which a gate begins to forget: the music changes."""

Gate = list[float]
"""How often it was right, and of how many events; learnt in place."""


def first_gates() -> npt.NDArray[np.float32]:
    """Return gates of which nothing is known: (contexts, 14, 2), how often each was right, of how many."""
    gates = np.ones((sum(LEVELS), GATES, 2), np.float32)
    gates[..., 0] = TRUST
    return gates


def gates_by_field(gates: npt.NDArray[np.float32]) -> list[list[list[Gate]]]:
    """Return gates as they are learnt, of each context of each field. A table's count for a few events."""
    opened, start = [], 0
    for many in LEVELS:
        levels = gates[start : start + many].astype(np.float64)
        trust = levels[..., 0] / np.maximum(levels[..., 1], 1e-9)
        opened.append(np.stack([trust * STRENGTH, np.full_like(trust, STRENGTH)], axis=-1).tolist())
        start += many
    return opened


def learnt_by(gate: Gate, likely: float, chance: float) -> float:
    """Return how likely a value was behind a gate, which learns from that.

    Args:
        gate: that learns.
        likely: how likely the value was in the context that the gate belongs to.
        chance: how likely it was in the coarser ones.
    """
    through = gate[0] / gate[1] * likely
    chance = chance - gate[0] / gate[1] * chance + through
    gate[0] += through / chance
    gate[1] += 1.0
    if gate[1] > MEMORY:
        gate[0] *= 0.5
        gate[1] *= 0.5
    if gate[0] > WIDEST * gate[1]:
        gate[0] = WIDEST * gate[1]
    return chance
