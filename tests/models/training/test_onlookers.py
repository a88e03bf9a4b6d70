"""What is seen of a run where nobody sits at a terminal."""

import io

import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)

from rich.console import Console

from antiphon_models.training.onlookers import BETWEEN_LINES, Onlooker
from antiphon_models.training.train import Report


def seen(moments: list[float], minutes_left: float = 90.0) -> list[str]:
    """Return what is told of steps that end at these moments, of 1, 2, 3 and so on bits per event."""
    written = io.StringIO()
    clock = iter(moments)
    onlooker = Onlooker(Console(file=written), clock=lambda: next(clock))
    for step in range(1, len(moments) + 1):
        onlooker.see(Report(step, 0.5, minutes_left, float(step), 1e-3, 4000.0))
    return written.getvalue().splitlines()


def test_without_a_terminal_the_first_step_is_told_and_then_the_mean_of_some_now_and_then() -> None:
    assert seen([0.0, 1.0, BETWEEN_LINES - 1.0, BETWEEN_LINES, BETWEEN_LINES + 1.0, 3 * BETWEEN_LINES]) == [
        "step 1: 1.000 bits per event, 4,000 events/s, 1 h 30 min left",
        "step 4: 3.000 bits per event, 4,000 events/s, 1 h 30 min left",
        "step 6: 5.500 bits per event, 4,000 events/s, 1 h 30 min left",
    ]


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0.2, "12 s left"), (2.0, "2 min left"), (61.0, "1 h 01 min left")]
)
def test_what_is_left_is_told_in_seconds_where_it_is_little(minutes: float, shown: str) -> None:
    assert seen([0.0], minutes)[0].endswith(shown)
