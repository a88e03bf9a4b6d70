"""A MIDI clock that is followed: what its ticks and its song amount to, as a metre.

Told of each message at its moment, and asked at any other. It knows neither ports nor who else keeps time.
"""

from collections.abc import Iterator

from antiphon.core.commands import ClockCame, ClockWent, SongStarted, SongStopped
from antiphon.core.events import (
    ClockContinued,
    ClockEvent,
    ClockStarted,
    ClockStopped,
    ClockTicked,
    SongPositionMoved,
)
from antiphon.core.metre import Metre
from antiphon.core.tick_filter import TickFilter
from antiphon.core.units import Seconds

TICKS_IN_A_BEAT = 24
"""A beat is a quarter note (MIDI 1.0, System Real Time Messages)."""

TICKS_IN_A_SIXTEENTH = 6

USUAL_BAR = 4
"""Beats in a bar where nobody says otherwise; a clock does not tell."""

KNOWN_AFTER = 12
"""Ticks from which on the tempo is known well enough to play by it."""

SHORTEST_TICK, LONGEST_TICK = 0.004, 0.25
"""Seconds between ticks of a clock that is one: from 10 to 600 beats a minute."""

GONE_AFTER: Seconds = 0.5
"""A clock that has not ticked for so long is gone; of a slow one, GONE_TICKS."""

GONE_TICKS = 6

ClockNews = ClockCame | ClockWent | SongStarted | SongStopped


class MidiClock:
    """Follows the clock at the input, where there is one."""

    def __init__(self) -> None:
        self._filter = TickFilter()
        self._ticked_at: Seconds | None = None
        self._tick = -1
        """How many ticks lie between the beginning of the song and the last one that came."""
        self._song_tick: int | None = None
        """The number of the next tick of the song, where it is not the one after the last."""
        self._song_runs = False
        self._has_come = False

    def metre(self, bar: int = 0) -> Metre | None:
        """Return the metre of the clock, None where there is none, or none that one could follow yet.

        Args:
            bar: beats in a bar; 0 is the usual.
        """
        if not self._is_known:
            return None
        beat, period = self._tick / TICKS_IN_A_BEAT, self._filter.period * TICKS_IN_A_BEAT
        return Metre(self._filter.at, beat, period, bar or USUAL_BAR, "clock")

    @property
    def _is_known(self) -> bool:
        return self._filter.ticks >= KNOWN_AFTER and SHORTEST_TICK <= self._filter.period <= LONGEST_TICK

    def receive(self, event: ClockEvent, now: Seconds) -> Iterator[ClockNews]:
        """Take in what the clock says, and yield what there is to tell of it."""
        match event:
            case ClockTicked(ticks):
                yield from self._count(ticks, now)
            case ClockStarted():
                self._song_tick = 0
                yield from self._run(True)
            case ClockContinued():
                yield from self._run(True)
            case ClockStopped():
                yield from self._run(False)
            case SongPositionMoved(sixteenths):
                self._song_tick = sixteenths * TICKS_IN_A_SIXTEENTH

    def _count(self, ticks: int, now: Seconds) -> Iterator[ClockNews]:
        yield from self.notice(now)
        self._tick += ticks
        if self._song_tick is not None and self._song_runs:
            self._tick, self._song_tick = self._song_tick + ticks - 1, None
        self._filter.take(ticks, now)
        self._ticked_at = now
        if self._is_known and not self._has_come:
            self._has_come = True
            yield ClockCame(60.0 / (self._filter.period * TICKS_IN_A_BEAT))

    def _run(self, runs: bool) -> Iterator[ClockNews]:
        """Let the song run or stand; the ticks of one that stands are counted on, for they tell beats."""
        if runs == self._song_runs:
            return
        self._song_runs = runs
        if self._song_tick is None:
            self._song_tick = self._tick + 1
        beat = self._song_tick / TICKS_IN_A_BEAT
        yield SongStarted(beat) if runs else SongStopped(beat)

    @property
    def gone_at(self) -> Seconds | None:
        """When the clock will be gone unless it ticks before; None where there is none."""
        if self._ticked_at is None:
            return None
        return self._ticked_at + max(GONE_AFTER, GONE_TICKS * self._filter.period)

    def notice(self, now: Seconds) -> Iterator[ClockWent]:
        """Yield that the clock is gone, once, where it is by now."""
        gone_at = self.gone_at
        if gone_at is None or now < gone_at:
            return
        self._filter, self._ticked_at = TickFilter(), None
        if self._has_come:
            self._has_come = False
            yield ClockWent()
