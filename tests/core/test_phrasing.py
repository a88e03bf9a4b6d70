"""How a phrase broke off, and how its player rests."""

import pytest

from antiphon.core.keys import key_named
from antiphon.core.phrasing import RESTS, Phrasing, slowing
from antiphon.core.units import Pitch, Velocity

C_MAJOR = key_named("C major")


def strike(phrasing: Phrasing, at: float, *pitches: int, velocity: int = 60) -> None:
    for pitch in pitches:
        phrasing.strike(Pitch(pitch), Velocity(velocity), at)


def test_there_is_no_close_before_anything_was_played_nor_while_something_is_held() -> None:
    phrasing = Phrasing()
    phrasing.rest(0.0)
    assert phrasing.close(C_MAJOR, ()) is None
    strike(phrasing, 1.0, 60)
    assert phrasing.close(C_MAJOR, ()) is None
    phrasing.rest(1.5)
    assert phrasing.close(C_MAJOR, ()) is not None


@pytest.mark.parametrize(("chord", "home"), [((48, 64, 67), True), ((48, 65), False), ((50,), False)])
def test_a_phrase_ends_at_home_with_nothing_but_the_chord_on_the_tonic(
    chord: tuple[int, ...], home: bool
) -> None:
    phrasing = Phrasing()
    strike(phrasing, 0.0, 62)
    strike(phrasing, 1.0, *chord)
    phrasing.rest(1.8)
    close = phrasing.close(C_MAJOR, ())
    assert close is not None
    assert close.home is home
    assert close.held == pytest.approx(0.8)
    nowhere = phrasing.close(None, ())
    assert nowhere is not None
    assert not nowhere.home


def test_the_last_chord_is_held_against_the_notes_of_late() -> None:
    phrasing = Phrasing()
    for number in range(8):
        strike(phrasing, 0.3 * number, 60 + number, velocity=50)
    strike(phrasing, 3.0, 48, velocity=40)
    strike(phrasing, 3.01, 60, velocity=90)
    phrasing.rest(4.0)
    close = phrasing.close(C_MAJOR, ())
    assert close is not None
    assert close.accent == pytest.approx(90 - (8 * 50 + 40 + 90) / 10)


def test_the_last_rests_are_remembered_but_neither_gaps_between_notes_nor_ends() -> None:
    phrasing, now = Phrasing(), 0.0
    for silence in (*[0.3] * RESTS, 0.05, 0.9, 2.5, 0.5):
        strike(phrasing, now, 60)
        phrasing.rest(now + 0.2)
        phrasing.rest(now + 0.21)
        now += 0.2 + silence
    strike(phrasing, now, 60)
    phrasing.rest(now + 0.2)
    close = phrasing.close(None, ())
    assert close is not None
    assert list(close.rests) == pytest.approx([0.3] * (RESTS - 2) + [0.5, 0.9])


def test_the_pedal_ends_a_silence_as_a_key_does() -> None:
    phrasing = Phrasing()
    strike(phrasing, 0.0, 60)
    phrasing.rest(0.5)
    phrasing.stir(1.0)
    phrasing.rest(3.0)
    close = phrasing.close(None, ())
    assert close is not None
    assert list(close.rests) == [0.5]


def test_the_music_slows_down_where_the_last_intervals_are_longer_than_usual() -> None:
    assert slowing([0.2] * 9 + [0.4, 0.4, 0.4]) == pytest.approx(2.0)
    assert slowing([0.2] * 9 + [0.1] * 3) == pytest.approx(0.5)
    assert slowing([]) == 1.0
