from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as some

from antiphon.adapters.midi.waiting_line import IN_SEQUENCE, Waiting, WaitingLine
from antiphon.core.events import ClockTicked

CROWD = 4

MODULATION, PEDAL, BANK = 1, 64, 0

notes = some.tuples(some.sampled_from([0x80, 0x90]), some.integers(0, 127), some.integers(0, 127))
controls = some.tuples(
    some.sampled_from([0xB0, 0xB1]),
    some.sampled_from([MODULATION, 74, PEDAL, BANK]),
    some.sampled_from([0, 1, 63, 64, 126, 127]),
)
bends = some.tuples(some.just(0xE0), some.integers(0, 127), some.integers(0, 127))
steps = some.lists(some.one_of(notes, controls, bends, some.just("take")), max_size=80)


def taken_from(line: WaitingLine) -> list[Waiting]:
    taken = []
    while (waiting := line.take()) is not None:
        taken.append(waiting[0])
    return taken


def put_in(line: WaitingLine, *messages: Waiting) -> None:
    for number, message in enumerate(messages):
        assert line.put(message, float(number))


def crowded() -> WaitingLine:
    """Return a line in which so many notes wait that controllers are merged."""
    line = WaitingLine(100, CROWD)
    put_in(line, *[(0x90, 60, 1)] * CROWD)
    return line


def after_the_crowd(line: WaitingLine) -> list[Waiting]:
    return taken_from(line)[CROWD:]


def test_where_few_wait_everything_comes_as_it_was() -> None:
    line, sweep = WaitingLine(100, CROWD), [(0xB0, MODULATION, value) for value in range(1, 1 + CROWD)]
    put_in(line, *sweep)
    assert taken_from(line) == sweep


def test_in_a_crowd_a_sweep_is_one_message_where_its_first_was() -> None:
    line = crowded()
    put_in(line, (0xB0, MODULATION, 10), (0x90, 62, 1), (0xB0, MODULATION, 11), (0xB0, MODULATION, 12))
    assert after_the_crowd(line) == [(0xB0, MODULATION, 12), (0x90, 62, 1)]


def test_what_is_merged_came_when_the_first_did_so_that_time_does_not_go_back() -> None:
    line = crowded()
    line.put((0xB0, MODULATION, 10), 5.0)
    line.put((0x90, 62, 1), 6.0)
    line.put((0xB0, MODULATION, 12), 7.0)
    moments = [waiting[1] for waiting in iter(line.take, None)]
    assert moments[CROWD:] == [5.0, 6.0]


def test_a_button_that_is_pressed_and_let_go_is_not_merged() -> None:
    line, pressed = crowded(), [(0xB0, 20, value) for value in (127, 0, 127, 0)]
    put_in(line, *pressed)
    assert after_the_crowd(line) == pressed


def test_a_pedal_that_goes_up_and_down_again_is_told_so() -> None:
    line = crowded()
    put_in(line, *[(0xB0, PEDAL, value) for value in (127, 100, 64, 63, 0, 90)])
    assert after_the_crowd(line) == [(0xB0, PEDAL, 64), (0xB0, PEDAL, 0), (0xB0, PEDAL, 90)]


@pytest.mark.parametrize("number", sorted(IN_SEQUENCE))
def test_what_means_something_only_in_sequence_stays_in_sequence(number: int) -> None:
    line, messages = crowded(), [(0xB0, number, value) for value in (10, 11, 12)]
    put_in(line, *messages)
    assert after_the_crowd(line) == messages


def test_the_same_controller_of_another_channel_is_another() -> None:
    line, messages = crowded(), [(0xB0, MODULATION, 10), (0xB1, MODULATION, 11)]
    put_in(line, *messages)
    assert after_the_crowd(line) == messages


@pytest.mark.parametrize("damaged", [(0xB0, MODULATION), (0xB0, MODULATION, 200), (0xE0, 5), (0xD0, 5, 5)])
def test_what_is_damaged_takes_no_place_of_what_is_not(damaged: tuple[int, ...]) -> None:
    line, whole = crowded(), [(0xB0, MODULATION, 10), (0xE0, 5, 5), (0xD0, 5)]
    put_in(line, *whole, damaged)
    assert after_the_crowd(line)[:3] == whole


def test_there_is_room_for_so_many_and_a_note_that_finds_none_is_told() -> None:
    line = WaitingLine(8, CROWD)
    put_in(line, *[(0x90, pitch, 1) for pitch in range(7)], (0xB0, MODULATION, 10))
    assert not line.put((0x90, 7, 1), 0.0)
    assert line.put((0xB0, MODULATION, 11), 0.0)
    assert len(line) == 8
    assert taken_from(line)[-1] == (0xB0, MODULATION, 11)


def test_ticks_of_a_clock_wait_in_line() -> None:
    line = crowded()
    put_in(line, ClockTicked(3), (0xB0, MODULATION, 10))
    assert after_the_crowd(line) == [ClockTicked(3), (0xB0, MODULATION, 10)]


def test_what_was_cleared_away_is_not_merged_with() -> None:
    line = crowded()
    put_in(line, (0xB0, MODULATION, 10))
    line.clear()
    put_in(line, (0xB0, MODULATION, 11))
    assert taken_from(line) == [(0xB0, MODULATION, 11)]


@given(steps)
def test_notes_come_all_in_order_and_every_control_ends_where_it_was_left(given_steps: list[object]) -> None:
    line = WaitingLine(1000, CROWD)
    put: list[tuple[int, ...]] = []
    taken: list[Waiting] = []
    for step in given_steps:
        if isinstance(step, tuple):
            put.append(step)
            line.put(step, 0.0)
        elif (waiting := line.take()) is not None:
            taken.append(waiting[0])
    taken += taken_from(line)

    def of(messages: list[tuple[int, ...]], status: int, number: int) -> list[int]:
        return [data[2] for data in messages if data[0] == status and data[1] == number]

    told = [message for message in taken if isinstance(message, tuple)]
    assert [data for data in told if data[0] < 0xB0] == [data for data in put if data[0] < 0xB0]
    assert [data for data in told if data[0] == 0xE0][-1:] == [data for data in put if data[0] == 0xE0][-1:]
    for status in (0xB0, 0xB1):
        assert of(told, status, BANK) == of(put, status, BANK)
        assert of(told, status, MODULATION)[-1:] == of(put, status, MODULATION)[-1:]
        ends = [[value for value in of(each, status, 74) if value in (0, 127)] for each in (told, put)]
        assert ends[0] == ends[1]
        halves = [
            [half for half, _ in groupby(of(each, status, PEDAL), lambda value: value // 64)]
            for each in (told, put)
        ]
        assert halves[0] == halves[1]


def test_nothing_gets_lost_between_two_threads() -> None:
    line = WaitingLine(100_000, CROWD)
    moves = [(0xB0, MODULATION, 1 + number % 126) for number in range(10_000)]
    notes_played = [(0x90, number % 128, 1 + number // 128) for number in range(10_000)]
    put = [message for two in zip(moves, notes_played, strict=True) for message in two]
    with ThreadPoolExecutor(1) as thread:
        putting = thread.submit(put_in, line, *put)
        taken: list[Waiting] = []
        while not putting.done():
            if (waiting := line.take()) is not None:
                taken.append(waiting[0])
        putting.result()
    taken += taken_from(line)
    told = [message for message in taken if isinstance(message, tuple)]
    assert [data for data in told if data[0] == 0x90] == notes_played
    assert [data for data in told if data[0] == 0xB0][-1] == [data for data in put if data[0] == 0xB0][-1]
