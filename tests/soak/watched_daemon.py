"""A daemon that says every minute how punctual it was in that minute: a program that plays as `antiphon run`.

    python watched_daemon.py --minutes FILE --set midi.in='player*' ...

Each line of the file is one :class:`Minute`. What is written is small and goes out after a note was sent, on
the thread that plays: a thread of its own would hold the interpreter at moments of its own choice. With
``--growth FILE`` it says at the end which lines of Python keep more than they did.
"""

import argparse
import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from antiphon import log
from antiphon.adapters.broadcast import Broadcast, News, Sent
from antiphon.adapters.pacer import clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.app import play
from antiphon.config import load
from antiphon.core.commands import OnsetsDropped, Publish, TurnGivenBack
from antiphon.core.units import Seconds
from growth import Growth

MINUTE: Seconds = 60.0

Buckets = list[tuple[Seconds, int]]
"""The upper ends of the buckets of a histogram, and how many durations are in each."""


class Minute(msgspec.Struct):
    """How late everything was in a minute, or somewhat longer where nothing happened at its end.

    Attributes:
        began: monotonic seconds.
        ended: likewise.
        delays: of each kind, those of :class:`antiphon.adapters.punctuality.Delays`.
        left_out: notes that would have been too late.
        answers: that came to an end.
    """

    began: Seconds
    ended: Seconds
    delays: dict[str, Buckets]
    left_out: int
    answers: int


class MinuteBook:
    """Writes down each minute when it is over.

    Args:
        file: descriptor of what is written to.
        and_then: called after that.
    """

    def __init__(self, file: int, and_then: Callable[[], None]) -> None:
        self._file = file
        self._and_then = and_then
        self._begin(clock())

    def _begin(self, now: Seconds) -> None:
        self._began = now
        self._punctuality = Punctuality()
        self._left_out = self._answers = 0

    def take_down(self, news: News) -> None:
        self._punctuality.take_down(news)
        match news:
            case Sent(Publish(occurrence=OnsetsDropped(onsets))):
                self._left_out += onsets
            case Sent(Publish(occurrence=TurnGivenBack())):
                self._answers += 1
        if (now := clock()) >= self._began + MINUTE:
            self.turn_over(now)

    def turn_over(self, now: Seconds) -> None:
        """Write down what there is, and begin anew."""
        delays = {name: list(each.buckets()) for name, each in self._punctuality.histograms().items()}
        minute = Minute(self._began, now, delays, self._left_out, self._answers)
        os.write(self._file, msgspec.json.encode(minute) + b"\n")
        self._and_then()
        self._begin(now)


def main() -> None:
    """Play until a signal."""
    options = parser().parse_args()
    log.configure(verbose=False)
    loaded = load(None, options.sets, os.environ)
    growth = Growth(options.growth) if options.growth else None
    file = os.open(options.minutes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    book = MinuteBook(file, growth.a_minute_is_over if growth else lambda: None)
    broadcast = Broadcast()
    broadcast.listen(book.take_down)
    asyncio.run(play(loaded, lambda: loaded, broadcast))
    book.turn_over(clock())
    if growth:
        growth.write()


def parser() -> argparse.ArgumentParser:
    manner = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=manner)
    options.add_argument("--minutes", required=True, help="file to write to")
    options.add_argument("--growth", type=Path, help="file to write to")
    options.add_argument("--set", dest="sets", action="append", default=[], help="a setting")
    return options


if __name__ == "__main__":
    main()
