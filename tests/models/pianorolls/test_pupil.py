"""The network while it learns."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

import keras
import msgspec

from antiphon_models.network import build
from antiphon_models.pianorolls.likelihood import surprise
from antiphon_models.pianorolls.pupil import Forgetting, Pupil
from antiphon_models.pianorolls.windows import Lane, RollWindow, next_window, score_of
from antiphon_models.spec import Spec

ALL = Forgetting(into=0.3, between=0.3, out=0.3, recurrent=0.3, heads=0.3)
NOTHING = Forgetting(into=0.0, between=0.0, out=0.0, recurrent=0.0, heads=0.0)


@pytest.fixture(scope="module")
def window() -> RollWindow:
    score = score_of(np.random.default_rng(1).random((20, 88)) < 0.1)
    window = next_window([Lane([score, None].__getitem__)], 30)
    assert window is not None
    return window


def practised(pupil: Pupil, window: RollWindow) -> float:
    features, _ = pupil((window, pupil.start_state(1)), training=True)
    return float(sum(np.sum(nats) for nats in pupil.losses(features, window)))


def test_a_pupil_that_forgets_nothing_practises_what_it_knows(window: RollWindow) -> None:
    keras.utils.set_random_seed(1)
    pupil = Pupil(Spec(units=16, layers=2), NOTHING, seed=1)
    features, state = pupil((window, pupil.start_state(1)))
    of_practice, after = pupil((window, pupil.start_state(1)), training=True)
    np.testing.assert_allclose(of_practice, features, atol=1e-5)
    np.testing.assert_allclose(after[0], state[0], atol=1e-5)
    known = surprise(pupil.heads, features, window)[:3]
    for one, other in zip(pupil.losses(features, window), known, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_each_practice_leaves_out_something_else(window: RollWindow) -> None:
    pupil = Pupil(Spec(units=16, layers=2), ALL, seed=1)
    assert practised(pupil, window) != practised(pupil, window)


@pytest.mark.parametrize("where", ["into", "between", "out", "recurrent", "heads"])
def test_each_place_is_left_out_at_its_own_rate(window: RollWindow, where: str) -> None:
    keras.utils.set_random_seed(1)
    pupil = Pupil(Spec(units=16, layers=2), msgspec.structs.replace(NOTHING, **{where: 0.5}), seed=1)
    assert practised(pupil, window) != practised(pupil, window)


def test_it_has_the_weights_of_the_event_network() -> None:
    spec = Spec(units=16, layers=2)
    shapes = [weight.shape for weight in Pupil(spec, ALL, seed=1).trainable_variables]
    assert shapes == [weight.shape for weight in build(spec).trainable_variables]
