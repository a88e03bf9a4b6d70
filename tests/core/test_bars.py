import pytest

from antiphon.core.bars import Bars


def played(bar: int, first: int, bars: int = 6) -> Bars:
    """Bars of which the first beat is marked, beginning on the beat of that number."""
    heard = Bars()
    for number in range(first + bar * bars):
        heard.mark(number, 2.0 if (number - first) % bar == 0 else 1.0, off=0.02)
    return heard


@pytest.mark.parametrize("bar", [3, 4])
@pytest.mark.parametrize("first", [0, 1, 2])
def test_bars_begin_on_the_beats_that_are_marked(bar: int, first: int) -> None:
    assert played(bar, first).heard() == (bar, first)


def test_where_the_length_is_known_only_their_beginning_is_heard() -> None:
    assert played(4, 1).heard(2) == (2, 1)


def test_what_lies_between_two_beats_marks_none() -> None:
    heard = played(4, 0)
    for number in range(24, 30):
        heard.mark(number, 50.0, off=0.4)
    assert heard.heard() == (4, 0)


def test_before_anything_is_heard_bars_are_the_usual_ones() -> None:
    assert Bars().heard() == (4, 0)


def test_the_piece_before_is_forgotten() -> None:
    heard = played(4, 0)
    for number in range(24, 24 + 3 * 20):
        heard.mark(number, 2.0 if number % 3 == 1 else 1.0, off=0.0)
    assert heard.heard() == (3, 1)
