"""The engine that the configuration asks for."""

import logging
from typing import Any

import pytest

from antiphon.adapters.engines.opening import open_engine, seed_of
from antiphon.core.engine import Constraints, Engine, MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ConfigurationError, ModelError
from default_config import loaded


def played(engine: Engine) -> list[MusicEvent]:
    allowed: dict[str, Any] = {"onsets": frozenset(map(Pitch, range(40, 80))), "releases": frozenset()}
    asked = Constraints(shortest_dt=0.0, longest_dt=1.0, temperature=1.0, min_p=0.0, **allowed)
    engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
    return [engine.sample(asked) for _ in range(10)]


def test_the_seed_decides_what_is_drawn() -> None:
    first, again, other = (played(open_engine(loaded().config, seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_the_seed_of_the_configuration_is_taken() -> None:
    assert seed_of(loaded("play.seed=5").config) == 5


def test_a_seed_that_is_drawn_is_logged_so_that_it_can_be_named_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "antiphon"):
        drawn = {seed_of(loaded().config) for _ in range(5)}
    assert len(drawn) == 5
    assert {record.getMessage() for record in caplog.records} == {f"the seed is {seed}" for seed in drawn}


def test_a_missing_model_is_told() -> None:
    with pytest.raises(ModelError, match="nowhere"):
        open_engine(loaded("model.name=nowhere").config, seed=1)


def test_an_accelerator_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"^engine\.accelerator is quantum, "):
        open_engine(loaded("engine.accelerator=quantum").config, seed=1)
