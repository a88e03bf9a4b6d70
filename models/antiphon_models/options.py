"""What Typer does not check of options: numbers that are none, and options that do not go together."""

import math
from collections.abc import Mapping

import typer

from antiphon_models.errors import OptionsError


def finite(value: float | None) -> float | None:
    """Return the value of an option, as its callback; no comparison keeps out what is no number.

    Raises:
        typer.BadParameter: it is no number, or infinite.
    """
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not a number to count with")
    return value


def refuse(options: Mapping[str, object], why: str) -> None:
    """Refuse those of some options that were given: whose value is neither None nor False.

    Raises:
        OptionsError: there is one.
    """
    for option, value in options.items():
        if value is not None and value is not False:
            raise OptionsError(f"leave out {option}: {why}")
