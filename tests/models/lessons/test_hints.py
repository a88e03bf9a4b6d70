"""Hints: told now and then, and true when they are."""

import numpy as np
import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models import guide, vocab
from antiphon_models.lessons.augmentation import as_played
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Events
from random_pieces import random_piece

FLAGS = [1, 3, 5, 18]
"""Where in a guide it says that density, loudness, register and pitch classes are set."""


def some_events(events: int = 600, has_parts: bool = True) -> Events:
    return as_played(random_piece(1, events, has_parts))


def test_the_same_place_is_told_the_same_and_another_something_else() -> None:
    events = some_events()

    def told(seed: int, lane: int, turn: int, event: int) -> tuple[bytes, bytes]:
        asked, guide_ = Hints(seed, lane).at(turn, event, events[:64], events)
        return asked.tobytes(), guide_.tobytes()

    assert told(1, 2, 3, 64) == told(1, 2, 3, 64)
    others = [told(2, 2, 3, 64), told(1, 1, 3, 64), told(1, 2, 4, 64), told(1, 2, 3, 128), told(1, 2, 3, 0)]
    assert len({asked for asked, _ in [told(1, 2, 3, 64), *others]}) == 6


def test_as_often_as_not_nothing_is_told_and_else_any_of_the_four_sides() -> None:
    events = some_events()
    guides = np.array([Hints(1, 0).at(turn, 0, events[:64], events)[1] for turn in range(400)])
    is_set = guides[:, FLAGS]
    assert 0.4 < np.mean(~is_set.any(axis=1)) < 0.6
    assert (is_set.mean(axis=0) > 0.25).all()
    assert (is_set.mean(axis=0) < 0.45).all()
    assert len(np.unique(is_set, axis=0)) == 16


def test_a_guide_tells_the_truth_about_what_is_to_come() -> None:
    events = some_events(guide_span := Hints.SHORTEST)
    onsets = events[:, 1] > vocab.RELEASE
    velocities = np.array([vocab.velocity_of(class_) for class_ in events[onsets, 1]], np.float64)
    seconds = sum(vocab.DT_GRID[dt] for dt in events[:, 0])
    density, loudness, register, classes = guide.likeness(seconds, velocities, events[onsets, 2])
    whole = guide.guide(density, loudness, register, classes.tolist())
    for turn in range(50):
        told = Hints(1, 0).at(turn, 0, events[:guide_span], events)[1]
        kept = np.repeat(told[FLAGS], [2, 2, 2, 13])
        np.testing.assert_allclose(told, whole * kept, rtol=1e-5)


def test_one_of_two_parts_is_asked_for_half_the_time_each_as_often() -> None:
    events = some_events(4000)
    asked, _ = Hints(1, 0).at(0, 0, events, events)
    shares = np.bincount(asked, minlength=3) / len(asked)
    np.testing.assert_allclose(shares, [0.5, 0.25, 0.25], atol=0.03)


def test_where_parts_are_not_told_apart_none_is_asked_for() -> None:
    events = some_events(has_parts=False)
    assert not any(Hints(1, 0).at(turn, 0, events[:64], events)[0].any() for turn in range(20))


def test_of_nothing_to_come_nothing_is_told() -> None:
    events = some_events()
    assert not any(Hints(1, 0).at(turn, 0, events[:64], events[:0])[1].any() for turn in range(20))
