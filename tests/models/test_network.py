"""The event network: its masks, its losses, and its state carried from window to window."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import h5py
import keras
from keras import ops

from antiphon_models import backends, guide, vocab
from antiphon_models.lessons.augmentation import once
from antiphon_models.lessons.windows import Lane, Window, windows
from antiphon_models.network import EventNetwork, build, surprise, surprise_of_waiting
from antiphon_models.spec import Spec
from random_pieces import random_piece

# Keras writes weights through an interface of numpy that numpy means to change.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

SMALL = Spec(units=16, layers=2)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    keras.utils.set_random_seed(1)
    network = build(SMALL)
    # Fresh weights say nearly the same of everything; these have an opinion.
    network.set_weights([2.0 * weight for weight in network.get_weights()])
    return network


def some_window(length: int, **fields: Any) -> Window:
    """Return a window over the beginning of a piece, with some of its fields replaced."""
    [window] = windows([Lane(once([random_piece(1, length + 1)]))], length)
    return window._replace(**fields)


def read(network: EventNetwork, window: Window) -> Any:
    return ops.convert_to_numpy(network((window, network.start_state(len(window.events))))[0])


def sounding(*pitches: int) -> Any:
    row = np.zeros((1, vocab.PITCHES), np.float32)
    row[0, list(pitches)] = 0.7
    return row


def drawn(*shape: int) -> Any:
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)


def chances(logits: Any) -> Any:
    return ops.convert_to_numpy(ops.softmax(logits))


def losses_over(network: EventNetwork, time: int) -> list[Any]:
    """Return the losses of each field over a piece of 49 events, read in windows of ``time``."""

    def act(window: Window, state: Any) -> Any:
        features, after = network((window, state))
        return network.losses(features, window), after

    step = backends.chosen().compiled(network, act)
    fields: list[list[Any]] = [[], [], []]
    state: Any = network.start_state(1)
    for window in windows([Lane(once([random_piece(1, 49)]))], time):
        losses, state = step(window, state)
        for kept, nats in zip(fields, losses, strict=True):
            kept.append(ops.convert_to_numpy(nats)[0][window.weights[0] > 0])
    return [np.concatenate(kept) for kept in fields]


def test_building_makes_every_weight_before_anything_is_heard(network: EventNetwork) -> None:
    made = network.count_params()
    losses_over(network, 48)
    assert network.count_params() == made
    assert len(network.variables) == 30


def test_the_state_carries_all_that_matters_across_windows(network: EventNetwork) -> None:
    whole = losses_over(network, 48)
    for time in (1, 7):
        for one, other in zip(whole, losses_over(network, time), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_without_its_state_it_hears_something_else(network: EventNetwork) -> None:
    whole = some_window(8)
    cut = {name: getattr(whole, name)[:, 4:] for name in ("events", "sounding", "asked", "weights")}
    remembered, forgotten = read(network, whole), read(network, whole._replace(**cut))
    assert np.abs(remembered[:, 4:] - forgotten).max() > 1e-3


def test_where_a_piece_begins_nothing_is_remembered(network: EventNetwork) -> None:
    window, heard = some_window(8), [drawn(1, 16) for _ in range(4)]
    begins, goes_on = (
        network((window._replace(fresh=np.array([fresh], np.float32)), heard))[0] for fresh in (1, 0)
    )
    np.testing.assert_allclose(begins, read(network, window), atol=1e-6)
    assert np.abs(ops.convert_to_numpy(goes_on - begins)).max() > 1e-3


@pytest.mark.parametrize("told", ["part", "asked", "guide", "sounding"])
def test_whatever_it_is_told_makes_a_difference(network: EventNetwork, told: str) -> None:
    window = some_window(8)
    events = window.events.copy()
    events[..., 3] = 1
    changes: dict[str, Any] = {
        "part": {"events": events},
        "asked": {"asked": np.ones((1, 8), np.int32)},
        "guide": {"guide": guide.guide(density=16.0)[np.newaxis]},
        "sounding": {"sounding": np.ones((1, 8, vocab.PITCHES), np.float32)},
    }
    told_otherwise = read(network, window._replace(**changes[told]))
    assert np.abs(read(network, window) - told_otherwise).max() > 1e-3


def test_what_is_dropped_out_is_dropped_while_it_learns_and_at_no_other_time() -> None:
    network, window = build(SMALL, dropout=0.5), some_window(8)
    state = network.start_state(1)
    still = ops.convert_to_numpy(network((window, state))[0])
    learning = ops.convert_to_numpy(network((window, state), training=True)[0])
    assert np.array_equal(still, read(network, window))
    assert 0.2 < np.mean(learning == 0.0) < 0.8
    assert not (still == 0.0).any()


def test_nothing_is_released_in_silence(network: EventNetwork) -> None:
    seen = network.heads.look(drawn(1, SMALL.units), sounding())
    for bin_ in range(0, vocab.DT_BINS, 10):
        in_silence = chances(network.heads.velocity_logits(seen, np.array([bin_]), sounding()))
        assert in_silence[0, vocab.RELEASE] == 0.0
    assert chances(network.heads.velocity_logits(seen, np.array([0]), sounding(60)))[0, vocab.RELEASE] > 0.0


def test_a_release_is_only_of_what_sounds_and_an_onset_only_of_what_does_not(network: EventNetwork) -> None:
    held = sounding(60, 67)
    seen = network.heads.look(drawn(1, SMALL.units), held)

    def possible(class_: int) -> set[int]:
        logits = network.heads.pitch_logits(seen, np.array([3]), np.array([class_]), held)
        return {int(pitch) for pitch in np.flatnonzero(chances(logits)[0])}

    assert possible(vocab.RELEASE) == {60, 67}
    assert possible(20) == set(range(vocab.PITCHES)) - {60, 67}


def losses_of(
    network: EventNetwork, candidates: list[tuple[int, int, int, int]], asked: int = 0
) -> list[Any]:
    """Return the loss of each field, one for each event that may come first while middle C sounds."""
    many = len(candidates)
    events = np.zeros((many, 2, 4), np.int32)
    events[:, 1] = candidates
    window = some_window(
        1,
        events=events,
        sounding=np.repeat(sounding(60)[:, np.newaxis], many, axis=0),
        asked=np.full((many, 1), asked, np.int32),
    )
    features = np.repeat(drawn(1, 1, SMALL.units), many, axis=0)
    return [ops.convert_to_numpy(field)[:, 0] for field in network.losses(features, window)]


@pytest.mark.parametrize("asked", [0, 1])
def test_a_loss_is_the_surprise_at_what_came(network: EventNetwork, asked: int) -> None:
    """Over all that may come, the chances add up to one, each field in the light of those before it."""

    def sum_of_chances(field: int, candidates: list[tuple[int, int, int, int]]) -> float:
        return float(np.exp(-losses_of(network, candidates, asked)[field]).sum())

    all_dt = [(dt, 9, 62, 1) for dt in range(vocab.DT_BINS)]
    assert sum_of_chances(0, all_dt) == pytest.approx(1.0, abs=1e-4)
    all_velocities = [(5, class_, 62, 1) for class_ in range(vocab.VELOCITY_CLASSES)]
    assert sum_of_chances(1, all_velocities) == pytest.approx(1.0, abs=1e-4)
    all_pitches = [(5, 9, pitch, 1) for pitch in range(vocab.PITCHES)]
    assert sum_of_chances(2, all_pitches) == pytest.approx(1.0, abs=1e-4)
    assert sum_of_chances(2, [(5, vocab.RELEASE, 60, 1)]) == pytest.approx(1.0, abs=1e-4)


def test_where_the_other_part_comes_first_all_that_is_learnt_is_that_the_asked_one_waits(
    network: EventNetwork,
) -> None:
    """It plays at some dt, or not before the other one does: the chances of all of that add up to one."""
    for others_dt in (0, 1, 20, vocab.DT_BINS - 1):
        [waited, velocity, pitch] = losses_of(network, [(others_dt, 9, 62, 2)], asked=1)
        sooner = losses_of(network, [(dt, 9, 62, 1) for dt in range(others_dt)] or [(0, 9, 62, 1)], asked=1)[
            0
        ]
        chance_of_sooner = float(np.exp(-sooner).sum()) if others_dt else 0.0
        assert np.exp(-waited[0]) + chance_of_sooner == pytest.approx(1.0, abs=1e-4)
        assert velocity[0] == pitch[0] == 0.0


def test_it_is_no_surprise_that_nothing_came_before_at_once_and_more_the_longer_it_takes() -> None:
    logits = np.repeat(3.0 * drawn(5, 1, vocab.DT_BINS), vocab.DT_BINS, axis=1)
    dt = np.repeat(np.arange(vocab.DT_BINS, dtype=np.int32)[np.newaxis], 5, axis=0)
    waited = ops.convert_to_numpy(surprise_of_waiting(dt, logits))
    came = ops.convert_to_numpy(surprise(dt, logits))
    np.testing.assert_allclose(waited[:, 0], 0.0, atol=1e-5)
    assert (np.diff(waited, axis=1) > -1e-5).all()
    assert (waited <= came + 1e-4).all()
    np.testing.assert_allclose(waited[:, -1], came[:, -1], rtol=1e-4)


def test_weights_are_saved_under_the_names_by_which_they_are_found_with_or_without_dropout(
    tmp_path: Path,
) -> None:
    saved, other = build(SMALL, dropout=0.1), build(SMALL)
    saved.save_weights(tmp_path / "some.weights.h5")
    with h5py.File(tmp_path / "some.weights.h5") as file:
        for name in ("layers/recurrence_1/vars/1", "heads/pitch_given_dt/vars/0", "asked_embedding/vars/0"):
            assert name in file
    other.load_weights(tmp_path / "some.weights.h5")
    for one, another in zip(saved.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(one, another)
