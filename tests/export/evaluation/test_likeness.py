"""How passages of music are compared, on music whose likeness is plain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon_export.evaluation.likeness import (
    TOGETHER,
    Key,
    Likeness,
    Passage,
    agreement,
    key_of,
    likeness,
    overlap,
    passage,
    rhythm,
)
from antiphon_models.guide import PITCH_CLASSES

MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
HARMONIC_MINOR_SCALE = (0, 2, 3, 5, 7, 8, 11)

keys = st.builds(Key, st.integers(0, 11), st.booleans())
notes = st.lists(
    st.tuples(st.floats(0.0, 3.0), st.integers(1, 127), st.integers(21, 108)), min_size=1, max_size=30
)


def line(pitches: list[int], apart: float = 0.25, velocity: int = 64) -> Passage:
    """Return one note after another, equally far apart and equally loud."""
    count = len(pitches)
    return passage(np.full(count, apart), np.full(count, velocity), np.array(pitches))


def music(drawn: list[tuple[float, int, int]]) -> Passage:
    dt, velocity, pitch = (np.array(field) for field in zip(*drawn, strict=True))
    return passage(dt, velocity, pitch)


def tones(tonic: int, scale: tuple[int, ...]) -> list[int]:
    """Return a scale upwards, resting on the tonic and the fifth."""
    return [48 + tonic + above for above in (0, *scale, 12, 7, 0, 7, 0)]


@settings(deadline=None)
@given(notes)
def test_music_is_wholly_like_itself(drawn: list[tuple[float, int, int]]) -> None:
    itself = music(drawn)
    found = likeness(itself, itself)
    assert found.pitch_classes == pytest.approx(1.0)
    assert found.rhythm == pytest.approx(1.0 if len(itself) > 1 else 0.0)
    assert (found.key, found.density, found.loudness, found.register) == (1.0, 1.0, 1.0, 0.0)


@settings(deadline=None)
@given(notes, notes)
def test_overlaps_are_shares_and_mutual(
    left: list[tuple[float, int, int]], right: list[tuple[float, int, int]]
) -> None:
    there, back = likeness(music(left), music(right)), likeness(music(right), music(left))
    assert 0.0 <= there.pitch_classes <= 1.0 + 1e-9
    assert 0.0 <= there.rhythm <= 1.0 + 1e-9
    assert there.pitch_classes == pytest.approx(back.pitch_classes)
    assert there.rhythm == pytest.approx(back.rhythm)
    assert there.density * back.density == pytest.approx(1.0)


def test_releases_are_no_onsets_but_take_their_time() -> None:
    found = passage(np.array([0.0, 0.5, 0.5]), np.array([80, 0, 60]), np.array([60, 60, 64]))
    assert found.at.tolist() == [0.0, 1.0]
    assert found.velocity.tolist() == [80, 60]
    assert found.pitch.tolist() == [60, 64]
    assert found.seconds == 1.0


def test_each_side_is_compared_in_its_own_unit() -> None:
    model = line([60, 64, 67, 72], apart=0.5, velocity=40)
    found = likeness(line([72, 76, 79, 84], apart=0.25, velocity=60), model)
    assert found == Likeness(1.0, 0.0, 1.0, 2.0, 1.5, 12.0)


def test_half_the_notes_on_the_same_pitch_classes_are_half_alike() -> None:
    assert likeness(line([60, 62]), line([60, 66])).pitch_classes == pytest.approx(0.5)


def test_a_chord_is_one_kind_of_rhythm_however_it_is_rolled() -> None:
    tight, rolled = line([60, 64, 67], apart=0.0), line([60, 64, 67], apart=TOGETHER * 0.9)
    assert overlap(rhythm(tight), rhythm(rolled)) == 1.0
    assert overlap(rhythm(tight), rhythm(line([60, 64, 67], apart=TOGETHER * 1.1))) == 0.0


def test_a_single_note_has_no_rhythm() -> None:
    assert rhythm(line([60])).sum() == 0.0


@pytest.mark.parametrize("tonic", range(PITCH_CLASSES))
@pytest.mark.parametrize(("scale", "is_minor"), [(MAJOR_SCALE, False), (HARMONIC_MINOR_SCALE, True)])
def test_the_key_of_a_scale_is_found(tonic: int, scale: tuple[int, ...], is_minor: bool) -> None:
    classes = np.bincount(np.array(tones(tonic, scale)) % 12, minlength=12) / len(tones(tonic, scale))
    assert key_of(classes) == Key(tonic, is_minor)


def test_near_keys_agree_in_part() -> None:
    c_major = Key(0, is_minor=False)
    assert agreement(c_major, c_major) == 1.0
    assert agreement(Key(7, is_minor=False), c_major) == agreement(Key(5, is_minor=False), c_major) == 0.5
    assert agreement(Key(9, is_minor=True), c_major) == 0.3
    assert agreement(Key(0, is_minor=True), c_major) == 0.2
    assert agreement(Key(6, is_minor=False), c_major) == agreement(Key(3, is_minor=True), c_major) == 0.0


@settings(deadline=None)
@given(keys, keys)
def test_agreement_is_mutual(key: Key, other: Key) -> None:
    assert agreement(key, other) == agreement(other, key)
