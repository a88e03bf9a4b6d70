"""Tunes in other keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.engines.tunes.reader import sounds_of
from antiphon_models.tunes.keys import altered, transposed
from antiphon_models.tunes.spelling import spelt
from small_tunes import tune

BLUE = 'X:1\nM:6/8\nL:1/8\nK:D\n"D"AB^c=c_e"A7/C#"f|^g\'z2-[FA]2|\n\n'


def test_letters_signatures_and_chords_move_together() -> None:
    assert transposed(BLUE, -1) == 'X:1\nM:6/8\nL:1/8\nK:G\n"G"de^f=f_a"D7/F#"b|^c\'\'z2-[Bd]2|\n\n'


@given(seed=st.integers(0, 50), fifths=st.integers(-4, 4))
def test_every_note_moves_by_the_same_interval_and_back(seed: int, fifths: int) -> None:
    written = spelt(tune(seed))
    moved = transposed(written, fifths)
    if moved is None:
        return
    assert transposed(moved, -fifths) == written
    before, after = (
        [each.pitch for each in sounds_of(each)[0] if not each.is_chord] for each in (written, moved)
    )
    (interval,) = {later - sooner for sooner, later in zip(before, after, strict=True)}
    assert interval % 12 == 7 * fifths % 12
    assert abs(interval) <= 6


def test_a_key_of_too_many_signs_is_none() -> None:
    assert transposed(BLUE, 4) is None
    assert transposed(BLUE, -8) is None


@pytest.mark.parametrize(
    ("signs", "expected"), [(0, "0000000"), (2, "1100000"), (-1, "000000x"), (-3, "0000xxx"), (7, "1111111")]
)
def test_signatures_alter_letters_in_their_order(signs: int, expected: str) -> None:
    told = "".join({0: "0", 1: "1", -1: "x"}[altered(letter, signs)] for letter in "FCGDAEB")
    assert told == expected
