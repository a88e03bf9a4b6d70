"""Where bars begin, heard from which beats are marked. It knows numbers of beats, and no time."""

from antiphon.core.midi_clock import USUAL_BAR

LENGTHS = (4, 3)
"""Beats of the bars that are told apart; one of 2 is heard as half of 4."""

_CYCLE = 12
"""Beats after which all of them begin anew."""

FADE = 0.96
"""What is left of a mark after each beat."""

ON_THE_BEAT = 0.15
"""Beats within which a chord is on the beat, rather than between two."""

CLEARLY = 1.1
"""How many times more a bar of three has to stand out than the usual one."""


class Bars:
    """Counts how strongly each beat of a cycle is marked."""

    def __init__(self) -> None:
        self._marks = [0.0] * _CYCLE
        self._beats = [0.0] * _CYCLE
        self._number = -1

    def mark(self, number: int, weight: float, off: float) -> None:
        """Take in a chord ``off`` beats beside the beat of that number, which is no lower than the last."""
        self._count_to(number)
        if off < ON_THE_BEAT:
            # One that stands out says more than several that do not.
            self._marks[number % _CYCLE] += weight**2

    def _count_to(self, number: int) -> None:
        for beat in range(max(self._number, number - _CYCLE) + 1, number + 1):
            self._marks = [mark * FADE for mark in self._marks]
            self._beats = [beats * FADE for beats in self._beats]
            self._beats[beat % _CYCLE] += 1.0
        self._number = max(self._number, number)

    def heard(self, length: int = 0) -> tuple[int, int]:
        """Return how many beats a bar has, and a beat on which one begins.

        Args:
            length: where it is known; 0 where it is to be heard.
        """
        if length == 0:
            three, usual = self._contrast(3), self._contrast(USUAL_BAR)
            length = 3 if three > CLEARLY * usual else USUAL_BAR
        folded = self._folded(length)
        return length, folded.index(max(folded))

    def _folded(self, length: int) -> list[float]:
        """Return how strongly each beat of a bar is marked, on average."""
        return [
            sum(self._marks[beat::length]) / (sum(self._beats[beat::length]) or 1.0) for beat in range(length)
        ]

    def _contrast(self, length: int) -> float:
        """Return by how much the strongest beat of a bar is marked above their mean."""
        folded = self._folded(length)
        mean = sum(folded) / length
        return max(folded) / mean if mean else 0.0
