"""Chord symbols: what they sound as, and how they are written."""

import random

from antiphon.adapters.engines.tunes.chord_symbols import chord_pitches, further


def test_a_symbol_has_its_bass_below() -> None:
    bass, *chord = chord_pitches("D/F#")
    assert bass % 12 == 6
    assert bass < min(chord)
    assert {pitch % 12 for pitch in chord} == {2, 6, 9}
    assert {pitch % 12 for pitch in chord_pitches("Am7")} == {9, 0, 4, 7}
    assert chord_pitches("slowly") == ()


def test_a_kind_that_nobody_knows_is_the_triad() -> None:
    assert chord_pitches("Amadd9") == chord_pitches("Am")
    assert chord_pitches("Cmaj11") == chord_pitches("C")


def test_whatever_is_drawn_is_a_symbol_that_sounds() -> None:
    dice = random.Random(1)
    for _ in range(200):
        symbol = ""
        while (drawn := dice.choice(sorted(further(symbol)))) != '"':
            symbol += drawn
        assert chord_pitches(symbol)


def test_what_has_begun_can_only_become_what_is_written() -> None:
    assert further("Am") == {"7", "6", "/", '"'}
    assert further("D/") == set("ABCDEFG")
    assert further("D/F#") == {'"'}
