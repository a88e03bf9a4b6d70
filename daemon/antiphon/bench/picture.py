"""A picture of how late things were and how long they took: how many durations exceed each length.

Both axes are logarithmic, as for a tail that nobody hears until it is long.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from antiphon.adapters.drawing import COLOURS, picture
from antiphon.adapters.histogram import Histogram
from antiphon.adapters.midi.wire import SECONDS_PER_MESSAGE
from antiphon.bench.bench import Measured
from antiphon.core.units import Seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCHES = (10.0, 4.2)


def draw(path: Path, measured: Measured) -> None:
    """Draw into an ``.svg`` or ``.png`` file.

    Raises:
        AntiphonError: the suffix is neither, matplotlib is not installed, or the file cannot be written.
    """
    cost, session = measured.cost, measured.session
    with picture(path, INCHES) as figure:
        took, late = figure.subplots(1, 2)
        curves(
            took,
            "what an event takes the engine",
            {
                "an event of the answer": cost.event,
                "an event of yours": cost.prime,
                "bare network": cost.invoke,
            },
        )
        if session is None:
            late.set_axis_off()
            late.text(0.5, 0.5, "nothing was played", ha="center", va="center")
            return
        playing = session.playing
        curves(
            late,
            f"how late, over {session.system.upper()}",
            {
                "first note after your turn": playing.begun,
                "note of the answer": playing.sent,
                "your key, understood": playing.heard,
                "your key, passed on": playing.thru,
                "your key, back at you": playing.echo,
            },
        )
        late.axvline(SECONDS_PER_MESSAGE, color="#BBBBBB", linewidth=0.8, linestyle=":")
        late.annotate(
            "a MIDI cable",
            (SECONDS_PER_MESSAGE, 1.0),
            ha="right",
            va="top",
            rotation=90,
            fontsize=8,
            color="#888888",
        )


def curves(axes: "Axes", title: str, histograms: Mapping[str, Histogram]) -> None:
    """Draw which share of each exceeds a duration."""
    for (name, histogram), colour in zip(histograms.items(), COLOURS, strict=False):
        if histogram.count:
            durations, shares = zip(*exceeded(histogram), strict=True)
            axes.step(durations, shares, where="post", color=colour, label=name, linewidth=1.6)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("seconds")
    axes.set_ylabel("share that takes longer")
    axes.set_title(title, fontsize=10, loc="left")
    axes.legend(frameon=False, fontsize=8)


def exceeded(histogram: Histogram) -> Iterator[tuple[Seconds, float]]:
    """Yield durations, upwards, each with the share that exceeds it; the longest is exceeded by none."""
    left = total = histogram.count
    for upper, count in histogram.buckets():
        left -= count
        if left:
            yield upper, left / total
        else:
            yield histogram.largest, 0.5 / total
