"""The picture of the bench."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from antiphon.adapters.histogram import Histogram
from antiphon.bench.bench import Measured
from antiphon.bench.measured import Session, figures
from antiphon.bench.picture import draw, exceeded
from bench_session import COST, SESSION


@pytest.mark.parametrize("session", [SESSION, None])
def test_what_was_measured_is_drawn(tmp_path: Path, session: Session | None) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    draw(tmp_path / "bench.svg", Measured(COST, session, figures("default", COST, session, "none here")))
    drawn = (tmp_path / "bench.svg").read_text()
    ElementTree.fromstring(drawn)
    assert ">bare network<" in drawn
    assert (">note of the answer<" in drawn) == (session is not None)
    assert (">nothing was played<" in drawn) == (session is None)


def test_the_share_that_takes_longer_falls_and_ends_at_the_longest() -> None:
    histogram = Histogram()
    for microseconds in (100, 100, 200, 400):
        histogram.record(microseconds / 1e6)
    durations, shares = zip(*exceeded(histogram), strict=True)
    assert shares == (0.5, 0.25, 0.125)
    assert durations[-1] == histogram.largest
    assert list(durations) == sorted(durations)
