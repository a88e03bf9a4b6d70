"""Figures, each held against a baseline of the same run, as an aligned table or as JSON.

Knows nothing of what was measured.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table.

    Attributes:
        name: what was measured.
        value: how much, in ``unit``; the median where it was measured several times.
        unit: such as ``ms``.
        worst: the 99th percentile, or the largest of a few; None where it was measured once.
        baseline: the same of the baseline, measured in the same run; None for the baseline itself.
        goal: what it should stay below, if anything.
    """

    name: str
    value: float
    unit: str
    worst: float | None = None
    baseline: float | None = None
    goal: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark found: figures, or why there are none."""

    title: str
    figures: tuple[Figure, ...] = ()
    skipped: str = ""


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of the values that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def main_of(description: str, *benchmarks: Callable[[], Result]) -> None:
    """Run benchmarks as a command with one option, ``--json``, and print what they found."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    as_json = parser.parse_args().json
    results: list[Result] = []
    for benchmark in benchmarks:
        results.append(benchmark())
        if not as_json:
            sys.stdout.write(as_table(results[-1]) + "\n")
            sys.stdout.flush()
    if as_json:
        sys.stdout.write(json.dumps([_as_values(result) for result in results], indent=2) + "\n")


def as_table(result: Result) -> str:
    """Return a title and one line for each figure."""
    if result.skipped:
        return f"{result.title}\n  skipped: {result.skipped}\n"
    head = ("", "median", "worst", "ratio", "goal")
    return aligned(result.title, [head, *(_cells(figure) for figure in result.figures)])


def aligned(title: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a title and rows whose first column is names and whose others are numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    ]
    return "\n  ".join([title, *lines]) + "\n"


def _cells(figure: Figure) -> tuple[str, ...]:
    def told(value: float | None, unit: str) -> str:
        return "" if value is None else f"{value:.{1 if value < 100 else 0}f} {unit}"

    ratio = "baseline" if figure.ratio is None else f"{figure.ratio:.2f}"
    goal = (
        ""
        if figure.goal is None
        else f"{'met' if figure.value < figure.goal else 'MISSED'} (< {told(figure.goal, figure.unit)})"
    )
    return figure.name, told(figure.value, figure.unit), told(figure.worst, figure.unit), ratio, goal


def _as_values(result: Result) -> dict[str, object]:
    figures = [{**asdict(figure), "ratio": figure.ratio} for figure in result.figures]
    return {"title": result.title, "skipped": result.skipped, "figures": figures}
