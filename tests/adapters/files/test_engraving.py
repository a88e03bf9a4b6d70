"""Music as text, and what a program that reads ABC makes of it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.adapters.files.engraving import GRID, engraved
from antiphon.adapters.files.reading import read_performance
from antiphon.core.keys import Key
from antiphon.core.performance import Note, notes_heard
from antiphon.core.units import Pitch, Velocity
from missing import ABC2MIDI

PITCHES = st.integers(21, 108)
C, A_MINOR = Key(0, is_minor=False), Key(9, is_minor=True)


def note(at: int, pitch: int, length: int = 4) -> Note:
    return Note(at * GRID, (at + length) * GRID, Pitch(pitch), Velocity(80))


def body(*notes: Note, key: Key = C) -> str:
    return engraved(notes, key=key).split("K:")[1].partition("\n")[2]


def test_a_tune_begins_with_what_programs_need_to_know() -> None:
    assert engraved([note(0, 60)], "a title", A_MINOR) == (
        "X:1\nT:a title\nM:none\nL:1/32\nQ:1/4=120\nK:Am\nC4|]\n"
    )


def test_notes_chords_and_rests_stand_one_after_the_other() -> None:
    assert body(note(0, 60), note(0, 64), note(4, 67, 1), note(8, 72, 2)) == "[CE]4 G z3 c2|]\n"


def test_a_note_is_written_until_the_next_begins() -> None:
    assert body(note(2, 60, 100), note(4, 62, 2)) == "z2 C2 D2|]\n"


def test_octaves_have_their_marks() -> None:
    assert body(*(note(4 * index, 24 + 12 * index) for index in range(6))) == "C,,,4 C,,4 C,4 C4 c4 c'4|]\n"


def test_an_accidental_is_written_where_the_signature_has_it_not_and_then_always() -> None:
    line = [note(4 * index, pitch) for index, pitch in enumerate((65, 66, 65, 78, 67))]
    assert body(*line) == "F4 ^F4 =F4 ^f4 G4|]\n"
    assert body(*line, key=Key(7, is_minor=False)) == "=F4 ^F4 =F4 ^f4 G4|]\n"
    assert body(note(0, 70), note(4, 71), key=Key(5, is_minor=False)) == "B4 =B4|]\n"


@pytest.mark.parametrize(
    ("tonic", "major", "minor"), [(0, "C", "Cm"), (1, "Db", "C#m"), (3, "Eb", "D#m"), (6, "F#", "F#m")]
)
def test_a_key_has_its_usual_name(tonic: int, major: str, minor: str) -> None:
    assert f"K:{major}\n" in engraved([note(0, 60)], key=Key(tonic, is_minor=False))
    assert f"K:{minor}\n" in engraved([note(0, 60)], key=Key(tonic, is_minor=True))


def test_without_a_key_it_is_that_of_the_notes_and_of_no_notes_c() -> None:
    assert "K:G\n" in engraved([note(4 * i, p) for i, p in enumerate((67, 69, 71, 74, 67, 66, 67))])
    assert engraved([]).endswith("K:C\n|]\n")


@pytest.mark.skipif(shutil.which("abc2midi") is None, reason=ABC2MIDI)
@given(
    chords=st.lists(
        st.tuples(st.integers(1, 12), st.sets(PITCHES, min_size=1, max_size=4), st.integers(1, 16)),
        min_size=1,
        max_size=40,
    ),
    key=st.builds(Key, st.integers(0, 11), st.booleans()),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_abc2midi_reads_every_onset_of_it(
    tmp_path: Path, chords: list[tuple[int, set[int], int]], key: Key
) -> None:
    at, notes = 0, list[Note]()
    for wait, pitches, length in chords:
        notes += [note(at, pitch, length) for pitch in sorted(pitches)]
        at += wait
    (tmp_path / "tune.abc").write_text(engraved(notes, key=key))
    files = [str(tmp_path / "tune.abc"), "-o", str(tmp_path / "tune.mid")]
    done = subprocess.run(["abc2midi", *files], capture_output=True, text=True, check=True)
    assert "Error" not in done.stdout
    read = notes_heard(read_performance(tmp_path / "tune.mid"))
    began = min(each.onset for each in read)
    # It rolls every chord, by 10 ms from note to note.
    assert sorted((int((each.onset - began) / GRID + 0.1), each.pitch) for each in read) == sorted(
        (round(each.onset / GRID), each.pitch) for each in notes
    )
