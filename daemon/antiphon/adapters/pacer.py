"""The pacer: runs the improviser in real time. The only place that reads the clock.

It sleeps until the moment that the improviser asks to be woken at, sends what is due, and sleeps again.
Every deadline is absolute, so being late once never makes the next note late. It tells what was heard and
what was sent, each with its moments; how late that was others take down.
"""

import asyncio
import math
import time
from collections.abc import Callable
from typing import TypeAlias

from antiphon.adapters.broadcast import Heard, Listener, Sent
from antiphon.adapters.timer import Timer, open_timer
from antiphon.core.actuator import Actuator, Outgoing
from antiphon.core.commands import Music, Publish
from antiphon.core.events import Event, KeyPressed, OutputLost, SettingsChanged, Silenced
from antiphon.core.improviser import Improviser
from antiphon.core.units import Seconds

clock: Callable[[], Seconds] = time.monotonic
"""Monotonic seconds, for all who need to stamp what arrives."""

wall_clock: Callable[[], Seconds] = time.time
"""Seconds since 1970, for appointments with others. It may be set back and forth; nothing is timed by it."""

Play: TypeAlias = Callable[[Music], None]
"""Sends a command on its way to the instrument, now, and does not wait."""


class Pacer:
    """Call everything on the thread of the running loop.

    Args:
        improviser: what is told and asked.
        play: called with each command for the instrument when it is due.
        tell: called afterwards, when all that was due at once has been sent, so that a chord leaves together.
        actuator: what the notes of answers wait in, where the instrument takes its time.
        clock: monotonic seconds, the clock of the loop.
        open_timer: opens what wakes it.
    """

    def __init__(
        self,
        improviser: Improviser,
        play: Play,
        tell: Listener,
        actuator: Actuator | None = None,
        clock: Callable[[], Seconds] = clock,
        open_timer: Callable[[asyncio.AbstractEventLoop, Callable[[], None]], Timer] = open_timer,
    ) -> None:
        self.clock = clock
        self._improviser = improviser
        self._actuator = actuator or Actuator()
        self._play = play
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._timer = open_timer(self._loop, self._wake)
        self._wakes_soon = False
        self._is_closed = False
        self._beat: Callable[[], None] = lambda: None
        self._beats_every: Seconds = math.inf
        self._beats_at: Seconds = math.inf

    def receive(self, event: Event, at: Seconds) -> None:
        """Tell the improviser what happened, and send what it says to that at once.

        After the close nothing is told any more: ports report their loss late, when all is released.
        """
        if self._is_closed:
            return
        try:
            self._improviser.receive(event, at)
        finally:
            decided = self.clock()
            self._prepare_the_actuator(event, decided)
            sent = self._send(decided)
            self._tell(Heard(event, at, decided))
            self._tell_all(sent)
        self._sleep()

    def beat(self, every: Seconds, beat: Callable[[], None]) -> None:
        """Call back every so often, out of the very wake that plays the notes.

        It is for those who have to know that the music would go on: where the timer does not ring, the loop
        hangs, or the improviser fails, there is no beat.
        """
        self._beat, self._beats_every, self._beats_at = beat, every, self.clock()
        self._sleep()

    def close(self) -> None:
        """Release everything, send that, and never wake again."""
        if self._is_closed:
            return
        try:
            self.receive(Silenced(), self.clock())
        finally:
            self._is_closed = True
            self._timer.close()

    def _wake(self) -> None:
        self._wakes_soon = False
        if self._is_closed:
            return
        now = self.clock()
        # What waits for the instrument does not wait for the engine as well.
        self._tell_all(self._carried_out(self._actuator.due(now)))
        self._improviser.advance(now)
        self._tell_all(self._send(now))
        if now >= self._beats_at:
            self._beats_at = now + self._beats_every
            self._beat()
        self._sleep()

    def _prepare_the_actuator(self, event: Event, now: Seconds) -> None:
        """Tell the actuator what concerns it of an event that the improviser has dealt with."""
        match event:
            case SettingsChanged(settings):
                self._actuator.follow(settings.actuator)
            case OutputLost():
                self._actuator.forget()
            case Silenced():
                self._actuator.cut(now)
            case KeyPressed() if not self._improviser.is_answering:
                # An answer that has been given out may still be on its way to the hammers.
                self._actuator.yield_the_tail(now)

    def _send(self, now: Seconds) -> list[Sent]:
        return self._carried_out(self._actuator.take(self._improviser.commands_to_send(), now))

    def _carried_out(self, due: list[Outgoing]) -> list[Sent]:
        sent: list[Sent] = []
        for outgoing in due:
            if not isinstance(outgoing.command, Publish):
                self._play(outgoing.command)
            sent.append(Sent(outgoing.command, self.clock() + outgoing.ahead))
        return sent

    def _tell_all(self, sent: list[Sent]) -> None:
        for each in sent:
            self._tell(each)

    def _sleep(self) -> None:
        moments = (self._improviser.wake_at(), self._actuator.next_at, self._beats_at)
        at = min(moment for moment in moments if moment is not None)
        if at == math.inf:
            self._timer.clear()
        elif at > self.clock():
            self._timer.set(at)
        elif not self._wakes_soon:
            # Not in a loop here: what arrives meanwhile, such as a key that interrupts, comes in between.
            self._wakes_soon = True
            self._loop.call_soon(self._wake)
