"""What is remembered of what was heard."""

import math

from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.engines.rbm.heard import REMEMBERED, Heard
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity

events = st.lists(
    st.builds(
        MusicEvent,
        dt=st.sampled_from([0.0, 0.1, 0.5]),
        velocity=st.sampled_from([0, 64]).map(Velocity),
        pitch=st.integers(60, 64).map(Pitch),
    ),
    max_size=100,
)


def after(heard: list[MusicEvent]) -> Heard:
    memory = Heard()
    for event in heard:
        memory = memory.after(event)
    return memory


@given(events)
def test_what_sounds_is_what_was_struck_and_not_released(heard: list[MusicEvent]) -> None:
    sounding: set[int] = set()
    for event in heard:
        (sounding.add if event.velocity else sounding.discard)(event.pitch)
    memory = after(heard)
    assert {note.pitch for note in memory.sounding} == sounding
    assert len(memory.sounding) == len(sounding)


@given(events)
def test_notes_are_in_the_order_in_which_they_began_and_end_after_that(heard: list[MusicEvent]) -> None:
    memory = after(heard)
    assert [note.begins for note in memory.notes] == sorted(note.begins for note in memory.notes)
    assert all(note.begins <= note.ends for note in memory.notes)
    assert len(memory.notes) <= REMEMBERED + 5


def test_a_note_is_ended_by_its_release_and_by_its_next_onset() -> None:
    strike = MusicEvent(0.5, Velocity(64), Pitch(60))
    memory = after([strike, strike, MusicEvent(0.25, Velocity(0), Pitch(60))])
    assert [(note.begins, note.ends) for note in memory.notes] == [(0.5, 1.0), (1.0, 1.25)]
    assert after([strike]).notes[0].ends == math.inf


def test_a_note_that_is_held_through_all_others_is_not_forgotten() -> None:
    pedal = MusicEvent(0.0, Velocity(64), Pitch(30))
    others = [MusicEvent(0.1, Velocity(velocity), Pitch(70)) for _ in range(200) for velocity in (64, 0)]
    assert [note.pitch for note in after([pedal, *others]).sounding] == [30]
