"""How long a step of a model file takes here, with all that the daemon does for one.

The figure is of this machine and this moment, so it is printed and stands on no card.
"""

import statistics
import time
from pathlib import Path

from antiphon.adapters.engines.models import read_network
from antiphon.adapters.engines.question import OPEN
from antiphon.adapters.engines.step_graph import SILENCE, StepGraph

STEPS = 500


def microseconds_per_step(model: Path, steps: int = STEPS) -> float:
    """Return the median time of a step, on one core, of a model with its card beside it."""
    return statistics.median(step_times(model, steps))


def step_times(model: Path, steps: int) -> list[float]:
    """Return the microseconds that each of some steps took."""
    graph = StepGraph(read_network(model))
    state, event = graph.start_state(), (0, 0, 0)
    took: list[float] = []
    for _ in range(steps):
        began = time.perf_counter()
        state, event = graph.step((*event, 0), SILENCE, state, OPEN)
        took.append(time.perf_counter() - began)
    return [1e6 * seconds for seconds in took]
