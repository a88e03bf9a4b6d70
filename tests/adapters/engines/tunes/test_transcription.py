"""What was played, written down."""

from itertools import pairwise

import pytest

from antiphon.adapters.engines.tunes.reader import sounds_of
from antiphon.adapters.engines.tunes.score import Sound
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


def test_what_lies_beyond_any_tune_is_written_in_another_octave() -> None:
    lowest_and_highest = [
        MusicEvent(0.2, Velocity(80 * (at % 2 == 0)), Pitch(127 * (at % 4 < 2))) for at in range(16)
    ]
    phrase = transcribed(lowest_and_highest)
    assert phrase is not None
    assert all(48 <= each.pitch <= 91 for each in sounds_of(phrase.text)[0])


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
