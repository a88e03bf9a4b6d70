"""The shipped network of characters, stepped as the daemon steps it."""

import numpy as np
import pytest

from antiphon.adapters.engines.models import find_model
from antiphon.adapters.engines.question import FORBIDDEN
from antiphon.adapters.engines.tunes.char_graph import CharGraph
from antiphon.errors import ModelError
from antiphon_models.tunes.spec import CharCard


@pytest.fixture(scope="module")
def graph() -> CharGraph:
    return CharGraph(find_model("char-lstm", CharCard))


def test_it_goes_on_from_any_state_and_is_not_moved_by_others(graph: CharGraph) -> None:
    still = np.zeros(len(graph.alphabet), np.float32)
    warm = (1.0, 0.0)
    one, drawn = graph.step(3, graph.start_state(), still, still, warm)
    graph.step(7, graph.start_state(), still, still, warm)
    again = graph.step(3, graph.start_state(), still, still, warm)
    assert again == (one, drawn)
    assert graph.step(drawn, one, still, still, warm)[0] != one


def test_only_what_is_allowed_is_drawn(graph: CharGraph) -> None:
    noise = np.random.default_rng(1).gumbel(size=len(graph.alphabet)).astype(np.float32)
    for index in range(len(graph.alphabet)):
        allow = np.full(len(graph.alphabet), FORBIDDEN, np.float32)
        allow[index] = 0.0
        assert graph.step(0, graph.start_state(), allow, noise, (2.0, 0.02))[1] == index


def test_a_network_of_events_is_none_of_characters() -> None:
    with pytest.raises(ModelError, match="--engine lstm"):
        find_model("default", CharCard)
