"""The table for a musician."""

from antiphon.bench.listed import as_text
from antiphon.bench.measured import figures
from bench_session import COST, SESSION


def test_durations_stand_in_columns_from_usual_to_worst() -> None:
    lines = as_text(figures("default", COST, SESSION, "")).splitlines()
    assert lines[0] == "How late, in milliseconds, over JACK; a MIDI cable takes 0.96 for a note"
    late = next(line for line in lines if "a note of the answer, late by" in line)
    assert late.split()[-4:] == ["0.30", "0.60", "0.60", "0.60"]
    assert any(line.split()[-2:] == ["0.38", "s"] for line in lines)
    assert max(map(len, lines)) <= 80


def test_where_nothing_was_played_it_says_why() -> None:
    text = as_text(figures("default", COST, None, "no MIDI system here"))
    assert text.startswith("Nothing was played: no MIDI system here\n")
    assert "the bare network" in text
    assert "memory" not in text
