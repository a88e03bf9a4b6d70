"""The event network as a distribution over rolls."""

from itertools import product

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("scipy", reason=TRAINING)
pytest.importorskip("keras", reason=TRAINING)

from antiphon_models.network import EventNetwork, build
from antiphon_models.pianorolls.frames import Keyboard, Roll
from antiphon_models.pianorolls.likelihood import GOES_ON
from antiphon_models.pianorolls.measure import nats_of
from antiphon_models.pianorolls.windows import LONGER
from antiphon_models.spec import Spec

THREE_KEYS = Keyboard(lowest=60, keys=3)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    """Return a network with strong opinions of its own."""
    network, rng = build(Spec(units=8, layers=2)), np.random.default_rng(1)
    for weight in network.trainable_variables:
        weight.assign(rng.normal(0.0, 0.4, weight.shape))
    return network


def chances(network: EventNetwork, rolls: list[Roll]) -> list[float]:
    return [float(np.exp(-nats.total)) for nats in nats_of(network, rolls, THREE_KEYS)]


def one_frame_longer(roll: Roll) -> list[Roll]:
    """Return every roll that goes on from this one by a frame."""
    return [np.concatenate([roll, [list(last)]]) for last in product([False, True], repeat=3)]


@pytest.mark.parametrize("frames", [1, 3])
def test_the_chances_of_all_rolls_of_a_length_add_up_to_one(network: EventNetwork, frames: int) -> None:
    every = [np.array(bits).reshape(frames, 3) for bits in product([False, True], repeat=3 * frames)]
    assert sum(chances(network, every)) == pytest.approx(1.0, abs=1e-5)


def test_no_roll_is_as_likely_as_all_others(network: EventNetwork) -> None:
    every = [np.array(bits).reshape(2, 3) for bits in product([False, True], repeat=6)]
    nats = [each.total for each in nats_of(network, every, THREE_KEYS)]
    assert max(nats) - min(nats) > 1.0


def test_the_rolls_that_go_on_from_one_are_together_as_likely_as_it(network: EventNetwork) -> None:
    begun = np.array([[True, False, True], [True, True, False]])
    shorter, *longer = chances(network, [begun, *one_frame_longer(begun)])
    assert sum(longer) == pytest.approx(shorter, rel=1e-4)


def test_a_wait_that_no_bin_holds_goes_on_from_frame_to_frame(network: EventNetwork) -> None:
    held = np.tile([True, False, False], (LONGER + 4, 1))
    shorter, held_on, *longer = chances(network, [held[:-1], held, *one_frame_longer(held[:-1])])
    assert sum(longer) == pytest.approx(shorter, rel=1e-4)
    assert held_on / shorter == pytest.approx(GOES_ON, rel=1e-4)
