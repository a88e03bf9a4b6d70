"""The pacer: runs the improviser in real time. The only place that reads the clock.

It sleeps until the moment that the improviser asks to be woken at, sends what is due, and sleeps again.
Every deadline is absolute, so being late once never makes the next note late. How late it was it takes down.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeAlias

from antiphon.adapters.punctuality import Punctuality
from antiphon.adapters.timer import open_timer
from antiphon.core.commands import Command
from antiphon.core.events import Event, Silenced
from antiphon.core.improviser import Improviser
from antiphon.core.units import Seconds

clock: Callable[[], Seconds] = time.monotonic
"""Monotonic seconds, for all who need to stamp what arrives."""

Play: TypeAlias = Callable[[Command], None]
"""Sends a command on its way, now, and does not wait."""

Tell: TypeAlias = Callable[[Command, Seconds], None]
"""Is told of a command and of the moment at which it was sent."""


def nobody(command: Command, at: Seconds) -> None:
    """Care for nothing that was sent."""


class Pacer:
    """Call everything on the thread of the running loop.

    Args:
        improviser: what is told and asked.
        play: called with each command when it is due.
        tell: called afterwards, when all that was due at once has been sent, so that a chord leaves together.

    Attributes:
        punctuality: how late everything was since the start.
    """

    def __init__(self, improviser: Improviser, play: Play, tell: Tell = nobody) -> None:
        self._improviser = improviser
        self._play = play
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._timer = open_timer(self._loop, self._wake)
        self.punctuality = Punctuality()
        self._wakes_soon = False
        self._is_closed = False

    def receive(self, event: Event, at: Seconds) -> None:
        """Tell the improviser what happened, and send what it says to that at once.

        After the close nothing is told any more: ports report their loss late, when all is released.
        """
        if self._is_closed:
            return
        try:
            self._improviser.receive(event, at)
            advanced = clock()
        finally:
            self._send()
        self.punctuality.heard.record(advanced - at)
        self._sleep()

    def close(self) -> None:
        """Release everything, send that, and never wake again."""
        if self._is_closed:
            return
        try:
            self.receive(Silenced(), clock())
        finally:
            self._is_closed = True
            self._timer.close()

    def _wake(self) -> None:
        self._wakes_soon = False
        if self._is_closed:
            return
        self._improviser.advance(clock())
        self._send()
        self._sleep()

    def _send(self) -> None:
        sent: list[tuple[Command, Seconds]] = []
        for command in self._improviser.commands_to_send():
            self._play(command)
            sent.append((command, clock()))
        for command, at in sent:
            self.punctuality.note(command, at)
            self._tell(command, at)

    def _sleep(self) -> None:
        at = self._improviser.wake_at()
        if at is None:
            self._timer.clear()
        elif at > clock():
            self._timer.set(at)
        elif not self._wakes_soon:
            # Not in a loop here: what arrives meanwhile, such as a key that interrupts, comes in between.
            self._wakes_soon = True
            self._loop.call_soon(self._wake)
