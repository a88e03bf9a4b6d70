"""Where notes lie on a canvas of few places, such as a terminal: rows of pitches, columns of time.

Knows nothing of how a place is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from antiphon.core.performance import Note
from antiphon.core.units import Part, Seconds

FEWEST_PITCHES = 12
"""So that a single note is not drawn as large as the canvas."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A place that a note covers; its first place is its onset."""

    part: Part
    onset: bool


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where notes lie: in ``rows`` of ``step`` semitones from ``lowest`` upwards, in columns of time."""

    start: Seconds
    span: Seconds
    columns: int
    lowest: int
    step: int
    rows: int

    def column(self, at: Seconds) -> float:
        return (at - self.start) / self.span * self.columns

    def row(self, pitch: int) -> int:
        return (pitch - self.lowest) // self.step

    def octave_in(self, row: int) -> int | None:
        """Return the C that lies in a row, if one does."""
        first = self.lowest + row * self.step
        octave = ceil(first / 12) * 12
        return octave if octave < first + self.step else None


def canvas_of(notes: Sequence[Note], columns: int, lines: int, rows_per_line: int) -> Canvas:
    """Return the smallest canvas that has room for notes: ``columns`` wide, and at most ``lines`` high.

    Whole rows and lines begin at a multiple of their size, so that C is always the lower of two.
    """
    start = min((note.onset for note in notes), default=0.0)
    end = max((note.release for note in notes), default=1.0)
    lowest = min((note.pitch for note in notes), default=60)
    highest = max((note.pitch for note in notes), default=72)
    missing = max(0, FEWEST_PITCHES - (highest - lowest))
    lowest, highest = lowest - missing // 2, highest + missing // 2
    most = lines * rows_per_line
    step = 1
    while True:
        unit = step * rows_per_line
        bottom = lowest // unit * unit
        rows = ceil((highest + 1 - bottom) / unit) * rows_per_line
        if rows <= most:
            return Canvas(start, max(end - start, 0.001), columns, bottom, step, rows)
        step += 1


def dots_on(canvas: Canvas, parts: dict[Part, Sequence[Note]]) -> dict[tuple[int, int], Dot]:
    """Return what covers each (row, column): onsets hide the rest of notes, the answer the question."""
    dots: dict[tuple[int, int], Dot] = {}
    for part, notes in parts.items():
        for note in notes:
            row = canvas.row(note.pitch)
            for column in range(_first_column(canvas, note) + 1, round(canvas.column(note.release))):
                dots[row, column] = Dot(part, onset=False)
    for part, notes in parts.items():
        for note in notes:
            dots[canvas.row(note.pitch), _first_column(canvas, note)] = Dot(part, onset=True)
    return dots


def _first_column(canvas: Canvas, note: Note) -> int:
    return min(int(canvas.column(note.onset)), canvas.columns - 1)
