"""Books of tunes in ABC notation, taken apart and turned into MIDI files."""

import pytest

from missing import ABC2MIDI, TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from symusic import Score

from antiphon_models.notes.abc_tunes import as_midi_files, has_one_voice, is_abc2midi_there, tunes_of

TUNE = b"X:1\nT:up\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|\n"

needs_abc2midi = pytest.mark.skipif(not is_abc2midi_there(), reason=ABC2MIDI)


def test_a_book_is_taken_apart_at_every_number() -> None:
    assert tunes_of(TUNE + b"\n" + TUNE) == [TUNE + b"\n", TUNE]
    assert tunes_of(b"no tune at all\n") == []


def test_fields_before_the_first_tune_count_for_each_and_text_does_not() -> None:
    tunes = tunes_of(b"A book\n%%MIDI program 1\nL:1/4\n\nX:1\nK:C\nCDEF|\nX:2\nK:D\nDEFG|\n")
    assert tunes == [
        b"X:1\n%%MIDI program 1\nL:1/4\nK:C\nCDEF|\n",
        b"X:2\n%%MIDI program 1\nL:1/4\nK:D\nDEFG|\n",
    ]


@pytest.mark.parametrize("voices", [b"V:1\nCDEF|\nV:2\nC,4|\n", b"[V:1]CDEF|\n[V:2]C,4|\n"])
def test_a_tune_of_several_voices_is_told_from_a_melody(voices: bytes) -> None:
    assert has_one_voice(TUNE)
    assert not has_one_voice(TUNE + voices)


@needs_abc2midi
def test_each_tune_becomes_a_file_and_one_without_music_costs_only_itself() -> None:
    notes = [
        len(Score(str(path)).tracks[0].notes) if path else None
        for path in as_midi_files([TUNE, b"X:1\nT:nothing\n", b"X:1\xff\x00\n", TUNE])
    ]
    assert notes[0] == notes[3] == 8
    assert notes[1] is notes[2] is None


@needs_abc2midi
def test_a_length_before_the_first_tune_is_heard() -> None:
    for path in as_midi_files(tunes_of(b"L:1/2\nX:1\nK:C\nCDEF|\n")):
        assert path is not None
        assert Score(str(path)).tracks[0].notes[0].duration > 900
