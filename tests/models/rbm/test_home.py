"""Where music is at home."""

import numpy as np
import pytest

from antiphon_models.rbm.home import pitch_classes, way_home

C_MAJOR = [60, 64, 67, 60, 62, 64, 65, 67, 69, 71, 72, 60, 55, 60]
A_MINOR = [57, 60, 64, 57, 59, 60, 62, 64, 65, 68, 69, 57, 52, 57]


def home_of(pitches: list[int]) -> int:
    return way_home(pitch_classes(np.array(pitches), np.ones(len(pitches))))


@pytest.mark.parametrize("scale", [C_MAJOR, A_MINOR])
@pytest.mark.parametrize("transposed", range(-5, 7))
def test_music_in_any_key_is_taken_to_the_same_home(scale: list[int], transposed: int) -> None:
    way = home_of([pitch + transposed for pitch in scale])
    assert (way + transposed) % 12 == 0
    assert -6 <= way <= 5


def test_silence_is_at_home() -> None:
    assert way_home(np.zeros(12)) == 0
