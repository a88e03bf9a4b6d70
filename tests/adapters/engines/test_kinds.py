"""The kinds of engine: each that can be chosen is there, and makes engines by their seed."""

from pathlib import Path

import pytest

from antiphon.adapters.engines.budget import ANYTHING
from antiphon.adapters.engines.kinds import KINDS, OWN_MODELS, maker_of, model_of
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ModelError
from antiphon.settings import ENGINES
from default_config import loaded
from model_files import copy_of_the_default


def test_every_kind_that_can_be_chosen_is_there() -> None:
    assert set(KINDS) == set(ENGINES)


@pytest.mark.parametrize("kind", ENGINES)
def test_engines_of_one_seed_draw_the_same(kind: str) -> None:
    maker = maker_of(loaded(f"engine.kind={kind}").config)

    def drawn(seed: int) -> list[MusicEvent]:
        engine = maker.make(seed)
        engine.prime(MusicEvent(0.0, Velocity(80), Pitch(60)))
        return [engine.sample(ANYTHING) for _ in range(8)]

    assert drawn(1) == drawn(1) != drawn(2)


def test_without_a_name_the_engines_own_model_plays() -> None:
    assert model_of(loaded().config) == OWN_MODELS["lstm"] == "default"
    assert model_of(loaded("model.name=small").config) == "small"


def test_a_file_goes_before_a_name(tmp_path: Path) -> None:
    mine = copy_of_the_default(tmp_path / "mine")
    assert model_of(loaded("model.name=small", f"model.file={mine}").config) == str(mine)


def test_one_whose_model_is_missing_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="nowhere"):
        maker_of(loaded("model.name=nowhere").config)
