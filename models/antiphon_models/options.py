"""What is checked of options in words of our own: numbers, and options that do not go together."""

import math
from collections.abc import Callable, Mapping
from typing import TypeVar

import typer

from antiphon_models.errors import OptionsError

Number = TypeVar("Number", bound=float | None)


def within(least: float, most: float = math.inf) -> Callable[[Number], Number]:
    """Return the callback of an option for a number from ``least`` to ``most``; None was not given.

    It raises ``typer.BadParameter`` for any other number, and for what is no number at all.
    """

    def check(value: Number) -> Number:
        if value is None or (least <= value <= most and math.isfinite(value)):
            return value
        bounds = f"at least {least:g}" if most == math.inf else f"from {least:g} to {most:g}"
        raise typer.BadParameter(f"it must be {bounds}, not {value}")

    return check


def refuse(options: Mapping[str, object], why: str) -> None:
    """Refuse those of some options that were given: whose value is neither None nor False.

    Raises:
        OptionsError: there is one.
    """
    for option, value in options.items():
        if value is not None and value is not False:
            raise OptionsError(f"leave out {option}: {why}")
