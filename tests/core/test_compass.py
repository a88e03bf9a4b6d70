"""Which pitches there are for an answer."""

import pytest

from antiphon.core.compass import compass_of, within, within_both
from antiphon.core.units import Pitch
from default_settings import settings


def pitches(*numbers: int) -> frozenset[Pitch]:
    return frozenset(map(Pitch, numbers))


def test_it_goes_from_the_lowest_to_the_highest() -> None:
    assert compass_of(settings(play={"lowest": 60, "highest": 62}).play) == pitches(60, 61, 62)


@pytest.mark.parametrize(("transpose", "outermost"), [(12, (0, 115)), (-12, (12, 127)), (0, (0, 127))])
def test_what_is_sent_of_it_is_within_that_of_midi(transpose: int, outermost: tuple[int, int]) -> None:
    compass = compass_of(settings(play={"lowest": 0, "highest": 127, "transpose": transpose}).play)
    assert (min(compass), max(compass)) == outermost


def test_a_scale_and_a_part_of_it_leave_what_belongs_to_both() -> None:
    assert within(pitches(60, 61, 62, 74), frozenset({0, 2})) == pitches(60, 62, 74)
    assert within_both(pitches(60, 61), pitches(61, 62)) == pitches(61)
