"""How loud a note is played."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.guide import UNGUIDED, Guide
from antiphon.core.loudness import Fade, loudness
from antiphon.core.units import Velocity

FADE = Fade(begins=2.0, ends=4.0)


@pytest.mark.parametrize(("at", "expected"), [(1.0, 100), (2.0, 100), (3.0, 50), (4.0, 1), (9.0, 1)])
def test_what_fades_becomes_softer_until_it_is_hardly_heard(at: float, expected: int) -> None:
    assert loudness(Velocity(100), at, UNGUIDED, FADE) == expected


def test_a_guide_makes_it_louder_before_it_fades() -> None:
    assert loudness(Velocity(60), 0.0, Guide(louder=20), None) == 80
    assert loudness(Velocity(60), 3.0, Guide(louder=20), FADE) == 40


@given(st.integers(0, 127), st.floats(0.0, 5.0), st.integers(-127, 127), st.sampled_from([None, FADE]))
def test_a_note_stays_one_that_midi_knows_and_a_release_a_release(
    velocity: int, at: float, louder: int, fade: Fade | None
) -> None:
    played = loudness(Velocity(velocity), at, Guide(louder=louder), fade)
    assert 1 <= played <= 127 if velocity else played == 0
