"""Where an engine plays, and how another takes its place."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from antiphon.adapters.engines.budget import FEWEST, STEPS, WARM_UP
from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.relief import RelievedEngine
from antiphon.adapters.engines.stage import Stage
from antiphon.adapters.engines.understudy import UnderstudiedEngine
from antiphon.core.engine import MusicEvent
from antiphon.core.events import EngineChanged, EngineReady, Event
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import AntiphonError, ModelError
from default_config import loaded
from scripted_clock import ScriptedClock

QUICK = [0.0001] * (WARM_UP + STEPS)
SLOW = [0.5] * (WARM_UP + FEWEST)
BETWEEN = [0.0]


class Theatre:
    """A stage, and what was delivered."""

    def __init__(self, times: list[float], *sets: str) -> None:
        self.delivered: list[Event] = []
        self.stage = Stage(
            loaded(*sets).config, 1, ScriptedClock(times), lambda event, at: self.delivered.append(event)
        )

    async def change(self, *sets: str) -> AntiphonError | None:
        told: asyncio.Future[AntiphonError | None] = asyncio.get_running_loop().create_future()
        self.stage.change(loaded(*sets).config, told.set_result)
        assert self.stage.is_changing
        return await told


def on_a_stage(act: Callable[[Theatre], Awaitable[None]], times: list[float], *sets: str) -> Theatre:
    """Let something happen, and assert that no thread is left of it."""

    async def session() -> Theatre:
        theatre = Theatre(times, *sets)
        await act(theatre)
        theatre.stage.close()
        return theatre

    before = set(threading.enumerate())
    theatre = asyncio.run(session())
    assert set(threading.enumerate()) == before
    return theatre


def test_a_quick_engine_plays_as_it_is() -> None:
    async def act(theatre: Theatre) -> None:
        assert isinstance(theatre.stage.engine, RelievedEngine)
        assert not theatre.stage.is_changing

    assert on_a_stage(act, QUICK).delivered == []


def test_a_slow_one_computes_in_a_thread_with_an_understudy_and_says_when_it_is_ready() -> None:
    async def act(theatre: Theatre) -> None:
        engine = theatre.stage.engine
        assert isinstance(engine, UnderstudiedEngine)
        engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
        assert "inference_0" in {thread.name for thread in threading.enumerate()}

    on_a_stage(act, [*SLOW, *BETWEEN, *QUICK])


def test_another_takes_its_place_when_it_is_open() -> None:
    async def act(theatre: Theatre) -> None:
        first = theatre.stage.engine
        assert await theatre.change("model.name=small") is None
        assert theatre.stage.engine is not first
        assert not theatre.stage.is_changing

    theatre = on_a_stage(act, [*QUICK, *BETWEEN, *QUICK, *BETWEEN])
    assert theatre.delivered == [EngineChanged(theatre.stage.engine)]


def test_one_that_comes_back_need_not_be_opened_again_and_has_heard_nothing() -> None:
    async def act(theatre: Theatre) -> None:
        first = theatre.stage.engine
        silence = first.snapshot()
        first.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
        assert await theatre.change("model.name=small") is None
        told: list[AntiphonError | None] = []
        theatre.stage.change(loaded().config, told.append)
        assert told == [None]
        assert theatre.stage.engine is first
        assert first.snapshot() == silence

    on_a_stage(act, [*QUICK, *BETWEEN, *QUICK, *BETWEEN, *BETWEEN])


def test_a_slow_one_that_is_left_ends_its_thread() -> None:
    async def act(theatre: Theatre) -> None:
        theatre.stage.engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
        assert await theatre.change("model.name=small") is None

    theatre = on_a_stage(act, [*SLOW, *BETWEEN, *QUICK, *BETWEEN, *QUICK, *BETWEEN])
    assert [type(event) for event in theatre.delivered if not isinstance(event, EngineReady)] == [
        EngineChanged
    ]


def test_one_that_cannot_be_opened_leaves_the_stage_to_the_one_that_plays() -> None:
    async def act(theatre: Theatre) -> None:
        first = theatre.stage.engine
        error = await theatre.change("model.file=nowhere.tflite")
        assert isinstance(error, ModelError)
        assert theatre.stage.engine is first
        assert not theatre.stage.is_changing

    assert on_a_stage(act, QUICK).delivered == []


def test_whoever_closes_it_meanwhile_is_told_nothing_more() -> None:
    async def act(theatre: Theatre) -> None:
        theatre.stage.change(loaded("model.name=small").config, lambda error: pytest.fail("told"))

    assert on_a_stage(act, [*QUICK, *BETWEEN, *QUICK]).delivered == []


def test_where_the_model_is_missing_at_the_start_another_plays_and_the_stage_says_who(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def act(theatre: Theatre) -> None:
        assert theatre.stage.plays.engine.kind == "lstm"
        assert theatre.stage.plays.model.name == "small"

    on_a_stage(act, [*QUICK], "model.file=nowhere.tflite")
    assert [record.getMessage().partition(",")[0] for record in caplog.records] == ["small plays instead"]


def test_what_is_learnt_on_it_is_kept_when_it_closes(tmp_path: Path) -> None:
    learnt = tmp_path / "learnt"

    async def act(theatre: Theatre) -> None:
        theatre.stage.engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60), is_players=True))

    on_a_stage(act, QUICK, "engine.kind=markov", f"markov.file='{learnt}'")
    assert learnt_file.read(learnt).events == 1
