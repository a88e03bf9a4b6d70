"""A sequencer that starts, stops, is put elsewhere and vanishes, as one hears it who follows its clock."""

import random

import pytest

from antiphon.core.commands import ClockCame, ClockWent, SongStarted, SongStopped
from antiphon.core.events import (
    ClockContinued,
    ClockEvent,
    ClockStarted,
    ClockStopped,
    ClockTicked,
    SongPositionMoved,
)
from antiphon.core.midi_clock import GONE_AFTER, MidiClock


class Sequencer:
    """Sends a clock of 120 beats a minute, and keeps what is told of it."""

    TICK = 0.5 / 24

    def __init__(self, jitter: float = 0.0) -> None:
        self.clock = MidiClock()
        self.now = 0.0
        self.told: list[object] = []
        self._drawn = random.Random(7)
        self._jitter = jitter

    def says(self, event: ClockEvent) -> None:
        self.told += self.clock.receive(event, self.now)

    def ticks(self, beats: float) -> None:
        for _ in range(round(24 * beats)):
            self.now += self.TICK
            early_or_late = self._drawn.uniform(-self._jitter, self._jitter)
            self.told += self.clock.receive(ClockTicked(), self.now + early_or_late)

    def beat(self) -> float:
        """The beat of the last tick, as the metre has it."""
        metre = self.clock.metre()
        assert metre is not None
        return metre.beat_at(self.now)


def test_half_a_beat_is_enough_to_know_the_tempo() -> None:
    sequencer = Sequencer()
    sequencer.ticks(0.25)
    assert sequencer.clock.metre() is None
    sequencer.ticks(0.25)
    metre = sequencer.clock.metre()
    assert metre is not None
    assert metre.bpm == pytest.approx(120.0)
    assert (metre.bar, metre.source) == (4, "clock")
    [came] = sequencer.told
    assert isinstance(came, ClockCame)
    assert came.bpm == pytest.approx(120.0)


def test_the_first_tick_after_the_start_is_the_first_beat() -> None:
    sequencer = Sequencer()
    sequencer.ticks(1.3)
    sequencer.says(ClockStarted())
    sequencer.ticks(1 / 24)
    assert sequencer.beat() == pytest.approx(0.0)
    sequencer.ticks(5)
    assert sequencer.beat() == pytest.approx(5.0)
    assert SongStarted(0.0) in sequencer.told


def test_a_song_that_is_stopped_goes_on_where_it_was_and_its_ticks_still_tell_beats() -> None:
    sequencer = Sequencer()
    sequencer.says(ClockStarted())
    sequencer.ticks(2)
    sequencer.says(ClockStopped())
    sequencer.ticks(3.25)
    assert sequencer.beat() == pytest.approx(5.25 - 1 / 24)
    sequencer.says(ClockContinued())
    sequencer.ticks(1 / 24)
    assert sequencer.beat() == pytest.approx(2.0)
    assert [told for told in sequencer.told if not isinstance(told, ClockCame)] == [
        SongStarted(0.0),
        SongStopped(2.0),
        SongStarted(2.0),
    ]


def test_a_song_can_be_put_elsewhere_before_it_goes_on() -> None:
    sequencer = Sequencer()
    sequencer.ticks(1)
    sequencer.says(SongPositionMoved(sixteenths=4 * 16 + 2))
    sequencer.says(ClockContinued())
    sequencer.ticks(1 / 24)
    assert sequencer.beat() == pytest.approx(16.5)


def test_to_be_stopped_or_started_twice_is_no_news() -> None:
    sequencer = Sequencer()
    for event in (ClockStopped(), ClockStarted(), ClockContinued(), ClockStopped(), ClockStopped()):
        sequencer.says(event)
    assert sequencer.told == [SongStarted(0.0), SongStopped(0.0)]


def test_a_clock_that_vanishes_is_noticed_once_and_so_is_its_return() -> None:
    sequencer = Sequencer()
    sequencer.ticks(4)
    gone_at = sequencer.clock.gone_at
    assert gone_at is not None
    assert gone_at == pytest.approx(sequencer.now + GONE_AFTER)
    assert list(sequencer.clock.notice(gone_at - 0.01)) == []
    assert list(sequencer.clock.notice(gone_at)) == [ClockWent()]
    assert list(sequencer.clock.notice(gone_at + 9.0)) == []
    assert sequencer.clock.metre() is None
    assert sequencer.clock.gone_at is None
    sequencer.now += 10.0
    sequencer.ticks(1)
    assert [type(told) for told in sequencer.told] == [ClockCame, ClockCame]


def test_ticks_that_were_handed_over_as_one_are_counted_all() -> None:
    sequencer = Sequencer()
    sequencer.says(ClockStarted())
    for _ in range(8):
        sequencer.now += 6 * sequencer.TICK
        sequencer.says(ClockTicked(6))
    sequencer.now += 6 * sequencer.TICK
    sequencer.says(ClockTicked(6))
    sequencer.ticks(1)
    assert sequencer.beat() == pytest.approx(9 * 6 / 24 - 1 / 24 + 1)


def test_the_beats_of_an_unsteady_clock_are_steady() -> None:
    sequencer = Sequencer(jitter=0.002)
    sequencer.says(ClockStarted())
    sequencer.ticks(8)
    for beat in range(8, 108):
        sequencer.ticks(1)
        metre = sequencer.clock.metre()
        assert metre is not None
        assert metre.moment_of(beat) == pytest.approx((24 * beat + 1) * sequencer.TICK, abs=0.0006)


def test_what_ticks_faster_or_slower_than_any_clock_is_none() -> None:
    clock, now = MidiClock(), 0.0
    for _ in range(200):
        now += 0.001
        assert list(clock.receive(ClockTicked(), now)) == []
    assert clock.metre() is None
