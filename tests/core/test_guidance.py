"""Where a guide comes from: what was heard, a mood, and the settings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.guidance import guide_after, mode_wanted
from antiphon.core.guide import USUAL_LOUDNESS, Guide, Impression
from antiphon.core.keys import Key, key_named, scale_in
from antiphon.core.mood import FASTEST, LOCK
from antiphon.core.units import Pitch, Velocity
from default_settings import settings

IN_C = (60, 64, 67, 72, 65, 69, 62, 71)


def impression_of(*pitches: int, velocity: int = 70) -> Impression:
    impression = Impression()
    for index, pitch in enumerate(pitches):
        impression.hear(Pitch(pitch), Velocity(velocity), index * 0.25)
    return impression


def guide(impression: Impression, mood: str = "none", **wanted: Any) -> Guide:
    return guide_after(impression, settings(play={"mood": mood}, guide=wanted))


def scale_of(impression: Impression, **wanted: Any) -> set[int]:
    return set(guide(impression, lock=1.0, **wanted).scale or ())


def test_where_nothing_is_wished_for_it_is_more_of_the_same() -> None:
    heard = impression_of(*IN_C)
    found = guide(heard)
    assert (found.density, found.loudness, found.register) == (4.0, 70.0, 66.25)
    assert found.pitch_classes == heard.guide().pitch_classes
    assert (found.tempo, found.louder, found.lock) == (1.0, 0, 0.0)


def test_settings_go_before_what_was_heard_and_can_leave_the_music_free() -> None:
    for impression in (impression_of(*range(60, 72)), Impression()):
        found = guide(impression, density=2.0, loudness=-1, register=48, key="free")
        assert (found.density, found.loudness, found.register) == (2.0, None, 48)
        assert found.pitch_classes is None
        assert found.scale is None
        assert found.louder == 0


def test_another_loudness_is_added_to_what_the_engine_plays() -> None:
    assert guide(impression_of(*IN_C), loudness=50.0).louder == -20
    assert guide(Impression(), loudness=50.0).louder == round(50 - USUAL_LOUDNESS)


def test_a_mood_goes_before_what_was_heard_and_settings_before_the_mood() -> None:
    heard = impression_of(*IN_C)
    furious = guide(heard, "furious")
    assert furious.density is not None
    assert furious.density > 4.0
    assert furious.louder > 0
    assert furious.tempo > 1.0
    assert furious.pitch_classes == Key(9, is_minor=True).shares
    held = guide(heard, "furious", density=3.0, loudness=70.0, register=60.0, key="D major")
    assert (held.density, held.loudness, held.register, held.louder) == (3.0, 70.0, 60.0, 0)
    assert held.pitch_classes == Key(2, is_minor=False).shares


@pytest.mark.parametrize(("mood", "key"), [("sad", "A minor"), ("joyful", "C major")])
def test_a_mood_keeps_the_notes_and_chooses_the_mode(mood: str, key: str) -> None:
    for pitches in ((57, 60, 64, 57, 60, 64, 69, 57), IN_C):
        found, named = guide(impression_of(*pitches), mood), key_named(key)
        assert named is not None
        assert found.pitch_classes == named.shares
        assert found.scale == scale_in(named, "key")
        assert 0.0 < found.lock <= LOCK


def test_a_mood_that_is_neither_pleasant_nor_unpleasant_keeps_the_mode() -> None:
    heard = impression_of(*IN_C)
    found = guide(heard, "0, 1")
    assert found.pitch_classes == heard.guide().pitch_classes
    assert found.lock == 0.0
    assert found.tempo == FASTEST


def test_the_scale_is_that_of_the_key_unless_another_is_named() -> None:
    heard = impression_of(*IN_C)
    assert scale_of(heard) == {0, 2, 4, 5, 7, 9, 11}
    assert scale_of(heard, scale="blues") == {0, 3, 5, 6, 7, 10}
    assert scale_of(heard, scale="dorian", key="D minor") == {2, 4, 5, 7, 9, 11, 0}


def test_one_note_is_enough_to_be_locked_to_and_none_is_not() -> None:
    assert scale_of(impression_of(62)) == {2, 4, 6, 7, 9, 11, 1}
    assert guide(Impression(), lock=1.0).scale is None
    assert scale_of(Impression(), key="D minor") == {2, 4, 5, 7, 9, 10, 0}


def test_the_mode_is_for_the_mood_to_say_where_it_says_one_and_no_key_is_set() -> None:
    assert mode_wanted(settings(play={"mood": "sad"})) == "minor"
    assert mode_wanted(settings(play={"mood": "joyful"})) == "major"
    assert mode_wanted(settings(play={"mood": "0, 1"})) is None
    assert mode_wanted(settings()) is None
    assert mode_wanted(settings(play={"mood": "sad"}, guide={"key": "D major"})) is None


@given(
    valence=st.floats(-1, 1),
    arousal=st.floats(-1, 1),
    velocity=st.integers(1, 127),
    tempo=st.floats(0.25, 4.0),
    lock=st.floats(0, 1),
)
def test_whatever_the_mood_and_the_settings_the_guide_is_within_the_range_of_music(
    valence: float, arousal: float, velocity: int, tempo: float, lock: float
) -> None:
    found = guide(impression_of(*IN_C, velocity=velocity), f"{valence:f},{arousal:f}", tempo=tempo, lock=lock)
    assert found.density is not None
    assert found.loudness is not None
    assert 0.0 < found.density <= 40.0
    assert 1.0 <= found.loudness <= 127.0
    assert 0.1 <= found.tempo <= 6.0
    assert lock <= found.lock <= 1.0
