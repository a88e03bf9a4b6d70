"""An improviser under a simulated clock: an hour of music in seconds, and the same every time."""

from collections.abc import Iterable, Iterator

from antiphon.core.commands import Command
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Seconds


def play_through(improviser: Improviser, heard: Iterable[TimedEvent], until: Seconds) -> Iterator[Command]:
    """Yield the commands of an improviser that hears events at their moments and is always on time.

    ``heard`` is in order of time. The simulation ends at ``until``, or earlier when nothing is left to
    happen.
    """
    for timed in heard:
        yield from _advance_to(improviser, timed.at)
        improviser.receive(timed.event, timed.at)
        yield from improviser.commands_to_send()
    yield from _advance_to(improviser, until)


def _advance_to(improviser: Improviser, moment: Seconds) -> Iterator[Command]:
    while (wake_at := improviser.wake_at()) is not None and wake_at <= moment:
        improviser.advance(wake_at)
        yield from improviser.commands_to_send()
