"""Characters counted: an exact distribution, that learns what always follows."""

import pytest

from antiphon_export.tunes.ngrams import NGrams


@pytest.mark.parametrize("context", ["", "a", "ba", "zz", "abra"])
def test_chances_add_up(context: str) -> None:
    grams = NGrams(["abracadabra", "cab"], "abcdrz", order=3)
    assert sum(grams.chance(context, each) for each in "abcdrz") == pytest.approx(1.0)


def test_what_always_follows_costs_little_and_what_never_came_costs_much() -> None:
    grams = NGrams(["ab" * 200], "abc", order=2)
    assert grams.bits_per_character(["abababab"]) < 0.05
    assert grams.bits_per_character(["acccacac"]) > 3
