"""Options that Typer lets pass, and that make no sense."""

import math

import pytest
import typer

from antiphon_models.errors import OptionsError
from antiphon_models.options import refuse, within


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0])
def test_what_is_beyond_or_no_number_at_all_is_refused_in_words(value: float) -> None:
    with pytest.raises(typer.BadParameter, match=f"it must be at least 0, not {value}"):
        within(0.0)(value)
    with pytest.raises(typer.BadParameter, match=f"it must be from 0 to 0.95, not {value}"):
        within(0.0, 0.95)(value)


@pytest.mark.parametrize("value", [None, 0.0, 2.5, 7])
def test_numbers_within_and_nothing_pass(value: float | None) -> None:
    assert within(0.0)(value) == value
    assert within(0, 7)(value) == value


def test_an_option_that_was_given_where_it_has_no_place_is_refused() -> None:
    refuse({"--units": None, "--distribute": False}, "because")
    for value in (0, 3, "text", True):
        with pytest.raises(OptionsError, match="leave out --units: because") as refused:
            refuse({"--units": value}, "because")
        assert refused.value.exit_code == 2
