"""The picture of a report: losses beside the baselines, likeness, the curve of the training, and some
answers.

matplotlib draws it, the optional extra ``plot``.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from antiphon.adapters.drawing import INK, picture
from antiphon.adapters.rolls.picture import ANSWER_COLOUR, FAINT, QUESTION_COLOUR, draw
from antiphon.core.performance import Note
from antiphon_export.errors import ExportError
from antiphon_export.evaluation.continuations import as_notes
from antiphon_export.evaluation.evaluation import Bits, Evaluation
from antiphon_export.evaluation.judgement import GOAL_OF_GAP, Judgement
from antiphon_export.evaluation.report import name_of_piece, title_of
from antiphon_export.evaluation.trial import Example
from antiphon_models.errors import reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIELD_COLOURS = {
    "dt": ("time", "#56B4E9"),
    "velocity": ("velocity", "#E69F00"),
    "pitch": ("pitch", "#009E73"),
}
"""Of Okabe and Ito's palette, apart from the two colours of the piano rolls."""

WIDTH_INCHES = 11.0
TOP_INCHES, CURVE_INCHES, ROLL_INCHES = 2.9, 2.1, 2.3
DOTS_PER_INCH = 120
SHOWN_SECONDS = 12.0
"""Before and after the moment at which a question breaks off."""
EXAMPLES = 3
MARKED = 12
"""Points of a curve at most that are marked."""
GOAL_LINE: dict[str, Any] = {"color": INK, "linewidth": 1, "linestyle": (0, (2, 2))}


class Point(NamedTuple):
    """A point of a curve."""

    step: float
    bits_per_event: float


class Curve(NamedTuple):
    """How a training went: the loss on what was learnt, and on music that was held out."""

    learnt: list[Point]
    held_out: list[Point]


NO_CURVE = Curve([], [])


def draw_report(
    path: Path, evaluation: Evaluation, examples: Sequence[Example], curve: Curve = NO_CURVE
) -> None:
    """Draw the picture of a report into an ``.svg`` or ``.png`` file; the same figures give the same bytes.

    Raises:
        AntiphonError: the suffix is another, matplotlib is not installed, or the file cannot be written.
    """
    has_curve, judgement = any(curve), evaluation.judgement
    count = min(EXAMPLES, len(examples))
    shown = [examples[each * len(examples) // count] for each in range(count)]
    heights = [TOP_INCHES, *([CURVE_INCHES] if has_curve else []), *[ROLL_INCHES] * len(shown)]
    with picture(path, (WIDTH_INCHES, sum(heights)), DOTS_PER_INCH) as figure:
        grid = figure.add_gridspec(len(heights), 2, height_ratios=heights)
        _draw_losses(figure.add_subplot(grid[0, 0] if judgement else grid[0, :]), evaluation)
        if judgement:
            _draw_likeness(figure.add_subplot(grid[0, 1]), judgement)
        if has_curve:
            _draw_curve(figure.add_subplot(grid[1, :]), curve)
        for row, example in enumerate(shown, start=len(heights) - len(shown)):
            drawn, real = figure.add_subplot(grid[row, 0]), figure.add_subplot(grid[row, 1])
            _draw_example(drawn, real, example)
            if row == len(heights) - 1:
                drawn.set_xlabel("seconds")
                real.set_xlabel("seconds")


def read_curve(path: Path) -> Curve:
    """Return the curve that a training wrote, a line of JSON for each point.

    Raises:
        ExportError: it cannot be read, or holds something else.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return Curve(_points(lines, "bits_per_event"), _points(lines, "held_out"))
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {reason(error)}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ExportError(f"{path} is not the curve of a training; name the curve.jsonl of a run") from error


def _points(lines: Sequence[dict[str, float]], figure: str) -> list[Point]:
    return [Point(float(line["step"]), float(line[figure])) for line in lines if figure in line]


def _draw_losses(axes: "Axes", evaluation: Evaluation) -> None:
    named = {_short(evaluation.model, 16): evaluation.bits}
    named |= {title_of(name): bits for name, bits in evaluation.baselines.items()}
    rows = range(len(named))
    left = [0.0] * len(named)
    for field, (name, colour) in FIELD_COLOURS.items():
        widths = [getattr(bits, field) for bits in named.values()]
        axes.barh(
            rows, widths, left=left, height=0.7, color=colour, label=name, edgecolor="white", linewidth=0.5
        )
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for row, bits in zip(rows, named.values(), strict=True):
        _label(axes, bits, row, max(left))
    axes.set_yticks(rows, list(named))
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.invert_yaxis()
    axes.set_xlim(0, max(left) * 1.12)
    axes.set_title("bits per event", loc="left", pad=26)
    _legend_under_the_title(axes, columns=3)
    _plain(axes)


def _legend_under_the_title(axes: "Axes", columns: int) -> None:
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=columns,
        frameon=False,
        borderaxespad=0.0,
        handlelength=1.0,
        handletextpad=0.4,
        columnspacing=1.0,
        fontsize=9,
    )


def _label(axes: "Axes", bits: Bits, row: int, longest: float) -> None:
    axes.text(bits.bits_per_event + longest / 80, row, f"{bits.bits_per_event:.2f}", va="center", fontsize=9)


def _draw_likeness(axes: "Axes", judgement: Judgement) -> None:
    """Show where the model is between another piece's continuation and the real one."""
    rows = {"pitch classes": "pitch_classes", "rhythm": "rhythm", "key": "key"}
    kinds: list[tuple[str, Any, str, str]] = [
        ("another piece", judgement.other, "#999999", "o"),
        ("the piece itself", judgement.real, QUESTION_COLOUR, "o"),
        ("drawn on", judgement.model, ANSWER_COLOUR, "D"),
        ("answered", judgement.improviser, ANSWER_COLOUR, "|"),
    ]
    for row, field in enumerate(rows.values()):
        ends = [getattr(each, field) for each in (judgement.other, judgement.real) if each]
        axes.plot(
            [min(ends), max(ends)], [row, row], color=FAINT, linewidth=5, zorder=1, solid_capstyle="round"
        )
    for name, verdict, colour, marker in kinds:
        if verdict:
            at = [getattr(verdict, field) for field in rows.values()]
            size = 130 if marker == "|" else 52
            axes.scatter(at, range(len(rows)), color=colour, marker=marker, s=size, label=name, zorder=2)
    if judgement.other:
        low, high = judgement.other.pitch_classes, judgement.real.pitch_classes
        goal = low + GOAL_OF_GAP * (high - low)
        axes.plot([goal, goal], [-0.28, 0.28], **GOAL_LINE, label="goal", zorder=1.5)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_xlim(0, 1)
    axes.set_title("likeness to the question", loc="left", pad=26)
    _legend_under_the_title(axes, columns=5)
    axes.xaxis.grid(visible=True, color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    _plain(axes)


def _draw_curve(axes: "Axes", curve: Curve) -> None:
    for points, name, colour in (
        (curve.learnt, "what it learns from, varied and guided", "#999999"),
        (curve.held_out, "held out", INK),
    ):
        if points:
            steps, bits = zip(*points, strict=True)
            # A line through one point is none, so few points are shown themselves.
            marker = "o" if len(points) <= MARKED else ""
            axes.plot(steps, bits, color=colour, linewidth=1.2, marker=marker, markersize=4, label=name)
    axes.set_title("bits per event in training", loc="left")
    axes.set_xlabel("steps")
    axes.legend(loc="upper right", frameon=False)
    axes.yaxis.grid(visible=True, color=FAINT, linewidth=0.8)
    _plain(axes)


def _draw_example(drawn: "Axes", real: "Axes", example: Example) -> None:
    """Draw a question twice: as the model goes on, and as the piece does."""
    question = as_notes(example.question)
    ends = sum(event.dt for event in example.question)
    goes_on = _window(as_notes(example.real, ends), ends)
    before = _window(question, ends)
    draw(drawn, before, _window(as_notes(example.drawn, ends), ends))
    draw(real, [*before, *goes_on], [])
    drawn.set_title(f"{_short(name_of_piece(example.name))}: antiphon goes on", loc="left", fontsize=10)
    real.set_title("as the piece goes on", loc="left", fontsize=10)
    for axes in (drawn, real):
        axes.axvline(0.0, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        axes.set_xlim(-SHOWN_SECONDS, SHOWN_SECONDS)
        axes.set_xlabel("")
        legend = axes.get_legend()
        if legend is not None:
            legend.remove()


def _window(notes: Sequence[Note], middle: float) -> list[Note]:
    """Return the notes near a moment, which counts as 0, cut where the picture ends."""
    return [
        Note(
            max(note.onset - middle, -SHOWN_SECONDS),
            min(note.release - middle, SHOWN_SECONDS),
            note.pitch,
            note.velocity,
        )
        for note in notes
        if note.release - middle > -SHOWN_SECONDS and note.onset - middle < SHOWN_SECONDS
    ]


def _short(name: str, longest: int = 36) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _plain(axes: "Axes") -> None:
    axes.tick_params(length=0, pad=6)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color("#BBBBBB")
