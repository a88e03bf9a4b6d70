"""Numbers of things as one says them."""

import pytest

from antiphon_models.counted import counted, duration


def test_one_of_a_thing_is_no_plural() -> None:
    assert [counted(number, "step") for number in (0, 1, 2, 1200)] == [
        "0 steps",
        "1 step",
        "2 steps",
        "1,200 steps",
    ]
    assert [counted(number, "file or tune", "files or tunes") for number in (1, 2)] == [
        "1 file or tune",
        "2 files or tunes",
    ]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.0, "0 seconds"),
        (1 / 60, "1 second"),
        (0.33, "20 seconds"),
        (1.99, "119 seconds"),
        (2.0, "2 minutes"),
        (2.5, "2.5 minutes"),
        (9.96, "10 minutes"),
        (100.4, "100 minutes"),
    ],
)
def test_few_minutes_are_told_as_seconds_or_to_a_tenth(number: float, shown: str) -> None:
    assert duration(number) == shown
