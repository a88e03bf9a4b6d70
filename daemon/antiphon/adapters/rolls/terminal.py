"""The picture of a question and its answer in text, for a terminal.

With colours a character shows two rows of notes, in half blocks, the onset of a note brighter than the
rest of it. Without colours, as in a file or a pipe, the parts are told apart by their glyphs; these are
ASCII where the encoding has no others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from antiphon.adapters.rolls.canvas import Canvas, Dot, canvas_of, dots_on
from antiphon.core.performance import Note, note_name
from antiphon.core.units import Part, Pitch, Seconds

NARROWEST = 30
MOST_ROWS = 19
"""With the legend and the axis this fills a terminal of 24 lines and leaves one for the prompt."""

_LABEL = 5
_TICKS: tuple[Seconds, ...] = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_COLUMNS_BETWEEN_TICKS = 8
_MINUTES_FROM: Seconds = 120.0


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """What is drawn without colours: the onset and the rest of a note of each part, and the frame."""

    onset: dict[Part, str]
    rest: dict[Part, str]
    octave: str
    axis: str
    tick: str
    corner: str


_UNICODE = _Glyphs({"you": "●", "it": "○"}, {"you": "━", "it": "─"}, "┈", "─", "┴", "└")
_ASCII = _Glyphs({"you": "#", "it": "o"}, {"you": "=", "it": "-"}, ".", "-", "+", "+")
_UPPER, _LOWER, _WHOLE = "▀", "▄", "█"

# Of the 256 colours; both parts read well on black and on white.
_BRIGHT: dict[Part, int] = {"you": 39, "it": 208}
_DEEP: dict[Part, int] = {"you": 25, "it": 130}
_FAINT = 242
_PLAIN = "\x1b[0m"


def draw(
    question: Sequence[Note], answer: Sequence[Note], width: int, colour: bool, encoding: str = "utf-8"
) -> str:
    """Return a picture of both parts, at most ``width`` characters wide and 23 lines high.

    Times of both parts are seconds on the same clock. Without colours, and where ``encoding`` lacks the
    glyphs, nothing but plain characters is used.
    """
    glyphs = _UNICODE if _can_write(_UNICODE, encoding) else _ASCII
    in_colour = colour and glyphs is _UNICODE
    columns = max(width, NARROWEST) - _LABEL
    canvas = canvas_of([*question, *answer], columns, MOST_ROWS, rows_per_line=2 if in_colour else 1)
    dots = dots_on(canvas, {"you": question, "it": answer})
    lines = _coloured(canvas, dots, glyphs) if in_colour else _plain(canvas, dots, glyphs)
    frame = _axis(canvas, glyphs)
    if in_colour:
        frame = [f"\x1b[38;5;{_FAINT}m{line}{_PLAIN}" for line in frame]
    return "\n".join([_legend(glyphs, in_colour), "", *lines, *frame])


def _can_write(glyphs: _Glyphs, encoding: str) -> bool:
    wanted = [*glyphs.onset.values(), *glyphs.rest.values(), glyphs.octave, glyphs.tick, glyphs.corner]
    try:
        "".join([*wanted, _UPPER, _LOWER, _WHOLE]).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _plain(canvas: Canvas, dots: dict[tuple[int, int], Dot], glyphs: _Glyphs) -> Iterator[str]:
    for row in reversed(range(canvas.rows)):
        octave = canvas.octave_in(row)
        empty = " " if octave is None else glyphs.octave
        places = (dots.get((row, column)) for column in range(canvas.columns))
        drawn = (empty if dot is None else _glyph(dot, glyphs) for dot in places)
        yield (_label(octave) + "".join(drawn)).rstrip()


def _glyph(dot: Dot, glyphs: _Glyphs) -> str:
    return glyphs.onset[dot.part] if dot.onset else glyphs.rest[dot.part]


def _coloured(canvas: Canvas, dots: dict[tuple[int, int], Dot], glyphs: _Glyphs) -> Iterator[str]:
    for lower in reversed(range(0, canvas.rows, 2)):
        octave = canvas.octave_in(lower)
        if octave is None:
            octave = canvas.octave_in(lower + 1)
        empty = " " if octave is None else f"\x1b[38;5;{_FAINT}m{glyphs.octave}"
        cells = (
            _half_blocks(dots.get((lower + 1, column)), dots.get((lower, column)), empty)
            for column in range(canvas.columns)
        )
        yield _label(octave) + _without_repeats(cells) + _PLAIN


def _half_blocks(upper: Dot | None, lower: Dot | None, empty: str) -> str:
    if upper is None and lower is None:
        return empty
    if upper is None:
        return _ink(lower) + _LOWER
    if lower is None:
        return _ink(upper) + _UPPER
    if upper == lower:
        return _ink(upper) + _WHOLE
    return f"{_ink(upper)}\x1b[48;5;{_number(lower)}m{_UPPER}\x1b[49m"


def _ink(dot: Dot | None) -> str:
    assert dot is not None
    return f"\x1b[38;5;{_number(dot)}m"


def _number(dot: Dot) -> int:
    return (_BRIGHT if dot.onset else _DEEP)[dot.part]


def _without_repeats(cells: Iterator[str]) -> str:
    """Join cells, leaving out a colour that is already set: a slow serial line will be grateful."""
    joined: list[str] = []
    ink = ""
    for cell in cells:
        set_ink, separator, rest = cell.partition("m")
        if separator and set_ink == ink:
            joined.append(rest)
            continue
        if separator:
            ink = set_ink
        joined.append(cell)
    return "".join(joined)


def _label(octave: int | None) -> str:
    name = "" if octave is None else note_name(Pitch(octave))
    return f"{name:>{_LABEL - 1}} "


def _legend(glyphs: _Glyphs, in_colour: bool) -> str:
    names: tuple[tuple[Part, str], ...] = (("you", "you"), ("it", "antiphon"))
    samples = {part: glyphs.onset[part] + 2 * glyphs.rest[part] for part, _ in names}
    if in_colour:
        samples = {
            part: f"\x1b[38;5;{_BRIGHT[part]}m{_WHOLE}\x1b[38;5;{_DEEP[part]}m{2 * _WHOLE}{_PLAIN}"
            for part, _ in names
        }
    return " " * _LABEL + "   ".join(f"{samples[part]} {name}" for part, name in names)


def _axis(canvas: Canvas, glyphs: _Glyphs) -> list[str]:
    """Return the line below the notes and the times below that, counted from the first note."""
    least = canvas.span / canvas.columns * _COLUMNS_BETWEEN_TICKS
    step = next((tick for tick in _TICKS if tick >= least), ceil(least / 3600) * 3600.0)
    line = [glyphs.axis] * canvas.columns
    times = [" "] * (canvas.columns + _LABEL)
    count = int(canvas.span / step) + 1
    for number in range(count):
        column = round(canvas.column(canvas.start + number * step))
        figure = _time(number * step, canvas.span) + (" s" if number == 0 else "")
        if column >= canvas.columns or column + _LABEL + len(figure) > len(times):
            break
        line[column] = glyphs.tick
        times[column + _LABEL : column + _LABEL + len(figure)] = figure
    return [" " * (_LABEL - 1) + glyphs.corner + "".join(line), "".join(times).rstrip()]


def _time(seconds: Seconds, span: Seconds) -> str:
    if span >= _MINUTES_FROM:
        return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
    return f"{seconds:g}"
