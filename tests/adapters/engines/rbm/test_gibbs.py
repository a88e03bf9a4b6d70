"""The machine that ships: what it draws, and which files are refused."""

from pathlib import Path

import numpy as np
import pytest

from antiphon.adapters.engines.models import find_model, read_model
from antiphon.adapters.engines.rbm.gibbs import GibbsGraph
from antiphon.errors import ModelError
from antiphon_models.rbm.spec import HELD, STRUCK, RbmCard
from model_files import copy_of, edit_card, replace_file


@pytest.fixture(scope="module")
def machine() -> GibbsGraph:
    return GibbsGraph(find_model("rbm", RbmCard))


def drawn(machine: GibbsGraph, seed: int, keys: tuple[int, ...] = ()) -> np.ndarray:
    spec = machine.spec
    frames = np.zeros((spec.steps, 2, spec.keys), np.bool_)
    frames[0, STRUCK, list(keys)] = True
    frames[1:8, HELD, list(keys)] = True
    clamp = np.zeros_like(frames)
    clamp[:8] = bool(keys)
    bias = np.zeros(frames.shape, np.float32)
    return machine.paint(frames, clamp, bias, 40, 1.0, np.random.default_rng(seed))


def test_what_it_draws_is_music_and_as_full_as_music_is(machine: GibbsGraph) -> None:
    windows = np.array([drawn(machine, seed) for seed in range(40)])
    struck, held = windows[:, :, STRUCK], windows[:, :, HELD]
    assert not (struck & held).any()
    assert not (held[:, 1:] & ~(struck | held)[:, :-1]).any()
    assert 0.2 < struck.sum(2).mean() < 2.5
    assert 0.5 < held.sum(2).mean() < 6.0


def test_at_home_it_plays_the_notes_of_home(machine: GibbsGraph) -> None:
    struck = np.sum([drawn(machine, seed)[:, STRUCK].sum(0) for seed in range(40)], axis=0)
    classes = (np.arange(machine.spec.keys) + machine.spec.lowest) % 12
    assert struck[np.isin(classes, (0, 2, 4, 5, 7, 9, 11))].sum() / struck.sum() > 0.8


def test_what_is_given_stays_and_the_same_seed_draws_the_same(machine: GibbsGraph) -> None:
    keys = tuple(60 + third - machine.spec.lowest for third in (0, 4, 7))
    first, again, other = (drawn(machine, seed, keys) for seed in (1, 1, 2))
    assert first[0, STRUCK].nonzero()[0].tolist() == list(keys)
    assert (first == again).all()
    assert (first != other).any()


def test_a_file_that_is_no_machine_is_refused_even_if_its_card_vouches_for_it(tmp_path: Path) -> None:
    model = copy_of("rbm", tmp_path / "broken")
    replace_file(model, b"TFL3" * 100)
    with pytest.raises(ModelError, match="export it anew"):
        GibbsGraph(read_model(model, RbmCard))


def test_a_card_that_tells_of_another_shape_is_refused_before_the_first_note(tmp_path: Path) -> None:
    model = copy_of("rbm", tmp_path / "misshapen")
    edit_card(model, spec={"family": "rbm", "hidden": 7, "steps": 15, "lowest": 33, "keys": 64})
    with pytest.raises(ModelError, match="export it anew"):
        GibbsGraph(read_model(model, RbmCard))
