"""An evaluation as it is told on a terminal, and to programs."""

import io
import json

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from rich.console import Console

from antiphon_export.evaluation.evaluation import Evaluation
from antiphon_export.evaluation.summary import as_json, as_tables
from evaluations import evaluation


def shown(found: Evaluation) -> list[str]:
    console = Console(file=io.StringIO(), width=200)
    for each in as_tables(found):
        console.print(each)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def row(lines: list[str], title: str) -> list[str]:
    return next(line for line in lines if line.startswith(title)).removeprefix(title).split()


def test_programs_find_every_figure_by_its_name() -> None:
    told = json.loads(json.dumps(as_json(evaluation())))
    assert (told["events"], told["bits_per_event"], told["bits_per_note"]) == (357_180, 5.25, 10.5)
    assert (told["dt"], told["velocity"], told["pitch"]) == (2.0, 1.25, 2.0)
    assert told["baselines"] == {"frequencies": 12.0, "markov2": 10.0}
    assert told["below_best_baseline"] == pytest.approx(0.475)
    assert told["baselines_by_field"]["markov2"]["pitch"] == 4.0
    assert told["continuations"]["gap_closed"] == 0.893
    assert told["continuations"]["model"]["runs"]["original"] == 0.995
    assert told["article"]["bits_per_note"] == 14.25


def test_people_read_tables() -> None:
    lines = shown(evaluation())
    assert row(lines, "default") == ["5.250", "2.000", "1.250", "2.000", "10.500"]
    assert row(lines, "Markov, order 2") == ["10.000", "3.500", "2.500", "4.000", "20.000"]
    assert row(lines, "LSTM of the articles, 30 minutes") == ["14.250"]
    assert row(lines, "drawn on") == ["71%", "77%", "48%", "110%", "98%", "1.4", "99.5%"]
    assert (
        "47.5% better than the best of frequencies and Markov chains, which learnt from the train split"
        in lines
    )
    assert "something was left out" in lines
    assert any(line.startswith("2 pieces of test continued, 290 times in all") for line in lines)


def test_what_was_not_measured_is_not_told() -> None:
    lines = shown(evaluation(baselines={}, judgement=None, article=None, remarks=[]))
    assert len(lines) == 4
    assert as_json(evaluation(baselines={}))["below_best_baseline"] is None
