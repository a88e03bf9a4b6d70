"""Whoever looks on while a network is trained: a bar on a terminal, elsewhere a line now and then."""

import signal
import time
from collections.abc import Callable
from statistics import fmean
from types import FrameType, TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from antiphon_models.counted import SECONDS_UNTIL
from antiphon_models.interrupts import SIGNALS
from antiphon_models.training.train import Report

BETWEEN_LINES = 30.0
"""Seconds at least from one line to the next where there is no terminal."""


class Onlooker:
    """Shows how a run gets on, and lets it be stopped between two steps. Use as a context manager.

    The first Ctrl-C, or SIGTERM, asks for it to stop; a second one ends the process as usual. So does the
    first where nobody has asked yet whether it is to stop: the run has not begun, nothing can be lost.
    """

    def __init__(
        self,
        console: Console,
        is_heard: bool = False,
        clock: Callable[[], float] = time.monotonic,
        of: str = "event",
    ) -> None:
        """Begin.

        Args:
            console: to show it on.
            is_heard: whether a wish to stop is heard from the start, as one worker of several must be.
            clock: seconds, by which a line comes now and then.
            of: what is learnt one by one.
        """
        self._console = console
        self._clock = clock
        self._of = of
        self._untold: list[float] = []
        self._told_at: float | None = None
        self._stops = False
        self._is_heard = is_heard
        self._before: dict[signal.Signals, Any] = {}
        columns = BarColumn(), TextColumn("{task.description}")
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("the first step takes a while", total=1.0)

    def see(self, report: Report) -> None:
        self._is_heard = True
        if not self._console.is_terminal:
            self._tell_now_and_then(report)
            return
        told = (
            f"step {report.step:,}  {report.bits_per_event:.2f} bits per {self._of}  "
            f"rate {report.learning_rate:.1e}  {report.events_per_second:,.0f} {self._of}s/s  "
            f"{_duration(report.minutes_left)} left"
        )
        self._bar.update(self._task, completed=report.share, description=told)

    def wants_it_to_stop(self) -> bool:
        self._is_heard = True
        return self._stops

    def __enter__(self) -> "Onlooker":
        self._before = {each: signal.signal(each, self._stop) for each in SIGNALS}
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
        self._restore()

    def _tell_now_and_then(self, report: Report) -> None:
        """Tell of the first step, and then of the mean of all since the last line."""
        self._untold.append(report.bits_per_event)
        now = self._clock()
        if self._told_at is not None and now - self._told_at < BETWEEN_LINES:
            return
        self._console.print(
            f"step {report.step:,}: {fmean(self._untold):.3f} bits per {self._of}, "
            f"{report.events_per_second:,.0f} {self._of}s/s, {_duration(report.minutes_left)} left",
            highlight=False,
            soft_wrap=True,
        )
        self._told_at = now
        self._untold.clear()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._restore()
        if not self._is_heard:
            raise KeyboardInterrupt
        self._stops = True

    def _restore(self) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)


def _duration(minutes: float) -> str:
    """Return minutes as hours and minutes, or where they are few as seconds."""
    if minutes < SECONDS_UNTIL:
        return f"{60 * minutes:.0f} s"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"
