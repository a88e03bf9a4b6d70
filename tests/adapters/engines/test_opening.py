"""The engine that the configuration asks for."""

import logging
from typing import Any

import pytest

from antiphon.adapters.engines.budget import FEWEST, STEPS, WARM_UP
from antiphon.adapters.engines.kinds import KINDS
from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.markov.engine import MarkovEngine
from antiphon.adapters.engines.opening import open_cast, open_engine, relief_of, seed_of, tell_seed
from antiphon.adapters.engines.relief import RelievedEngine
from antiphon.core.engine import Constraints, MusicEvent, PromptEngine
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ConfigurationError, ModelError
from antiphon_models.shelf import shipped_names
from default_config import loaded
from exhausted_engine import ExhaustedEngine
from scripted_clock import ScriptedClock

QUICK = [0.0001] * (WARM_UP + STEPS)
SLOW = [0.5] * (WARM_UP + FEWEST)
BETWEEN = [0.0]
"""What the clock tells while a model is opened."""


def played(engine: PromptEngine) -> list[MusicEvent]:
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


def test_a_seed_that_nobody_named_is_drawn() -> None:
    assert len({seed_of(loaded().config) for _ in range(5)}) == 5


def test_a_seed_that_was_drawn_is_told_so_that_it_can_be_named_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "antiphon"):
        tell_seed(loaded().config, 12)
        tell_seed(loaded("play.seed=5").config, 5)
    assert [record.getMessage() for record in caplog.records] == ["the seed is 12"]


def test_a_missing_model_is_told() -> None:
    with pytest.raises(ModelError, match="nowhere"):
        open_engine(loaded("model.name=nowhere").config, seed=1)


def test_an_accelerator_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"^engine\.accelerator is quantum, "):
        open_engine(loaded("engine.accelerator=quantum").config, seed=1)


def test_a_network_within_its_budget_is_played_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    cast = open_cast(loaded().config, 1, ScriptedClock(QUICK))
    assert isinstance(cast.engine, RelievedEngine)
    assert cast.is_in_time
    assert cast.understudy is None
    assert caplog.text == ""


def test_to_be_timed_changes_nothing_of_what_is_drawn() -> None:
    config = loaded().config
    assert played(open_cast(config, 5, ScriptedClock(QUICK)).engine) == played(open_engine(config, 5))


def test_a_slow_network_has_an_understudy_and_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cast = open_cast(loaded().config, 1, ScriptedClock([*SLOW, *BETWEEN, *QUICK]))
    assert not cast.is_in_time
    assert isinstance(cast.understudy, LstmEngine)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == (
        "default takes 500.0 ms for an event, more than the 5.0 ms of engine.longest_step: "
        "it computes in a thread of its own, and where it comes too late small stands in, which takes 100 us"
    )


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        (("engine.understudy=''",), "as engine.understudy names nobody else"),
        (("engine.understudy=default",), "as engine.understudy names nobody else"),
        (("engine.understudy=small",), "as small takes 500.0 ms itself"),
        (("engine.understudy=small", "model.name=small"), "as engine.understudy names nobody else"),
    ],
)
def test_where_nobody_can_stand_in_there_are_rests(
    sets: tuple[str, ...], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    cast = open_cast(loaded(*sets).config, 1, ScriptedClock([*SLOW, *BETWEEN, *SLOW]))
    assert not cast.is_in_time
    assert cast.understudy is None
    assert caplog.records[-1].getMessage().endswith(told)


def test_an_understudy_that_is_not_there_is_told_though_nobody_needs_one() -> None:
    with pytest.raises(ConfigurationError) as refused:
        open_cast(loaded("engine.understudy=nobody").config, 1, ScriptedClock(QUICK))
    assert str(refused.value) == (
        'engine.understudy is "nobody", which is no shipped model and no kind of engine; '
        f'choose one of: {", ".join(sorted({*shipped_names(), *KINDS}))}, or "" for none'
    )


def test_any_engine_may_stand_in_for_any_other() -> None:
    cast = open_cast(loaded("engine.understudy=markov").config, 1, ScriptedClock([*SLOW, *BETWEEN, *QUICK]))
    assert isinstance(cast.understudy, MarkovEngine)
    config = loaded("engine.kind=markov", "engine.understudy=default").config
    cast = open_cast(config, 1, ScriptedClock([*SLOW, *BETWEEN, *QUICK]))
    assert isinstance(cast.understudy, LstmEngine)
    config = loaded("engine.kind=markov", "engine.understudy=markov").config
    assert open_cast(config, 1, ScriptedClock([*SLOW, *BETWEEN])).understudy is None


@pytest.mark.parametrize(
    ("sets", "who"),
    [
        (("model.file=nowhere.tflite",), "small"),
        (("model.name=nowhere",), "small"),
        (("model.name=nowhere", "engine.understudy=markov"), "markov"),
        (("engine.kind=blend", "model.file=nowhere.tflite"), "small"),
    ],
)
def test_where_a_model_is_missing_a_stand_in_plays_and_that_is_told(
    sets: tuple[str, ...], who: str, caplog: pytest.LogCaptureFixture
) -> None:
    cast = open_cast(loaded(*sets).config, 1, ScriptedClock([*QUICK]), may_stand_in=True)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith(f"{who} plays instead, for ")
    assert "nowhere" in record.getMessage()
    assert played(cast.engine)


def test_where_nobody_is_to_stand_in_a_missing_model_is_an_error() -> None:
    for config, may_stand_in in (
        (loaded("model.name=nowhere", "engine.understudy=''").config, True),
        (loaded("model.name=nowhere").config, False),
    ):
        with pytest.raises(ModelError, match="nowhere"):
            open_cast(config, 1, ScriptedClock(QUICK), may_stand_in)


def test_an_engine_that_breaks_is_relieved_by_its_stand_in(caplog: pytest.LogCaptureFixture) -> None:
    config = loaded("engine.understudy=markov").config
    relieved = RelievedEngine(ExhaustedEngine(), "default", lambda: relief_of(config, 1))
    first = played(relieved)
    relieved = RelievedEngine(broken_engine(), "default", lambda: relief_of(config, 1))
    assert len(played(relieved)) == len(first)
    assert caplog.records[-1].getMessage().startswith("default has broken down and markov plays on: ")


def broken_engine() -> ExhaustedEngine:
    engine = ExhaustedEngine()
    engine.breaks_down()
    return engine
