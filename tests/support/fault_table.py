"""What came of a fault, as somebody beside the instrument would tell it, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

FOLDER = "tests/faults"

HEADINGS = ("fault", "how it is made", "what is heard", "what is logged", "plays again after", "shown by")

PAGE = """\
# What goes wrong, and what comes of it

Each line is a fault that was done to a real daemon over real JACK ports, with the figures of that run. *Plays
again after* counts from the end of the fault, or from the start of the next daemon where this one ended,
until it listens and plays. [Reliability](../reliability.md) says what is promised; the tests that show it are
in [tests/faults](../../tests/faults).

Written by `make faults`, not by hand.

{table}
{rest}"""

REST = """
Not tried where this was written:

{skipped}
"""


Recovery: TypeAlias = float | Literal["never stopped", "not by itself"]
"""Seconds, or what there is to say instead."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table.

    Attributes:
        name: what went wrong.
        made: how the test did it.
        heard: what a player or a listener noticed.
        logged: the line by which it was told, and how the daemon ended where it did.
        recovery: after which time it plays again, as the page counts it.
    """

    name: str
    made: str
    heard: str
    logged: str
    recovery: Recovery = "never stopped"


@dataclass(frozen=True, slots=True)
class Shown:
    """A fault, and the test that shows what comes of it."""

    fault: Fault
    test: str


def page(shown: Sequence[Shown], skipped: Sequence[str]) -> str:
    """Return the page of all faults, in the order in which they were tried.

    Args:
        skipped: a sentence for each fault that could not be tried.
    """
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(_cells(each) for each in shown)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    rest = REST.format(skipped="\n".join(f"- {each}" for each in skipped)) if skipped else ""
    return PAGE.format(table=table, rest=rest)


def _cells(shown: Shown) -> tuple[str, ...]:
    fault = shown.fault
    place, _, name = shown.test.rpartition("/")
    assert place == FOLDER
    cells = (fault.name, fault.made, fault.heard, fault.logged, _in_words(fault.recovery), f"`{name}`")
    return tuple(cell.replace("|", "\\|") for cell in cells)


def _in_words(recovery: Recovery) -> str:
    match recovery:
        case str():
            return recovery
        case _ if recovery < 0.1:
            return f"{1000 * recovery:.0f} ms"
    return f"{recovery:.1f} s"
