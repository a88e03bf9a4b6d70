"""Which engine plays in a replay, and why none does."""

import shutil
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import path_of
from antiphon.adapters.engines.opening import identity_of
from antiphon.core.replaying import ReadingEngine
from antiphon.core.transcript import EngineIdentity
from antiphon.replay.engines import Engines
from default_config import loaded

DEFAULT = identity_of(loaded().config, is_prompt=True)


def test_the_same_model_is_opened_again() -> None:
    engines = Engines(loaded("model.name=small").config, only_read=False)
    assert isinstance(engines.open(DEFAULT, 3), LstmEngine)
    assert engines.reasons == []


def test_what_was_drawn_may_be_read_all_the_same() -> None:
    engines = Engines(loaded().config, only_read=True)
    assert isinstance(engines.open(DEFAULT, 3), ReadingEngine)
    assert engines.reasons == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_prompt": False}, "computed on a thread of its own"),
        ({"kind": "markov", "model": "markov"}, "markov markov learns from its player"),
        ({"kind": "blend"}, "learns from its player"),
        ({"sha256": "0" * 64}, "the model of lstm default is not here, or is another by now"),
        ({"model": "of somebody else", "sha256": "0" * 64}, "name its file with --model"),
        ({"kind": "theremin"}, "theremin default is none that ships"),
    ],
)
def test_where_it_could_not_draw_the_same_it_is_read_and_said_why_once(
    changes: dict[str, object], reason: str
) -> None:
    engines = Engines(loaded("model.name=small").config, only_read=False)
    identity = msgspec.structs.replace(DEFAULT, **changes)
    for _ in range(2):
        assert isinstance(engines.open(identity, 3), ReadingEngine)
    [said] = engines.reasons
    assert reason in said
    assert "is taken from the log" in said


def test_nobody_knows_an_engine_without_a_name() -> None:
    engines = Engines(loaded().config, only_read=False)
    assert isinstance(engines.open(None, 3), ReadingEngine)
    assert len(engines.reasons) == 1


def test_a_model_that_lay_elsewhere_is_found_where_the_user_says(tmp_path: Path) -> None:
    shutil.copytree(path_of("small").parent, tmp_path / "mine")
    here = f"model.file='{tmp_path}/mine/model.tflite'"
    there = EngineIdentity(
        "lstm", "/elsewhere/mine/model.tflite", identity_of(loaded(here).config, True).sha256, is_prompt=True
    )
    engines = Engines(loaded(here).config, only_read=False)
    assert isinstance(engines.open(there, 3), LstmEngine)
