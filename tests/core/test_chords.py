"""Which chord sounds, and which is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.chords import QUALITIES, Chord, chord_meant_by, chord_of
from antiphon.core.units import Pitch


def keys(*pitches: int) -> frozenset[Pitch]:
    return frozenset(map(Pitch, pitches))


@pytest.mark.parametrize(
    ("pitches", "name"),
    [
        ((60, 64, 67), "C"),
        ((64, 67, 72), "C"),
        ((57, 60, 64, 69), "Am"),
        ((55, 59, 62, 65), "G7"),
        ((57, 60, 64, 67), "Am7"),
        ((48, 57, 64, 67), "C6"),
        ((62, 67, 69), "Dsus4"),
    ],
)
def test_a_chord_is_known_in_any_position_and_the_bass_decides_where_two_sound_the_same(
    pitches: tuple[int, ...], name: str
) -> None:
    chord = chord_of(keys(*pitches))
    assert chord is not None
    assert chord.name == name


def test_what_is_no_chord_is_none() -> None:
    assert chord_of(keys()) is None
    assert chord_of(keys(60, 61, 62)) is None
    assert chord_of(keys(60, 67)) is None


@pytest.mark.parametrize(
    ("pitches", "name"),
    [((48,), "C"), ((48, 51), "Cm"), ((48, 55), "C"), ((50, 60), "D7"), ((48, 52, 55), "C"), ((53, 57), "F")],
)
def test_a_left_hand_needs_few_keys(pitches: tuple[int, ...], name: str) -> None:
    chord = chord_meant_by(keys(*pitches))
    assert chord is not None
    assert chord.name == name


def test_a_left_hand_that_means_nothing_means_none() -> None:
    assert chord_meant_by(keys()) is None
    assert chord_meant_by(keys(48, 49, 50)) is None


@given(st.integers(0, 11), st.sampled_from(sorted(QUALITIES)), st.integers(2, 6))
def test_a_chord_that_is_played_upwards_from_its_root_sounds_like_itself(
    root: int, quality: str, octave: int
) -> None:
    chord = Chord(root, quality)
    played = keys(*(12 * octave + root + semitones for semitones in QUALITIES[quality]))
    found = chord_of(played)
    assert found is not None
    assert found.pitch_classes == chord.pitch_classes
    assert found.root == root
