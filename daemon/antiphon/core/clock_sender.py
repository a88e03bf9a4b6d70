"""Our own MIDI clock: when its ticks are due, so that others keep to our beat, wherever that is from.

A tick is never left out for being late, because whoever follows counts them. Where the beat moves, the ticks
come a little closer together or further apart until they are on it again.
"""

from collections.abc import Iterator

from antiphon.core.commands import SendClock
from antiphon.core.metre import Metre
from antiphon.core.midi_clock import TICKS_IN_A_BEAT
from antiphon.core.units import Seconds

STEERING = 0.05
"""How much longer or shorter a tick may be to come back onto the beat; more would be heard as a stumble."""


class ClockSender:
    """A clock that runs or stands still."""

    def __init__(self) -> None:
        self._tick = 0
        self._due: Seconds | None = None
        self._period: Seconds = 0.0

    @property
    def runs(self) -> bool:
        return self._due is not None

    @property
    def due(self) -> Seconds | None:
        """When the next tick is due; None while the clock stands still."""
        return self._due

    def start(self, metre: Metre, now: Seconds) -> None:
        """Let the song begin on the next beat."""
        self._due = metre.next_of(1, now)
        self._tick, self._period = 0, metre.period / TICKS_IN_A_BEAT

    def stop(self, now: Seconds) -> list[SendClock]:
        """Stop the song and the ticks, where they run; the song has begun only with its first tick."""
        has_begun, self._due = self._due is not None and self._tick > 0, None
        return [SendClock(now, "stop")] if has_begun else []

    def take_due(self, metre: Metre, now: Seconds) -> Iterator[SendClock]:
        """Yield what is due by now.

        After more than a beat in which nobody asked, whole beats are skipped: a burst is worse than that.
        """
        while self._due is not None and self._due <= now:
            self._skip(now)
            if self._tick == 0:
                yield SendClock(self._due, "start")
            yield SendClock(self._due, "tick")
            self._due += self._length_of_next(metre)
            self._tick += 1

    def _skip(self, now: Seconds) -> None:
        assert self._due is not None
        beat = TICKS_IN_A_BEAT * self._period
        self._due += beat * int((now - self._due) / beat)

    def _length_of_next(self, metre: Metre) -> Seconds:
        """Return the seconds to the next tick, by a beat that may have moved since the last one."""
        assert self._due is not None
        level = _level(metre.period / TICKS_IN_A_BEAT / self._period)
        self._period = metre.period * level / TICKS_IN_A_BEAT
        reached = metre.beat_at(self._due + self._period) / level * TICKS_IN_A_BEAT
        ahead = (self._tick + 1 - reached + TICKS_IN_A_BEAT / 2) % TICKS_IN_A_BEAT - TICKS_IN_A_BEAT / 2
        return self._period * (1.0 + min(max(ahead, -STEERING), STEERING))


def _level(ratio: float) -> float:
    """Return what to count as a beat, of what is heard as one, so that a clock is not suddenly twice as fast.

    Args:
        ratio: how many times as long a beat is heard to be now.
    """
    return min((0.5, 1.0, 2.0), key=lambda level: abs(ratio * level - 1.0))
