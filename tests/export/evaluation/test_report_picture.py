"""The picture of a report."""

import re
from pathlib import Path

import pytest

from missing import PLOTTING, TRAINING

pytest.importorskip("symusic", reason=TRAINING)
pytest.importorskip("matplotlib", reason=PLOTTING)

from antiphon.errors import AntiphonError
from antiphon_export.errors import ExportError
from antiphon_export.evaluation.continuations import events_of
from antiphon_export.evaluation.report_picture import Curve, Point, draw_report, read_curve
from antiphon_export.evaluation.trial import Example
from evaluations import evaluation
from random_pieces import random_piece

PIECE = random_piece(1, 120)
SPANS = (0, 60), (60, 90), (90, 120)
EXAMPLE = Example("folder/random.mid", *(events_of(PIECE.excerpt(*span)) for span in SPANS))
CURVE = Curve([Point(100, 9.0), Point(200, 8.0)], [Point(200, 8.5)])


def test_the_same_figures_give_the_same_picture(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw_report(tmp_path / name, evaluation(), [EXAMPLE] * 4, CURVE)
    # Matplotlib names a clip path after the address of an object that may be gone by then.
    drawn, again = (re.sub("p[0-9a-f]{10}", "clip", (tmp_path / f"{name}.svg").read_text()) for name in "ab")
    assert drawn == again
    for words in ("bits per event", "likeness to the question", "Markov, order 2", "held out", ">goal<"):
        assert words in drawn
    assert drawn.count("random: antiphon goes on") == 3


def test_a_curve_of_a_single_point_is_seen(tmp_path: Path) -> None:
    def drawn(curve: Curve) -> int:
        draw_report(tmp_path / "a.svg", evaluation(judgement=None), [], curve)
        return (tmp_path / "a.svg").read_text().count("<use ")

    assert drawn(Curve([Point(100, 9.0)], [])) > drawn(Curve([Point(n, 9.0) for n in range(50)], []))


def test_what_was_not_measured_is_not_drawn(tmp_path: Path) -> None:
    draw_report(tmp_path / "a.svg", evaluation(baselines={}, judgement=None), [])
    drawn = (tmp_path / "a.svg").read_text()
    assert "bits per event" in drawn
    for words in ("likeness", "Markov", "goes on", "held out"):
        assert words not in drawn


def test_a_picture_is_png_too_and_nothing_else(tmp_path: Path) -> None:
    draw_report(tmp_path / "a.png", evaluation(), [EXAMPLE])
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(AntiphonError, match="name a file that ends in"):
        draw_report(tmp_path / "a.gif", evaluation(), [EXAMPLE])
    with pytest.raises(AntiphonError, match="cannot draw"):
        draw_report(tmp_path / "nowhere" / "a.svg", evaluation(), [])


def test_the_curve_of_a_training_is_read(tmp_path: Path) -> None:
    path = tmp_path / "curve.jsonl"
    path.write_text('{"step": 100, "bits_per_event": 9.0}\n{"step": 200, "held_out": 8.5, "dt": 3.0}\n')
    assert read_curve(path) == Curve([Point(100, 9.0)], [Point(200, 8.5)])
    path.write_text("music")
    with pytest.raises(ExportError, match="is not the curve of a training"):
        read_curve(path)
    with pytest.raises(ExportError, match="cannot be read"):
        read_curve(tmp_path / "nowhere")
