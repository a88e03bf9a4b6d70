"""How much weight a chord has in the beat: loud, low and full ones mark it. It knows no time."""

from antiphon.core.units import Pitch, Velocity

OCTAVE = 12

OF_THE_BASS = 0.5
"""Weight of an octave below where the music lies as a rule."""

LOWEST_COUNTED = 2.0
"""Octaves below that, from where lower ones count no more."""

OF_A_NOTE = 0.2
"""Weight of each further note of a chord."""

ADAPTING = 0.05
"""How quickly it follows how loud and high the music is."""


class Accents:
    """Weighs chords against what came before them."""

    def __init__(self) -> None:
        self._loudness = 64.0
        self._height = 60.0

    def weigh(self, notes: list[tuple[Pitch, Velocity]]) -> float:
        """Return the weight of notes that were struck together, about 1 for one of usual loudness."""
        loudest = max(velocity for _, velocity in notes)
        depth = (self._height - min(pitch for pitch, _ in notes)) / OCTAVE
        weight = (
            loudest / self._loudness
            + OF_THE_BASS * min(max(depth, 0.0), LOWEST_COUNTED)
            + OF_A_NOTE * (len(notes) - 1)
        )
        self._adapt(loudest, sum(pitch for pitch, _ in notes) / len(notes))
        return weight

    def _adapt(self, loudness: float, height: float) -> None:
        self._loudness += ADAPTING * (loudness - self._loudness)
        self._height += ADAPTING * (height - self._height)
