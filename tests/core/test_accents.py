from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.accents import Accents
from antiphon.core.units import Pitch, Velocity

MIDDLE = (Pitch(60), Velocity(64))


def weight(*notes: tuple[int, int]) -> float:
    return Accents().weigh([(Pitch(pitch), Velocity(velocity)) for pitch, velocity in notes])


def test_loud_low_and_full_chords_weigh_more() -> None:
    usual = weight((60, 64))
    assert usual == 1.0
    assert weight((60, 90)) > usual
    assert weight((40, 64)) > usual
    assert weight((60, 64), (64, 64), (67, 64)) > usual
    assert weight((72, 40)) < usual


def test_what_was_loud_becomes_usual() -> None:
    accents = Accents()
    weights = [accents.weigh([(Pitch(60), Velocity(120))]) for _ in range(101)]
    assert weights[0] > 1.8
    assert weights[-1] < 1.1


@given(st.lists(st.tuples(st.integers(0, 127), st.integers(1, 127)), min_size=1, max_size=10))
def test_every_chord_has_some_weight(notes: list[tuple[int, int]]) -> None:
    assert 0.0 < weight(*notes) < 6.0
