"""The engine that the configuration asks for."""

import logging
from typing import Any

import pytest

from antiphon.adapters.engines.opening import open_engine
from antiphon.core.engine import Constraints, Engine, MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from default_config import loaded


def played(engine: Engine) -> list[MusicEvent]:
    allowed: dict[str, Any] = {"onsets": frozenset(map(Pitch, range(40, 80))), "releases": frozenset()}
    asked = Constraints(shortest_dt=0.0, longest_dt=1.0, temperature=1.0, min_p=0.0, **allowed)
    engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
    return [engine.sample(asked) for _ in range(10)]


def test_the_seed_of_the_configuration_decides() -> None:
    first, again, other = (played(open_engine(loaded(f"play.seed={seed}").config)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_a_seed_that_is_given_goes_before_that_of_the_configuration() -> None:
    given = played(open_engine(loaded("play.seed=6").config, seed=5))
    assert given == played(open_engine(loaded("play.seed=5").config))


def test_a_seed_that_is_drawn_is_logged_and_plays_the_same_again(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "antiphon"):
        drawn = played(open_engine(loaded().config))
    [record] = caplog.records
    assert record.getMessage().startswith("the seed of this session is ")
    seed = record.getMessage().split()[-1]
    assert drawn == played(open_engine(loaded(f"play.seed={seed}").config))


def test_a_missing_model_is_told() -> None:
    with pytest.raises(ModelError, match="nowhere"):
        open_engine(loaded("model.name=nowhere").config)
