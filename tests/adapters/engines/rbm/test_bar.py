"""How what was heard lies in a bar, and how what is drawn there becomes notes."""

import numpy as np
import pytest

from antiphon.adapters.engines.foreseen import ForeseenNote
from antiphon.adapters.engines.rbm.bar import Grid, grid_at, notes_to_come
from antiphon.adapters.engines.rbm.heard import Heard
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon_models.rbm.spec import HELD, STRUCK, RbmSpec

SPEC = RbmSpec(hidden=1)
GIVEN, STEP = 11, 0.125
LOUD = Velocity(80)


def melody(pitches: list[int], apart: float = 0.25, lasts: float = 0.25) -> Heard:
    heard = Heard()
    for number, pitch in enumerate(pitches):
        heard = heard.after(MusicEvent(apart - lasts if number else 0.0, LOUD, Pitch(pitch)))
        heard = heard.after(MusicEvent(lasts, Velocity(0), Pitch(pitch)))
    return heard


def at_home(begins: float = 0.0) -> Grid:
    return Grid(SPEC, GIVEN, STEP, begins, cut=0.0, home=0)


def test_a_melody_lies_in_the_steps_before_those_to_come() -> None:
    heard = melody([60, 62, 64, 65, 67, 65, 64, 62])
    grid = grid_at(heard, heard.clock, GIVEN, SPEC)
    assert grid.step == pytest.approx(STEP, rel=0.02)
    assert grid.begins == pytest.approx(heard.clock, abs=0.02)
    frames = grid.frames_of(heard.notes)
    strikes = [(step, grid.pitch_of(key)) for step, key in np.argwhere(frames[:, STRUCK]).tolist()]
    assert strikes == [(1, 65), (3, 67), (5, 65), (7, 64), (9, 62)]
    assert frames[10, HELD, grid.key_of(Pitch(62))]
    assert not frames[GIVEN:].any()


def test_whole_beats_of_silence_are_left_out() -> None:
    heard = melody([60, 62, 64, 65, 67, 65, 64, 62])
    at_once = grid_at(heard, heard.clock, GIVEN, SPEC)
    later = grid_at(heard, heard.clock + 8 * at_once.step, GIVEN, SPEC)
    assert later.begins == pytest.approx(at_once.begins + 8 * at_once.step)
    assert (later.frames_of(heard.notes) == at_once.frames_of(heard.notes)).all()


def test_a_note_that_is_being_played_lies_in_the_first_step_to_come() -> None:
    heard = melody([60, 62, 64, 65]).after(MusicEvent(0.0, LOUD, Pitch(67)))
    grid = grid_at(heard, heard.clock, GIVEN, SPEC)
    assert grid.begins == heard.clock
    assert grid.frames_of(heard.notes)[GIVEN, STRUCK, grid.key_of(Pitch(67))]


def test_what_is_drawn_becomes_notes_in_seconds_from_now() -> None:
    frames = np.zeros((SPEC.steps, 2, SPEC.keys), np.bool_)
    frames[GIVEN + 1, STRUCK, 10] = frames[GIVEN + 2, HELD, 10] = True
    frames[GIVEN + 3, STRUCK, 20] = True
    notes = notes_to_come(frames, at_home(5.0), {}, set(), 4.875, LOUD)
    assert notes == [
        ForeseenNote(Pitch(43), LOUD, 0.25, 0.5),
        ForeseenNote(Pitch(53), LOUD, 0.5, None),
    ]


def test_what_sounds_goes_on_as_long_as_it_is_held_and_else_ends_at_once() -> None:
    frames = np.zeros((SPEC.steps, 2, SPEC.keys), np.bool_)
    frames[GIVEN : GIVEN + 2, HELD, 10] = True
    sounding = {10: Pitch(43), 11: Pitch(44)}
    assert notes_to_come(frames, at_home(), sounding, set(), 0.0, LOUD) == [
        ForeseenNote(Pitch(43), LOUD, None, 0.25),
        ForeseenNote(Pitch(44), LOUD, None, 0.0),
    ]


def test_a_key_that_was_struck_by_the_player_is_not_struck_again() -> None:
    frames = np.zeros((SPEC.steps, 2, SPEC.keys), np.bool_)
    frames[GIVEN, STRUCK, 10] = True
    assert notes_to_come(frames, at_home(), {}, {10}, 0.0, LOUD) == []


def test_nothing_heard_is_an_empty_bar_that_begins_at_once() -> None:
    grid = grid_at(Heard(), 3.0, GIVEN, SPEC)
    assert (grid.begins, grid.home, grid.cut) == (3.0, 0, 0.0)
    assert not grid.frames_of(()).any()
