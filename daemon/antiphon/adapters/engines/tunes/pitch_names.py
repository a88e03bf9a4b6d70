"""Which pitches letters and signs stand for, in ABC as in chord symbols."""

MIDDLE_C = 60
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""Of each letter above C."""

SIGNS = {"": 0, "#": 1, "b": -1}


def pitch_class(name: str) -> int:
    """Return the semitones of a name such as ``F#`` above C; ``Cb`` lies one below."""
    return SEMITONES[name[0]] + SIGNS[name[1:]]
