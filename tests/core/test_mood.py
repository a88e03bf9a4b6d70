"""What a mood makes of music."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.guide import UNGUIDED, Guide
from antiphon.core.keys import Key
from antiphon.core.mood import (
    DENSITIES,
    FASTEST,
    LOUDNESSES,
    MODAL,
    PLACES,
    REGISTERS,
    coloured,
    in_mode,
    is_modal,
    moved,
)
from antiphon.core.mood_phrases import Mood

HEARD = Guide(density=6.0, loudness=60.0, register=64.0)
SIDES = st.floats(-1.0, 1.0)


def test_the_middle_of_the_plane_changes_nothing() -> None:
    same = coloured(HEARD, Mood(0.0, 0.0))
    assert (same.density, same.loudness, same.register) == pytest.approx((6.0, 60.0, 64.0))
    assert (same.tempo, same.lock) == (1.0, 0.0)


def test_out_of_nothing_the_middle_of_the_plane_is_the_middle_of_the_music() -> None:
    middle = coloured(UNGUIDED, Mood(0.0, 0.0))
    assert (middle.density, middle.loudness, middle.register) == (DENSITIES[3], LOUDNESSES[3], REGISTERS[3])


def test_the_corners_are_as_far_as_the_music_goes() -> None:
    assert coloured(HEARD, Mood(0.0, 1.0)).density == pytest.approx(DENSITIES[-1])
    assert coloured(HEARD, Mood(0.0, -1.0)).loudness == pytest.approx(LOUDNESSES[0])
    assert coloured(HEARD, Mood(0.0, 1.0)).tempo == FASTEST
    assert coloured(HEARD, Mood(0.0, -1.0)).tempo == 1 / FASTEST


@given(valence=SIDES, less=SIDES, more=SIDES)
def test_more_roused_is_never_sparser_softer_or_slower(valence: float, less: float, more: float) -> None:
    less, more = sorted((less, more))
    calm, roused = coloured(HEARD, Mood(valence, less)), coloured(HEARD, Mood(valence, more))
    assert calm.density is not None
    assert roused.density is not None
    assert calm.loudness is not None
    assert roused.loudness is not None
    assert roused.density >= calm.density - 1e-9
    assert roused.loudness >= calm.loudness - 1e-9
    assert roused.tempo >= calm.tempo


@given(arousal=SIDES)
def test_pleasant_is_major_and_unpleasant_minor_with_the_notes_that_were_heard(arousal: float) -> None:
    e_minor, g_major = Key(4, is_minor=True), Key(7, is_minor=False)
    assert in_mode(e_minor, Mood(0.5, arousal)) == in_mode(g_major, Mood(0.5, arousal)) == g_major
    assert in_mode(e_minor, Mood(-0.5, arousal)) == in_mode(g_major, Mood(-0.5, arousal)) == e_minor
    assert in_mode(None, Mood(0.5, arousal)).name == "C major"
    assert in_mode(None, Mood(-0.5, arousal)).name == "A minor"


def test_a_little_valence_is_no_reason_to_leave_the_mode() -> None:
    assert not is_modal(Mood(MODAL / 2, 0.0))
    assert is_modal(Mood(MODAL, 0.0))
    assert is_modal(Mood(-MODAL, 0.0))


@given(value=st.floats(0.1, 60.0), towards=SIDES)
def test_what_moves_goes_its_way_and_stays_within_the_music(value: float, towards: float) -> None:
    reached = moved(value, DENSITIES, towards)
    assert DENSITIES[0] <= reached <= DENSITIES[-1]
    if DENSITIES[0] <= value <= DENSITIES[-1]:
        assert (reached - value) * towards >= -1e-9


@pytest.mark.parametrize("values", [DENSITIES, LOUDNESSES, REGISTERS, PLACES])
def test_what_was_read_off_the_music_is_in_order(values: tuple[float, ...]) -> None:
    assert len(values) == len(PLACES)
    assert list(values) == sorted(set(values))
