"""The small network that ships, opened once, for the engines of as many sessions as one likes."""

from collections.abc import Callable

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.step_graph import StepGraph


def shipped_network() -> Callable[[int], LstmEngine]:
    """Return what opens an engine that has heard nothing, by a seed."""
    graph = StepGraph(find_network("small"))
    return lambda seed: LstmEngine(graph, seed)
