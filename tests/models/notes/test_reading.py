"""What becomes of one file: pieces, or a reason for each that is none."""

import os
from pathlib import Path

import pytest

from midi_fixtures import note_off, note_on, write_scale, write_tracks
from missing import ABC2MIDI, TRAINING
from small_corpus import write_piece

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.notes.abc_tunes import is_abc2midi_there
from antiphon_models.notes.pieces import FIRST, SECOND, UNSET
from antiphon_models.notes.reading import (
    FEWEST_NOTES,
    LARGEST_BYTES,
    NO_ABC2MIDI,
    UNOPENED,
    Read,
    Refused,
    read_file,
)

TUNE = b"""X:%d\nT:up and down\nM:4/4\nL:1/8\nK:C\n"C"cdef gabc'|"G"c'bag fedc|\n"""


def read(path: Path) -> list[Read | Refused]:
    return list(read_file(os.fsencode(path)))


def reason(path: Path) -> str:
    [refused] = read(path)
    assert isinstance(refused, Refused)
    return refused.reason


def test_a_midi_file_is_one_piece(tmp_path: Path) -> None:
    [found] = read(write_piece(tmp_path / "a.mid", seed=1))
    assert isinstance(found, Read)
    assert (len(found.piece), found.tune) == (80, 0)


def test_a_piece_has_to_be_long_enough(tmp_path: Path) -> None:
    short = write_scale(tmp_path / "short.mid", range(60, 60 + FEWEST_NOTES - 1))
    assert read(short) == [Refused("fewer than 16 notes", "15")]
    [found] = read(write_scale(tmp_path / "enough.mid", range(60, 60 + FEWEST_NOTES)))
    assert isinstance(found, Read)


def test_what_cannot_be_learnt_from_is_refused_with_a_reason(tmp_path: Path) -> None:
    drums = [note_on(36, channel=9), note_off(36, 480, channel=9)]
    assert reason(write_tracks(tmp_path / "drums.mid", drums)) == "percussion only"
    assert reason(write_tracks(tmp_path / "silence.mid", [])) == "no notes"
    (tmp_path / "text.mid").write_bytes(b"a song")
    assert reason(tmp_path / "text.mid") == "not a readable MIDI file"
    (tmp_path / "empty.mid").touch()
    assert reason(tmp_path / "empty.mid") == "not a readable MIDI file"
    assert reason(tmp_path / "gone.mid") == UNOPENED


def test_a_file_that_is_far_too_large_is_not_even_opened(tmp_path: Path) -> None:
    with (tmp_path / "huge.mid").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    assert reason(tmp_path / "huge.mid") == "larger than 16 MB"


@pytest.mark.skipif(not is_abc2midi_there(), reason=ABC2MIDI)
def test_each_tune_of_a_book_is_a_piece_on_the_grid_with_its_chords_as_second_part(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_bytes(TUNE % 7 + b"\nX:8\nT:short\nK:C\nCDEF|\n\n" + TUNE % 7)
    first, short, last = read(tmp_path / "book.abc")
    assert isinstance(first, Read)
    assert isinstance(last, Read)
    assert (first.tune, short.tune, last.tune) == (1, 2, 3)
    assert isinstance(short, Refused)
    assert short.reason == "fewer than 16 notes"
    assert first.piece.is_gridded
    assert set(first.piece.part.tolist()) == {FIRST, SECOND}
    melody = first.piece.pitch[(first.piece.part == FIRST) & (first.piece.velocity > 0)].tolist()
    assert melody == [72, 74, 76, 77, 79, 81, 83, 84, 84, 83, 81, 79, 77, 76, 74, 72]


@pytest.mark.skipif(not is_abc2midi_there(), reason=ABC2MIDI)
def test_of_a_melody_alone_there_are_no_parts(tmp_path: Path) -> None:
    (tmp_path / "tune.abc").write_bytes((TUNE % 1).replace(b'"C"', b"").replace(b'"G"', b""))
    [found] = read(tmp_path / "tune.abc")
    assert isinstance(found, Read)
    assert set(found.piece.part.tolist()) == {UNSET}


@pytest.mark.skipif(not is_abc2midi_there(), reason=ABC2MIDI)
def test_a_book_without_tunes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.abc").write_text("dear reader\n")
    assert reason(tmp_path / "letter.abc") == "no tunes"


@pytest.mark.skipif(is_abc2midi_there(), reason="abc2midi is installed")
def test_without_abc2midi_a_book_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_bytes(TUNE % 1)
    assert reason(tmp_path / "book.abc") == NO_ABC2MIDI
