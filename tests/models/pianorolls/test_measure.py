"""Nats of rolls, and their means."""

from itertools import product

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

from antiphon_models.network import EventNetwork, build
from antiphon_models.pianorolls.frames import Keyboard
from antiphon_models.pianorolls.measure import NatsOfARoll, nats_of, nats_per_frame
from antiphon_models.spec import Spec

THREE_KEYS = Keyboard(lowest=60, keys=3)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    return build(Spec(units=8, layers=1))


def test_the_three_means_of_rolls_of_different_lengths() -> None:
    mean = nats_per_frame([NatsOfARoll(12.0, 4.0, 2), NatsOfARoll(12.0, 3.0, 6)])
    assert mean.frames == pytest.approx(24 / 8)
    assert mean.after_the_first == pytest.approx((8 + 9) / (1 + 5))
    assert mean.rolls == pytest.approx((6 + 2) / 2)


def test_the_nats_of_a_roll_do_not_depend_on_its_company(network: EventNetwork) -> None:
    rng = np.random.default_rng(1)
    rolls = [rng.random((frames, 88)) < 0.2 for frames in (3, 17, 9)]
    together = nats_of(network, rolls)
    assert [nats.frames for nats in together] == [3, 17, 9]
    assert nats_of(network, rolls[2:])[0].total == pytest.approx(together[2].total, rel=1e-5)


def test_the_first_frame_costs_what_a_roll_of_it_alone_does(network: EventNetwork) -> None:
    alone = [np.array([first]) for first in product([False, True], repeat=3)]
    longer = [np.concatenate([first, [[True, False, True]]]) for first in alone]
    nats = nats_of(network, alone + longer, THREE_KEYS)
    for of_one, of_two in zip(nats[:8], nats[8:], strict=True):
        assert of_two.first_frame == pytest.approx(of_one.total, rel=1e-4)
        assert of_one.first_frame == pytest.approx(of_one.total, rel=1e-6)
