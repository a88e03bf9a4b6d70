"""Options that Typer lets pass, and that make no sense."""

import math

import pytest
import typer

from antiphon_models.errors import OptionsError
from antiphon_models.options import finite, refuse


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_to_count_with_is_refused(value: float) -> None:
    with pytest.raises(typer.BadParameter, match="not a number to count with"):
        finite(value)


@pytest.mark.parametrize("value", [None, 0.0, 2.5])
def test_numbers_and_nothing_pass(value: float | None) -> None:
    assert finite(value) == value


def test_an_option_that_was_given_where_it_has_no_place_is_refused() -> None:
    refuse({"--units": None, "--distribute": False}, "because")
    for value in (0, 3, "text", True):
        with pytest.raises(OptionsError, match="leave out --units: because") as refused:
            refuse({"--units": value}, "because")
        assert refused.value.exit_code == 2
