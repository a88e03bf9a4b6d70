"""A picture of a question and its answer: time to the right, pitch upwards, a colour for each part.

matplotlib draws it, an optional extra that the daemon itself never needs.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor
from pathlib import Path
from typing import TYPE_CHECKING

from antiphon.adapters.drawing import COLOURS, picture
from antiphon.core.performance import Note, note_name
from antiphon.core.units import Pitch, Seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUESTION_COLOUR, ANSWER_COLOUR, *_ = COLOURS
FAINT = "#E4E4E4"
BLACK_KEY = "#F6F6F6"

TIMES_THE_ANSWER = 2
"""How long the question may be that is drawn beside an answer."""

SHORTEST_ANSWER: Seconds = 2.0
"""One that is shorter is taken for so long: a single note leaves something of the question to be seen."""

SIZE_INCHES = (10.0, 4.0)
FAINTEST = 0.4
KEY_HEIGHT = 0.84
MARGIN_SEMITONES = 2
SMALLEST_RANGE_SEMITONES = 18
SHORTEST_BAR_OF_WIDTH = 1 / 400
SEMITONES = 12
BLACK_KEYS = frozenset({1, 3, 6, 8, 10})


def plot(path: Path, question: Sequence[Note], answer: Sequence[Note]) -> None:
    """Draw both parts into ``path``, an ``.svg`` or ``.png`` file; the same notes give the same bytes.

    Times of both parts are seconds on the same clock. The louder a note, the fuller its colour. Of a long
    question only the ending is drawn, as otherwise nothing could be made out of the answer.

    Raises:
        AntiphonError: The suffix is neither of the two, matplotlib is not installed, or the file cannot
            be written.
    """
    with picture(path, SIZE_INCHES) as figure:
        draw(figure.add_subplot(), ending_of(question, answer), answer)


def ending_of(question: Sequence[Note], answer: Sequence[Note]) -> list[Note]:
    """Return the last stretch of a question, so many times as long as its answer; all of it without one."""
    if not question or not answer:
        return list(question)
    length = max(note.release for note in answer) - min(note.onset for note in answer)
    begin = max(note.release for note in question) - TIMES_THE_ANSWER * max(length, SHORTEST_ANSWER)
    return [replace(note, onset=max(note.onset, begin)) for note in question if note.release > begin]


def draw(axes: "Axes", question: Sequence[Note], answer: Sequence[Note]) -> None:
    """Draw both parts into axes of whatever figure, in the manner of ``plot``."""
    notes = [*question, *answer]
    start = min((note.onset for note in notes), default=0.0)
    end = max((note.release for note in notes), default=1.0)
    lowest, highest = _range_of(notes)
    margin = max(end - start, 1.0) / 100
    axes.set_xlim(start - margin, end + margin)
    axes.set_ylim(lowest - 0.5, highest + 0.5)
    _draw_keyboard(axes, lowest, highest)
    shortest = (end - start) * SHORTEST_BAR_OF_WIDTH
    _draw_part(axes, question, "you", QUESTION_COLOUR, shortest)
    _draw_part(axes, answer, "antiphon", ANSWER_COLOUR, shortest)
    axes.set_xlabel("seconds")
    if notes:
        axes.legend(
            loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderaxespad=0.2,
            handlelength=1.4, handleheight=0.9, columnspacing=1.6,
        )  # fmt: skip


def _range_of(notes: Sequence[Note]) -> tuple[int, int]:
    lowest = min((note.pitch for note in notes), default=60) - MARGIN_SEMITONES
    highest = max((note.pitch for note in notes), default=72) + MARGIN_SEMITONES
    missing = max(0, SMALLEST_RANGE_SEMITONES - (highest - lowest))
    return lowest - floor(missing / 2), highest + ceil(missing / 2)


def _draw_keyboard(axes: "Axes", lowest: int, highest: int) -> None:
    """Shade the rows of the black keys and name every C, as a pianist finds the way."""
    for pitch in range(lowest, highest + 1):
        if pitch % SEMITONES in BLACK_KEYS:
            axes.axhspan(pitch - 0.5, pitch + 0.5, color=BLACK_KEY, linewidth=0, zorder=0)
    octaves = [pitch for pitch in range(lowest, highest + 1) if pitch % SEMITONES == 0]
    for pitch in octaves:
        axes.axhline(pitch - 0.5, color=FAINT, linewidth=0.8, zorder=0.5)
    axes.set_yticks(octaves, [note_name(Pitch(pitch)) for pitch in octaves])
    axes.tick_params(length=0, pad=6)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color("#BBBBBB")


def _draw_part(axes: "Axes", notes: Sequence[Note], name: str, colour: str, shortest: float) -> None:
    if not notes:
        return
    from matplotlib.colors import to_rgba

    axes.barh(
        y=[note.pitch for note in notes],
        left=[note.onset for note in notes],
        width=[max(shortest, note.release - note.onset) for note in notes],
        height=KEY_HEIGHT,
        color=[to_rgba(colour, FAINTEST + (1 - FAINTEST) * note.velocity / 127) for note in notes],
        edgecolor="white",
        linewidth=0.5,
        zorder=2,
    )
    axes.bar(0, 0, color=colour, label=name)
