"""Two tellings of the same session side by side, and where they first differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from antiphon.adapters.files.journal import Entry
from antiphon.adapters.files.transcript_lines import text_of
from antiphon.core.commands import Command
from antiphon.core.transcript import Step
from antiphon.core.units import Seconds
from antiphon.replay.account import in_minutes

BEFORE = 4
"""Lines that are shown before a difference: what both have in common."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that was said ``at`` a moment; what has the same ``text`` was the same."""

    at: Seconds
    text: str


Same = Callable[[Telling, Telling], bool]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two tellings first differ.

    Attributes:
        before: the last that is the same in both.
        then: what was expected; None where nothing was any more.
        now: what came.
    """

    before: Sequence[Telling]
    then: Telling | None
    now: Telling | None

    def lines(self, began: Seconds) -> Iterator[str]:
        """Yield what there is to see of it, with times since the beginning."""
        at = min(each.at for each in (self.then, self.now) if each is not None)
        yield f"the first difference is at {in_minutes(at - began, 6)}:"
        for each in self.before:
            yield _line("    ", each, began)
        yield _line("then", self.then, began)
        yield _line("now ", self.now, began)


def first_difference(then: Iterable[Telling], now: Iterable[Telling], same: Same) -> Difference | None:
    """Return where two tellings first differ, None where they do not."""
    before: list[Telling] = []
    for one, other in zip_longest(then, now):
        if one is None or other is None or not same(one, other):
            return Difference(before, one, other)
        before = [*before[1 - BEFORE :], other]
    return None


def to_the_bit(one: Telling, other: Telling) -> bool:
    return one.text == other.text


def about_as_late(tolerance: Seconds) -> Same:
    """Return what takes for the same what came within so many seconds of its time."""
    return lambda one, other: one.text == other.text and abs(one.at - other.at) <= tolerance


def tellings_of(steps: Iterable[Step]) -> Iterator[Telling]:
    """Yield what the engine drew in each step, and what was said."""
    for step in steps:
        for event in step.drawn:
            drawn = "nothing yet" if event is None else f"{event.dt!r} {event.velocity} {event.pitch}"
            yield Telling(step.at, f"the engine drew {drawn}")
        yield from tellings_in(step.said)


def tellings_in(commands: Iterable[Command]) -> Iterator[Telling]:
    """Yield commands, every number as it is."""
    for command in commands:
        yield Telling(command.due, text_of(command).decode())


def messages_in(entries: Iterable[Entry]) -> Iterator[Telling]:
    """Yield what a recording has of the answers."""
    for entry in entries:
        if entry.part == "it":
            yield Telling(entry.at, in_words(entry.data))


def in_words(message: bytes) -> str:
    """Return the bytes of a channel message, such as ``play 60 80``, whichever channel it is on."""
    kind, *data = message
    names = {0x80: "release", 0x90: "play", 0xB0: "control"}
    numbers = data[:1] if kind & 0xF0 == 0x80 else data
    return f"{names.get(kind & 0xF0, 'message')} {' '.join(map(str, numbers))}"


def _line(which: str, telling: Telling | None, began: Seconds) -> str:
    if telling is None:
        return f"  {which}              nothing more"
    return f"  {which}  {in_minutes(telling.at - began, 6):>12}  {telling.text}"
