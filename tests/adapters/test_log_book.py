"""What happened, in the words of a log book."""

import logging

import pytest

from antiphon.adapters import log_book
from antiphon.core.commands import Occurrence, OnsetsDropped, TurnGivenBack, TurnTaken


@pytest.mark.parametrize(
    ("occurrence", "level", "line"),
    [
        (TurnTaken(5, 1.84), logging.INFO, "heard 5 notes in 1.8 s; answering"),
        (TurnTaken(1, 0.2), logging.INFO, "heard 1 note in 0.2 s; answering"),
        (
            TurnGivenBack("phrase ended", 12, 4.0),
            logging.INFO,
            "answered with 12 notes in 4.0 s (phrase ended); listening",
        ),
        (
            TurnGivenBack("interrupted", 0, 0.04),
            logging.INFO,
            "answered with 0 notes in 0.0 s (interrupted); listening",
        ),
        (OnsetsDropped(1, 0.0621), logging.WARNING, "left out 1 note that would have come 62 ms late"),
    ],
)
def test_an_occurrence_is_one_line(
    caplog: pytest.LogCaptureFixture, occurrence: Occurrence, level: int, line: str
) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write(occurrence)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(level, line)]
