"""The figures of all benchmarks as a page with a picture for each: docs/performance.md.

Knows nothing of what was measured.
"""

import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from figures import Result, as_table

from antiphon.adapters.drawing import COLOURS, picture

MEDIAN_COLOUR, WORST_COLOUR = COLOURS[0], "#BBBBBB"
INCHES_WIDE, INCHES_PER_ROW = 8.0, 0.32

INTRODUCTION = """\
# How fast and how punctual

Written by `make bench`; nothing on this page is set by hand. Every figure is held against a baseline of the
same run, because machines differ and are seldom alone: compare the ratios. What is measured stands above each
table; [programs](../benchmarks/README.md) are in `benchmarks`. `antiphon bench` measures your own machine.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark on the page.

    Attributes:
        name: of its program, without the suffix.
        about: what its program says of itself.
        tables: as text.
        drawn: the median and the worst of each.
        unit: of these.
    """

    name: str
    about: str
    tables: tuple[str, ...]
    drawn: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    unit: str = ""


def section_of(name: str, about: str, result: Result) -> Section:
    """Return the section of a benchmark; figures of another unit than the first are not drawn."""
    unit = result.figures[0].unit if result.figures else ""
    bars = {
        figure.name: (figure.value, figure.value if figure.worst is None else figure.worst)
        for figure in result.figures
        if figure.unit == unit
    }
    return Section(name, about, (as_table(result),), bars, unit)


def write_page(page: Path, sections: Iterable[Section], today: date) -> None:
    """Write the page, and the pictures into a folder of the same name beside it."""
    folder = page.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    parts = [INTRODUCTION, f"Measured on {today.isoformat()}: {machine()}.\n"]
    for section in sections:
        if section.drawn:
            draw_medians(folder / f"{section.name}.png", section.drawn, section.unit)
        parts.append("\n".join(lines_of(section, folder.name)))
    page.write_text("\n".join(parts), encoding="utf-8")


def lines_of(section: Section, folder: str) -> Iterator[str]:
    """Yield a section as Markdown."""
    title, _, rest = section.about.strip().partition("\n")
    yield f"## {title.rstrip('.').replace('``', '`')}\n"
    if rest.strip():
        yield f"{rest.strip().replace('``', '`')}\n"
    yield f"    python benchmarks/{section.name}.py\n"
    for table in section.tables:
        yield f"```text\n{table.rstrip()}\n```\n"
    if section.drawn:
        yield f"![{title.rstrip('.')}]({folder}/{section.name}.png)\n"


def draw_medians(path: Path, medians_and_worst: Mapping[str, tuple[float, float]], unit: str) -> None:
    """Draw the median of each as a dot on a logarithmic axis, and as a line how far the worst is from it."""
    names = list(reversed(medians_and_worst))
    with picture(path, (INCHES_WIDE, 0.9 + INCHES_PER_ROW * len(names))) as figure:
        axes = figure.add_subplot()
        medians, worst = zip(*(medians_and_worst[name] for name in names), strict=True)
        axes.hlines(names, medians, worst, color=WORST_COLOUR, linewidth=3)
        axes.plot(medians, names, "o", color=MEDIAN_COLOUR, markersize=7)
        axes.set_ylim(-0.6, len(names) - 0.4)
        axes.grid(axis="x", color="#E4E4E4", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.set_xscale("log")
        axes.set_xlabel(f"{unit}: median, and to the 99th percentile or the worst")


def machine() -> str:
    """Return what this runs on, in words."""
    return (
        f"{processor()}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def processor() -> str:
    """Return the name of the processor, as the kernel tells it; some, such as ARM's, it does not name."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):
            return value.strip()
    return platform.machine()
