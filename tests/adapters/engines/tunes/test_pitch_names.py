"""Names of pitches."""

import pytest

from antiphon.adapters.engines.tunes.pitch_names import pitch_class


@pytest.mark.parametrize(("name", "semitones"), [("C", 0), ("F#", 6), ("Bb", 10), ("Cb", -1), ("B#", 12)])
def test_a_sign_moves_a_letter_by_a_semitone(name: str, semitones: int) -> None:
    assert pitch_class(name) == semitones
