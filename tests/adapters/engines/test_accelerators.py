"""What a network may run on, by its name."""

from pathlib import Path

import pytest

from antiphon.adapters.engines.accelerators import open_network
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.question import OPEN
from antiphon.adapters.engines.step_graph import SILENCE
from antiphon.errors import ConfigurationError
from toy_delegates import build_delegate


def test_the_cpu_is_always_there() -> None:
    network = open_network(find_network("default"), "cpu")
    _, drawn = network.step((0, 20, 60, 0), SILENCE, network.start_state(), OPEN)
    assert len(drawn) == 3


def test_a_path_is_that_of_a_delegate(tmp_path: Path) -> None:
    network = open_network(find_network("default"), str(build_delegate(tmp_path)))
    _, drawn = network.step((0, 20, 60, 0), SILENCE, network.start_state(), OPEN)
    assert len(drawn) == 3


def test_whatever_else_is_refused_with_what_may_be_given() -> None:
    with pytest.raises(ConfigurationError, match=r'give the path of a delegate, "gpu" or "cpu"$'):
        open_network(find_network("default"), "quantum")
