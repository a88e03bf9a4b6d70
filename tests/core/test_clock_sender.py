"""A drum machine that follows our clock: when it is told what, while the beat stays, moves and doubles."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.clock_sender import STEERING, ClockSender
from antiphon.core.commands import SendClock
from antiphon.core.metre import Metre


def beats(bpm: float, at: float = 0.0) -> Metre:
    return Metre(at, 0.0, 60.0 / bpm, 4, "playing")


def ticks(sent: list[SendClock]) -> list[float]:
    return [command.due for command in sent if command.message == "tick"]


def sent_until(sender: ClockSender, metre: Metre, until: float) -> list[SendClock]:
    """What is sent by one who is always on time."""
    sent: list[SendClock] = []
    while sender.due is not None and sender.due <= until:
        sent += sender.take_due(metre, sender.due)
    return sent


def test_the_song_starts_on_the_next_beat_and_each_beat_has_24_ticks() -> None:
    sender, metre = ClockSender(), beats(120.0)
    sender.start(metre, 1.2)
    sent = sent_until(sender, metre, 4.51)
    assert sent[0] == SendClock(1.5, "start")
    assert [command.message for command in sent[1:]] == ["tick"] * len(sent[1:])
    assert ticks(sent)[::24] == pytest.approx([1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5])


def test_it_stops_once_and_only_if_it_has_begun() -> None:
    sender = ClockSender()
    assert sender.stop(1.0) == []
    sender.start(beats(120.0), 1.2)
    assert sender.stop(1.3) == []
    sender.start(beats(120.0), 1.3)
    assert list(sender.take_due(beats(120.0), 1.5)) == [SendClock(1.5, "start"), SendClock(1.5, "tick")]
    assert sender.stop(1.6) == [SendClock(1.6, "stop")]
    assert not sender.runs
    assert sender.stop(1.7) == []


def test_a_beat_that_has_moved_is_come_back_to_without_a_stumble() -> None:
    sender = ClockSender()
    sender.start(beats(120.0), 0.0)
    sent_until(sender, beats(120.0), 4.0)
    sent = ticks(sent_until(sender, beats(120.0, at=0.1), 30.0))
    even = 0.5 / 24
    waits = [later - before for before, later in pairwise(sent)]
    assert max(abs(wait / even - 1.0) for wait in waits) <= STEERING + 1e-6
    assert min(abs(tick - 20.1) for tick in sent) < 1e-6


def test_a_beat_that_is_suddenly_heard_as_two_is_still_sent_as_one() -> None:
    sender = ClockSender()
    sender.start(beats(100.0), 0.0)
    slow = ticks(sent_until(sender, beats(100.0), 6.0))
    quick = ticks(sent_until(sender, beats(200.0), 12.0))
    assert len(quick) == pytest.approx(len(slow), abs=2)


def test_ticks_that_are_late_are_sent_all_but_whole_beats_are_skipped() -> None:
    sender, metre = ClockSender(), beats(120.0)
    sender.start(metre, 0.0)
    sent_until(sender, metre, 1.0)
    assert len(ticks(list(sender.take_due(metre, 1.25)))) == 12
    late = ticks(list(sender.take_due(metre, 7.76)))
    assert 1 <= len(late) <= 25
    assert late[0] >= 7.26
    assert sent_until(sender, metre, 8.0)[-1].due == pytest.approx(8.0)


@given(
    moves=st.lists(
        st.tuples(st.floats(40.0, 240.0), st.floats(0.0, 1.0), st.floats(0.0, 3.0)), min_size=1, max_size=12
    )
)
def test_however_the_beat_moves_ticks_come_one_after_the_other_at_its_tempo(
    moves: list[tuple[float, float, float]],
) -> None:
    sender, now = ClockSender(), 0.0
    sender.start(beats(moves[0][0]), now)
    for bpm, at, lasts in moves:
        now += lasts
        sent = ticks(sent_until(sender, beats(bpm, at), now))
        waits = [later - before for before, later in pairwise(sent)]
        tick = 60.0 / bpm / 24
        level = [wait / tick for wait in waits]
        for each in level:
            assert min(abs(each / of - 1.0) for of in (0.5, 1.0, 2.0)) <= STEERING + 1e-6
