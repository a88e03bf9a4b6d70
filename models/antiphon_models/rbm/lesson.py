"""How a machine learns, in one frozen value."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["cd", "pcd"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """How a machine learns.

    Attributes:
        method: where the chains begin, at the data (cd) or where they were (pcd).
        sweeps: Gibbs steps for each batch.
        batch: windows in a batch, and chains.
        learning_rate: at the beginning; it falls to 0.
        decay: share of the weights that is lost at full rate.
        sliding: how quickly the centres follow.
        minutes, steps: how long; what comes first counts.
        seed: of everything that is drawn.
    """

    method: Method = "pcd"
    sweeps: int = 1
    batch: int = 64
    learning_rate: float = 0.05
    decay: float = 1e-5
    sliding: float = 0.01
    minutes: float = 20.0
    steps: int = 1_000_000
    seed: int = 1
