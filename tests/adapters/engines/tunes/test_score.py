"""A score grows by tokens: what each does to what is to come, and when a note is certain."""

from fractions import Fraction

import pytest

from antiphon.adapters.engines.tunes.score import Score, Sound, TokenError

IN_D = Score().with_field("M", "6/8").with_field("L", "1/8").with_field("K", "D")


def grown(tokens: str, score: Score = IN_D) -> tuple[Score, list[Sound]]:
    sounds: list[Sound] = []
    for token in tokens.split():
        score, certain = score.then(token)
        sounds += certain
    return score, sounds


def test_a_note_is_certain_once_another_token_can_no_longer_change_it() -> None:
    score, sounds = grown("A2")
    assert not sounds
    assert [each.pitch for each in score.newest] == [69]
    assert grown("A2 B")[1] == [Sound(score.newest[0].pitch, Fraction(0), Fraction(2))]
    assert grown("A2 |")[1] == score.ended()


def test_what_is_tied_is_one_note() -> None:
    score, sounds = grown("A - | A")
    assert not sounds
    assert [(each.begins, each.ends) for each in score.ended()] == [(Fraction(0), Fraction(2))]


def test_an_accidental_holds_to_the_end_of_the_bar() -> None:
    _, sounds = grown("=f f | f |")
    assert [each.pitch for each in sounds] == [77, 77, 78]


def test_a_bar_line_counts_the_bar_anew_and_not_the_tune() -> None:
    score, _ = grown("A2 B | c")
    assert (score.at, score.in_bar) == (Fraction(4), Fraction(1))


def test_a_field_that_nobody_plays_by_changes_nothing() -> None:
    assert IN_D.with_field("T", "The Title") == IN_D


@pytest.mark.parametrize("token", ["A/0", "(0", "<<<<", "]/0", "#", "^"])
def test_a_token_that_means_nothing_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        grown(f"[ A {token}" if token.startswith("]") else token)


@pytest.mark.parametrize(("name", "value"), [("M", "4"), ("L", "1/0"), ("K", "H#"), ("Q", "1/0=120")])
def test_a_field_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(TokenError, match=value):
        IN_D.with_field(name, value)
