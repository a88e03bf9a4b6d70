"""The page of an evaluation."""

import pytest

from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

import msgspec

from antiphon_export.evaluation.evaluation import Article
from antiphon_export.evaluation.report import name_of_piece, page, table, title_of, title_of_article
from evaluations import JUDGEMENT, MODEL, evaluation

COMMAND = "antiphon evaluate notes"


def cells(text: str, title: str) -> list[str]:
    """Return the cells of the row that begins with a title."""
    line = next(line for line in text.splitlines() if line.startswith(f"| {title} |"))
    return [cell.strip() for cell in line.split("|")[2:-1]]


def test_a_page_holds_the_figures_beside_what_they_are_held_against() -> None:
    text = page(evaluation(), COMMAND, "report.png")
    assert cells(text, r"**default**") == ["5.25", "2.00", "1.25", "2.00", "10.50"]
    assert cells(text, "Markov, order 2") == ["10.00", "3.50", "2.50", "4.00", "20.00"]
    assert cells(text, "LSTM of the articles, 30 minutes")[-1] == "14.25"
    assert cells(text, "pitch classes") == ["0.71", "0.70", "0.74", "0.46", ""]
    assert cells(text, "share of the way") == ["89%", "", "100%", "0%", "at least 85%"]
    assert cells(text, "density") == ["1.10", "1.20", "1.16", "1.12", "0.8 to 1.25"]
    assert cells(text, "copied notes: under 12") == ["99.5%", "99.5%", "99.5%", "", "at least 99%"]
    assert (
        "The model is 47.5% better than the best of them (the goal for models that ship: 30% better)." in text
    )
    assert "![loss, likeness, and some answers](report.png)" in text
    assert "- something was left out" in text
    assert "From the pieces of test that have 400 events and more." in text
    assert f"`{COMMAND}`" in text


def test_what_was_not_measured_has_no_place_on_it() -> None:
    text = page(evaluation(baselines={}, judgement=None, article=None, remarks=[]), COMMAND, None)
    for word in ("Markov", "Continuations", "Left out", "baselines", "!["):
        assert word not in text


def test_without_the_training_set_nothing_is_said_of_copies() -> None:
    unknown = msgspec.structs.replace(MODEL, runs=None, runs_of_pitches=None)
    judgement = msgspec.structs.replace(JUDGEMENT, model=unknown, real=unknown, improviser=None, other=None)
    text = page(evaluation(judgement=judgement), COMMAND, None)
    assert "| copied notes" not in text
    assert cells(text, "rhythm") == ["0.77", "", "0.77", "", ""]


def test_every_row_of_a_table_is_as_wide_as_its_head() -> None:
    tables = [line for line in page(evaluation(), COMMAND, None).splitlines() if line.startswith("|")]
    widths = [line.count("|") for line in tables]
    assert set(widths[:6]) == {7}
    assert set(widths[6:]) == {7}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("music/reels.abc#12", "reels#12"),
        ("music/grieg.MID", "grieg"),
        ("op. 12 no. 1.midi", "op. 12 no. 1"),
        ("a song", "a song"),
    ],
)
def test_a_piece_is_called_by_its_file_and_its_number_in_it(name: str, shown: str) -> None:
    assert name_of_piece(name) == shown


def test_a_training_of_seconds_is_not_one_of_no_minutes() -> None:
    assert title_of_article(Article(14.0, 0.2, 1)) == "LSTM of the articles, 12 seconds"


def test_a_table_is_markdown() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"
    assert (title_of("markov3"), title_of("frequencies")) == ("Markov, order 3", "frequencies")
