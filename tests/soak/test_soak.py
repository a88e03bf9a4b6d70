"""What a soak makes of what it finds: two streams side by side, and what sounds in the end."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from account import SAME_CLOCK, Matched, Message, arrivals_in, matched, merged, sounding_after
from tireless_player import CONTROL, NOTE_OFF, NOTE_ON, SUSTAIN_PEDAL, phrase

messages = some.lists(some.integers(0, 3), max_size=60)


def test_what_has_come_as_it_was_is_all_matched() -> None:
    assert matched("abcab", "abcab") == Matched([(each, each) for each in range(5)], 0, 0)


def test_what_is_missing_is_lost_and_what_nobody_sent_is_strange() -> None:
    assert matched("abcdef", "acdxf") == Matched([(0, 0), (2, 1), (3, 2), (5, 4)], 2, 1)
    assert matched("abc", "") == Matched([], 3, 0)
    assert matched("", "abc") == Matched([], 0, 3)


@given(messages, messages)
def test_pairs_are_alike_and_in_order_and_everything_is_counted(first: list[int], second: list[int]) -> None:
    found = matched(first, second)
    assert all(first[here] == second[there] for here, there in found.pairs)
    assert found.pairs == sorted(set(found.pairs))
    assert len(found.pairs) + found.lost == len(first)
    assert len(found.pairs) + found.strange == len(second)


def test_a_note_that_is_not_released_sounds_in_the_end() -> None:
    heard = [
        bytes(each) for each in ([0x90, 60, 1], [0x91, 60, 1], [0x90, 62, 1], [0x80, 60, 0], [0x90, 62, 0])
    ]
    assert sounding_after(Message(0.0, data) for data in heard) == {(1, 60)}


def test_a_message_came_when_its_own_clock_says_seen_from_the_one_that_was_taken_soonest() -> None:
    lines = [
        {"taken": 100.004, "clock": 0.0, "bytes": [0x90, 60, 1]},
        {"taken": 100.501, "clock": 0.5, "bytes": [0x90, 62, 1]},
        {"taken": 101.005, "clock": 1.0, "bytes": [0x90, 64, 1]},
    ]
    assert [message.at for message in arrivals_in(lines)] == pytest.approx([100.001, 100.501, 101.001])


def test_clocks_that_drift_apart_are_put_together_again_and_again() -> None:
    lines = [
        {"taken": 50.0 + 1.0001 * each, "clock": float(each), "bytes": [0x90, 60, 1]}
        for each in range(10 * SAME_CLOCK)
    ]
    last = [*arrivals_in(lines)][-1]
    assert last.at == pytest.approx(lines[-1]["taken"], abs=0.11)


def test_buckets_of_several_minutes_are_one_histogram() -> None:
    histogram = merged([[(0.001, 98)], [(0.002, 1), (0.004, 1)]])
    assert (histogram.count, histogram.largest) == (100, 0.004)


@pytest.mark.parametrize("seed", range(20))
def test_a_phrase_is_as_dense_as_was_asked_and_leaves_nothing_down(seed: int) -> None:
    played = phrase(random.Random(seed), 40.0)
    down: set[int] = set()
    pedal = 0
    for _, (status, number, value) in played:
        if status == NOTE_ON:
            assert number not in down
            down.add(number)
        elif status == NOTE_OFF:
            down.remove(number)
        elif (status, number) == (CONTROL, SUSTAIN_PEDAL):
            pedal = value
    assert (down, pedal) == (set(), 0)
    keys = [at for at, message in played if message[0] != CONTROL]
    assert 35.0 < len(keys) / keys[-1] < 41.0
