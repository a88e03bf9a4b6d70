"""Notes as frames and back."""

from hypothesis import given
from hypothesis import strategies as st

from antiphon_models.rbm.frames import GridNote, folded, frames_of, notes_of
from antiphon_models.rbm.spec import HELD, STRUCK, RbmSpec

SPEC = RbmSpec()
STEPS = 24
notes = st.lists(
    st.builds(
        lambda begins, lasts, key: GridNote(begins, begins + lasts, key + SPEC.lowest),
        st.integers(0, STEPS - 1),
        st.integers(1, 10),
        st.integers(0, SPEC.keys - 1),
    ),
    max_size=30,
).map(sorted)


@given(notes)
def test_frames_are_music_and_hold_every_onset(played: list[GridNote]) -> None:
    frames = frames_of(played, STEPS, 0, SPEC)
    struck, held = frames[:, STRUCK], frames[:, HELD]
    assert not (struck & held).any()
    assert not (held[1:] & ~(struck | held)[:-1]).any()
    assert all(struck[note.begins, note.pitch - SPEC.lowest] for note in played)


@given(notes)
def test_the_notes_of_frames_make_the_same_frames(played: list[GridNote]) -> None:
    frames = frames_of(played, STEPS, 0, SPEC)
    again = [GridNote(begins, ends, key + SPEC.lowest) for begins, ends, key in notes_of(frames)]
    assert (frames_of(again, STEPS, 0, SPEC) == frames).all()


def test_a_note_from_before_is_held_and_one_that_is_struck_again_begins_anew() -> None:
    frames = frames_of([GridNote(-3, 2, 60), GridNote(3, 8, 60), GridNote(5, 7, 60)], 10, 0, SPEC)
    assert [(note.begins, note.ends) for note in notes_of(frames)] == [(-1, 2), (3, 5), (5, 8)]


def test_what_is_held_without_having_sounded_is_no_note() -> None:
    frames = frames_of([GridNote(0, 2, 60)], 10, 0, SPEC)
    frames[5:8, HELD, 3] = True
    assert [note.pitch for note in notes_of(frames)] == [60 - SPEC.lowest]


@given(st.integers(0, 127), st.integers(-6, 5))
def test_a_pitch_beyond_the_range_is_heard_in_the_nearest_octave(pitch: int, home: int) -> None:
    key = folded(pitch + home, SPEC)
    assert 0 <= key < SPEC.keys
    assert (key + SPEC.lowest - pitch - home) % 12 == 0
    if 0 <= pitch + home - SPEC.lowest < SPEC.keys:
        assert key == pitch + home - SPEC.lowest
