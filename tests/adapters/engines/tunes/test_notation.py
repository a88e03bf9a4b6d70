"""Notes written as ABC, and read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.tunes.notation import Written, abc_key, bars_of, spelt_pitch
from antiphon.adapters.engines.tunes.reader import sounds_of
from antiphon.adapters.engines.tunes.scribe import header

NOTES = st.lists(
    st.tuples(st.integers(40, 90), st.integers(1, 9), st.integers(0, 2)), min_size=1, max_size=12
)


@given(told=NOTES, key=st.sampled_from(["C", "D", "Bb", "F#m", "Gm", "A", "Eb"]), upbeat=st.integers(0, 5))
@settings(deadline=None)
def test_what_is_written_is_read_back(told: list[tuple[int, int, int]], key: str, upbeat: int) -> None:
    at, notes = 0, []
    for pitch, length, rest in told:
        notes.append(Written(pitch, at, at + length))
        at += length + rest
    sounds, _ = sounds_of(header("6/8", key) + bars_of(notes, key, 12, upbeat) + "\n")
    assert [(int(each.pitch), int(each.begins * 2), int(each.ends * 2)) for each in sounds] == [
        (note.pitch, note.begins, note.ends) for note in notes
    ]


def test_an_accidental_is_written_once_in_a_bar_and_taken_back() -> None:
    in_bar: dict[str, int] = {}
    assert [spelt_pitch(pitch, 2, in_bar) for pitch in (77, 77, 78, 66)] == ["=f", "f", "^f", "F"]


@pytest.mark.parametrize(
    ("told", "key"),
    [("D major", "D"), ("F# minor", "F#m"), ("A# major", "Bb"), ("Em", "Em"), ("A mix", "Amix")],
)
def test_keys_have_their_name_in_abc(told: str, key: str) -> None:
    assert abc_key(told) == key
