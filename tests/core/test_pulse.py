"""Who gives the beat, and what follows from it."""

from collections.abc import Iterable

import pytest

from antiphon.core.commands import ClockCame, ClockWent, Command, Publish, SendClock
from antiphon.core.events import ClockStarted, ClockTicked
from antiphon.core.pulse import Pulse
from antiphon.core.units import Pitch, Velocity
from default_settings import settings


def pulse(**tempo: object) -> Pulse:
    return Pulse(settings(tempo=tempo).tempo, 0.0)


def tick(of: Pulse, bpm: float, beats: float, begins: float = 0.0) -> list[Command]:
    """Start a clock and let it tick; the first tick is beat 0."""
    told = of.receive(ClockStarted(), begins)
    for number in range(round(24 * beats) + 1):
        told += of.receive(ClockTicked(), begins + number * 60.0 / bpm / 24)
    return told


def play(of: Pulse, interval: float, onsets: int = 24) -> None:
    for onset in range(onsets):
        now = onset * interval
        of.hear(Pitch(48 if onset % 2 == 0 else 72), Velocity(90 if onset % 2 == 0 else 60), now)
        of.advance(now + 0.06, answers=False)


def messages(commands: Iterable[Command]) -> list[str]:
    return [command.message for command in commands if isinstance(command, SendClock)]


def test_with_no_clock_and_nothing_heard_there_is_no_beat() -> None:
    assert pulse().metre(0.0) is None
    assert pulse(begin="bar").begins_at(3.3) == 3.3
    assert pulse(quantise=1.0).place(3.3, None, 0.0) == 3.3


def test_the_beat_is_heard_until_a_clock_ticks() -> None:
    both = pulse()
    play(both, interval=0.3)
    heard = both.metre(8.0)
    assert heard is not None
    assert heard.source == "playing"
    assert heard.bpm == pytest.approx(100.0, rel=0.02)
    tick(both, bpm=120.0, beats=1, begins=8.0)
    followed = both.metre(8.5)
    assert followed is not None
    assert followed.source == "clock"
    assert followed.bpm == pytest.approx(120.0)


def test_who_is_not_to_give_the_beat_does_not() -> None:
    only_clock, only_heard = pulse(source="clock"), pulse(source="heard")
    play(only_clock, interval=0.3)
    assert only_clock.metre(8.0) is None
    tick(only_heard, bpm=120.0, beats=1)
    assert only_heard.metre(0.6) is None


def test_a_fixed_beat_is_counted_from_the_start() -> None:
    fixed = pulse(source="fixed", bpm=120.0, begin="bar", bar=3)
    assert fixed.begins_at(4.0) == pytest.approx(4.5)
    assert fixed.begins_at(4.6) == pytest.approx(6.0)


def test_an_answer_begins_on_the_next_beat_or_bar_of_the_clock() -> None:
    on_beats, on_bars = pulse(begin="beat"), pulse(begin="bar")
    for each in (on_beats, on_bars):
        tick(each, bpm=120.0, beats=5, begins=10.0)
    assert on_beats.begins_at(12.6) == pytest.approx(13.0)
    assert on_bars.begins_at(12.6) == pytest.approx(14.0)


def test_a_beat_on_which_it_is_about_to_begin_stays_while_the_clock_is_filtered() -> None:
    unsteady = pulse(begin="beat")
    tick(unsteady, bpm=120.0, beats=2)
    begins_at = unsteady.begins_at(1.2)
    for number, late in enumerate((0.002, -0.001, 0.002, 0.001)):
        unsteady.receive(ClockTicked(), 1.0 + (number + 1) * 0.5 / 24 + late)
        assert unsteady.begins_at(1.2) == begins_at


def test_nothing_is_placed_before_now_nor_later_than_it_was_for_that() -> None:
    drawn = pulse(source="fixed", bpm=60.0, quantise=1.0, grid="1/4")
    assert drawn.place(10.4, None, 10.0) == pytest.approx(10.0)
    assert drawn.place(10.4, None, 10.3) == pytest.approx(10.3)
    assert drawn.place(10.4, None, 10.5) == pytest.approx(10.4)
    assert drawn.place(10.6, None, 10.5) == pytest.approx(11.0)
    assert drawn.farthest_back(0.0) == pytest.approx(0.5)


def test_a_clock_that_comes_and_goes_is_told() -> None:
    followed = pulse()
    told = tick(followed, bpm=120.0, beats=1)
    came = [each.occurrence for each in told if isinstance(each, Publish)][-1]
    assert isinstance(came, ClockCame)
    assert came.bpm == pytest.approx(120.0)
    wakes_at = followed.wakes_at(0.5, answers=False)
    assert wakes_at is not None
    assert wakes_at == pytest.approx(1.0)
    assert followed.advance(wakes_at, answers=False) == [Publish(wakes_at, ClockWent())]
    assert followed.wakes_at(wakes_at, answers=False) is None


def test_a_clock_is_sent_only_where_that_is_asked_for() -> None:
    assert pulse().wakes_at(0.0, answers=True) is None
    assert pulse().advance(1.0, answers=True) == []


def test_a_clock_that_is_always_sent_starts_at_once_at_the_tempo_that_is_set() -> None:
    always = pulse(send="always", bpm=120.0)
    assert always.wakes_at(0.0, answers=False) == 0.0
    sent = always.advance(0.0, answers=False)
    while (wakes_at := always.wakes_at(0.0, answers=False)) is not None and wakes_at < 1.0:
        sent += always.advance(wakes_at, answers=False)
    assert messages(sent) == ["start"] + ["tick"] * 48
    assert messages(always.stop(1.0)) == ["stop"]


def test_a_clock_for_answers_starts_and_stops_with_them() -> None:
    for_answers = pulse(send="answers", bpm=120.0)
    assert for_answers.wakes_at(0.1, answers=False) is None
    assert for_answers.advance(0.1, answers=True) == []
    assert for_answers.wakes_at(0.1, answers=True) == pytest.approx(0.5)
    assert messages(for_answers.advance(0.51, answers=True)) == ["start", "tick"]
    assert for_answers.wakes_at(0.51, answers=False) == 0.51
    assert messages(for_answers.advance(0.52, answers=False)) == ["stop"]


def test_other_settings_hold_from_the_next_question_on() -> None:
    changed = pulse(send="always")
    changed.advance(0.0, answers=False)
    changed.follow(settings(tempo={"source": "fixed", "bpm": 150.0}).tempo)
    metre = changed.metre(1.0)
    assert metre is not None
    assert metre.bpm == pytest.approx(150.0)
    assert messages(changed.advance(0.3, answers=False)) == ["stop"]
