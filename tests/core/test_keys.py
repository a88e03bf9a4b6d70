"""Keys and scales."""

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.keys import SCALES, Key, ScaleName, key_like, key_named, key_of, scale_in
from antiphon.core.settings import Key as KeySetting

KEYS = st.builds(Key, st.integers(0, 11), st.booleans())


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_key_is_its_profile_moved_to_its_tonic(mode: str) -> None:
    in_c, in_d = key_named(f"C {mode}"), key_named(f"D {mode}")
    assert in_c is not None
    assert in_d is not None
    assert max(in_c.shares) == in_c.shares[0]
    assert in_d.shares == (*in_c.shares[-2:], *in_c.shares[:-2])
    assert sum(in_c.shares) == pytest.approx(1.0, abs=0.003)
    third, wrong_third = (4, 3) if mode == "major" else (3, 4)
    assert in_c.shares[third] > in_c.shares[wrong_third]


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_flat_is_the_sharp_below_it(mode: str) -> None:
    for flat, sharp in (("Db", "C#"), ("Eb", "D#"), ("Gb", "F#"), ("Ab", "G#"), ("Bb", "A#"), ("Cb", "B")):
        assert key_named(f"{flat} {mode}") == key_named(f"{sharp} {mode}")


def test_every_key_that_can_be_chosen_is_known() -> None:
    keys = set(typing.get_args(KeySetting)) - {"heard", "free"}
    assert len(keys) == 36
    assert {key_named(key) for key in keys} == {
        Key(tonic, mode) for tonic in range(12) for mode in (True, False)
    }
    assert key_named("free") is None


@pytest.mark.parametrize(
    ("key", "chord"), [("C major", {0, 4, 7}), ("A minor", {9, 0, 4}), ("Bb major", {10, 2, 5})]
)
def test_home_is_the_chord_on_the_tonic(key: str, chord: set[int]) -> None:
    named = key_named(key)
    assert named is not None
    assert named.triad == chord


@given(key=KEYS)
def test_music_of_a_key_is_heard_in_it(key: Key) -> None:
    assert key_of(key.shares) == key


@given(key=KEYS)
def test_a_key_is_known_by_its_name(key: Key) -> None:
    assert key_named(key.name) == key


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("D", "D minor"),
        ("d", "D minor"),
        ("Dm", "D minor"),
        ("Dmaj", "D major"),
        (" F# major ", "F# major"),
        ("f#m", "F# minor"),
        ("Bb minor", "A# minor"),
    ],
)
def test_a_key_may_be_written_in_short(text: str, name: str) -> None:
    key = key_like(text, otherwise="minor")
    assert key is not None
    assert key.name == name


@pytest.mark.parametrize("text", ["", "H", "D dorian", "D##", "major", "D\n\nE"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert key_like(text, otherwise="major") is None


@given(key=KEYS)
def test_relatives_share_their_notes(key: Key) -> None:
    assert key.relative.is_minor != key.is_minor
    assert scale_in(key.relative, "key") == scale_in(key, "key")
    assert key.relative.relative == key


def test_nothing_is_in_no_key() -> None:
    assert key_of(None) is None


def test_even_all_pitches_alike_are_taken_for_some_key() -> None:
    assert key_of((1 / 12,) * 12) is not None


def test_every_scale_that_can_be_chosen_is_known() -> None:
    assert set(typing.get_args(ScaleName)) == {"key", "chord", *SCALES}


@given(key=KEYS, name=st.sampled_from(typing.get_args(ScaleName)))
def test_a_scale_begins_on_its_tonic_and_has_no_pitch_class_twice(key: Key, name: ScaleName) -> None:
    scale = scale_in(key, name)
    assert key.tonic in scale
    assert scale <= set(range(12))
    assert len(scale) == len(SCALES.get(name, range(7)))


@given(key=KEYS)
def test_the_scale_of_a_key_holds_its_chord(key: Key) -> None:
    assert key.triad <= scale_in(key, "key")


def test_the_minor_scale_shares_its_notes_with_the_major_one_a_third_above() -> None:
    assert scale_in(Key(9, is_minor=True), "key") == scale_in(Key(0, is_minor=False), "key")
