"""What was played, written down."""

from itertools import pairwise

import pytest

from antiphon.adapters.engines.tunes.reader import Sound, sounds_of
from antiphon.adapters.engines.tunes.transcription import top_line, transcribed
from antiphon.core.engine import MusicEvent
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Velocity

JIG = "X:1\nM:6/8\nL:1/8\nK:D\nA|dfed2A|dfed2A|d2Ad2f|a6|"


def played(sounds: list[Sound], quaver: float, shift: int = 0) -> list[MusicEvent]:
    """Return notes as a player would play them: each let go a little before the next."""
    moments = [(float(each.begins) * quaver, 70, each.pitch + shift) for each in sounds]
    moments += [(float(each.ends) * quaver - 0.02, 0, each.pitch + shift) for each in sounds]
    moments.sort()
    first = [(moments[0][0], 0, 0)]
    return [
        MusicEvent(at - before, Velocity(velocity), Pitch(pitch))
        for (before, _, _), (at, velocity, pitch) in pairwise(first + moments)
    ]


@pytest.mark.parametrize("shift", [0, 12, -12])
def test_a_tune_that_is_played_is_written_as_it_stood(shift: int) -> None:
    phrase = transcribed(played(sounds_of(JIG)[0], 0.2, shift))
    assert phrase is not None
    assert phrase.text == JIG
    assert phrase.beat.quaver == pytest.approx(0.2)
    assert (phrase.shift, phrase.key) == (shift, "D")


def test_a_key_that_nobody_writes_is_written_as_its_neighbour_and_moved_back() -> None:
    phrase = transcribed(played(sounds_of(JIG)[0], 0.2, 4))
    assert phrase is not None
    sounds, _ = sounds_of(phrase.text)
    written = [each.pitch + phrase.shift for each in sounds]
    assert written == [each.pitch + 4 for each in sounds_of(JIG)[0]]


def test_nothing_is_written_of_nothing() -> None:
    assert transcribed(()) is None
    assert transcribed([MusicEvent(1.0, Velocity(0), Pitch(60))]) is None


def test_of_a_chord_the_highest_note_is_melody_and_what_lies_under_it_is_left_out() -> None:
    notes = [
        Note(0.0, 1.0, Pitch(48), Velocity(60)),
        Note(0.01, 0.5, Pitch(72), Velocity(60)),
        Note(0.3, 0.5, Pitch(50), Velocity(60)),
        Note(0.5, 1.0, Pitch(74), Velocity(60)),
    ]
    assert [(note.pitch, note.release) for note in top_line(notes)] == [(72, 0.5), (74, 1.0)]
