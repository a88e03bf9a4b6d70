"""The tempo and the metre of a melody, heard from its onsets."""

import random

import pytest

from antiphon.adapters.engines.tunes.beat import USUAL_QUAVER, beat_of, quaver_of


@pytest.mark.parametrize("quaver", [0.15, 0.19, 0.24])
def test_the_quaver_is_heard_through_a_players_unevenness(quaver: float) -> None:
    dice = random.Random(1)
    lengths = [1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 2, 1, 2, 1, 3, 1, 1, 1]
    assert quaver_of([length * quaver + dice.gauss(0, 0.01) for length in lengths]) == pytest.approx(
        quaver, rel=0.05
    )


def test_of_nothing_the_usual_is_supposed() -> None:
    assert quaver_of([]) == USUAL_QUAVER
    assert beat_of([0.0]).metre == "4/4"


def test_a_jig_is_heard_in_six() -> None:
    lengths = [1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 1, 2, 1, 2, 1, 6]
    onsets = [0.2 * sum(lengths[:index]) for index in range(len(lengths))]
    beat = beat_of(onsets)
    assert (beat.metre, beat.upbeat) == ("6/8", 1)
