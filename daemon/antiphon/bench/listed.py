"""What was measured, in words and numbers for a musician."""

import textwrap
from collections.abc import Iterator

from antiphon.adapters.histogram import Summary
from antiphon.adapters.midi.wire import SECONDS_PER_MESSAGE
from antiphon.bench.measured import Figures

WIDTH = 80

HEAD = ("usually", "1 in 100", "1 in 1000", "at worst")

COLUMNS = tuple(len(each) + 2 for each in HEAD)


def as_text(figures: Figures) -> str:
    """Return the figures as a table."""
    return "\n".join((*_lateness(figures), *_cost(figures), *_waiting(figures)))


def _lateness(figures: Figures) -> Iterator[str]:
    if figures.skipped:
        yield from textwrap.wrap(f"Nothing was played: {figures.skipped}", WIDTH, break_on_hyphens=False)
        yield ""
        return
    rows = {
        "end of your turn to the first note": figures.begun_us,
        "a note of the answer, late by": figures.lateness_us,
        "your key, understood in": figures.heard_us,
        "your key, passed on in": figures.thru_us,
        "your key, back through the ports": figures.echo_us,
    }
    system = (figures.system or "").upper()
    cable = f"a MIDI cable takes {1000 * SECONDS_PER_MESSAGE:.2f} for a note"
    yield f"How late, in milliseconds, over {system}; {cable}"
    yield _row("", HEAD)
    for name, summary in rows.items():
        if summary is not None:
            yield _row(name, _milliseconds(summary))
    yield ""


def _cost(figures: Figures) -> Iterator[str]:
    yield f"What {figures.model} takes for an event, in microseconds"
    yield _row("", HEAD)
    rows = {
        "an event of the answer": figures.event_us,
        "an event of yours": figures.prime_us,
        "the bare network": figures.invoke_us,
    }
    for name, summary in rows.items():
        if summary.count:
            yield _row(name, tuple(f"{each:.0f}" for each in _columns(summary)))
    yield ""


def _waiting(figures: Figures) -> Iterator[str]:
    if figures.start_s is None or figures.idle_cpu_percent is None or figures.rss_mb is None:
        return
    yield "What it takes from this machine"
    yield _row("from the start until it listens", (f"{figures.start_s:.2f} s",))
    yield _row("memory while it waits", (f"{figures.rss_mb:.0f} MB",))
    yield _row("of one core while it waits", (f"{figures.idle_cpu_percent:.2f} %",))


def _row(name: str, cells: tuple[str, ...]) -> str:
    return f"  {name:<37}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, COLUMNS, strict=False))


def _milliseconds(summary: Summary) -> tuple[str, ...]:
    if not summary.count:
        return ("never",)
    return tuple(f"{each / 1000:.2f}" for each in _columns(summary))


def _columns(summary: Summary) -> tuple[float, float, float, float]:
    return summary.p50, summary.p99, summary.p99_9, summary.max
