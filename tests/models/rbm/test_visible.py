"""How visible units are drawn, held against the list of all that may be."""

from itertools import product

import numpy as np
import pytest

from antiphon_models.rbm.visible import Floats, Keys, Layer, Units, drawn

STEPS = 3
RANDOM = np.random.default_rng(2)


def is_music(state: tuple[float, ...]) -> bool:
    struck, held = np.array(state).reshape(STEPS, 2).T > 0
    return not (struck & held).any() and not (held[1:] & ~(struck | held)[:-1]).any()


ANYTHING = list(product((0.0, 1.0), repeat=2 * STEPS))
LAYERS: list[tuple[Layer, list[tuple[float, ...]]]] = [
    (Units(), ANYTHING),
    (Keys(STEPS, 1), [state for state in ANYTHING if is_music(state)]),
]
LOGITS: Floats = RANDOM.normal(0.0, 1.0, 2 * STEPS).astype(np.float32)


@pytest.mark.parametrize(("layer", "states"), LAYERS)
def test_units_are_drawn_as_often_as_they_are_likely(layer: Layer, states: list[tuple[float, ...]]) -> None:
    draws = 40_000
    found = layer.draw(np.repeat(LOGITS[None], draws, axis=0), RANDOM)
    weights = np.exp(np.array(states) @ LOGITS)
    for state, chance in zip(states, weights / weights.sum(), strict=True):
        share = (found == np.array(state)).all(1).mean()
        assert share == pytest.approx(chance, abs=5 * np.sqrt(chance / draws) + 1e-4)


@pytest.mark.parametrize(("layer", "states"), LAYERS)
def test_the_sum_is_over_all_that_may_be(layer: Layer, states: list[tuple[float, ...]]) -> None:
    weights = np.exp(np.array(states) @ LOGITS)
    assert layer.log_sum(LOGITS[None]) == pytest.approx(np.log(weights.sum()), rel=1e-5)


def test_keys_never_sound_out_of_nothing_however_much_they_want_to_be_held() -> None:
    steps, keys = 15, 64
    logits = np.tile(np.array([[-3.0], [12.0]], np.float32), (steps, 1, keys)).reshape(1, -1)
    struck, held = Keys(steps, keys).draw(logits, RANDOM).reshape(steps, 2, keys).swapaxes(0, 1) > 0
    assert not (held[1:] & ~(struck | held)[:-1]).any()
    assert not (struck & held).any()
    assert held.any()


def test_units_are_drawn_with_their_chances() -> None:
    units = drawn(np.broadcast_to(np.array([0.0, 0.25, 1.0], np.float32), (20_000, 3)), RANDOM)
    assert units.mean(0) == pytest.approx([0.0, 0.25, 1.0], abs=0.02)
    assert set(np.unique(units)) <= {0.0, 1.0}
