import ctypes
import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.midi.jack_cables import JackCables
from antiphon.adapters.midi.jack_listener import Arrivals, JackListener
from antiphon.core.units import Seconds
from jack_server import JackServer, requires_jack, running_jack_server

PLAYER = Path(__file__).parents[2] / "support" / "midi_player.py"

Message = tuple[Sequence[int], Seconds]


class Queue:
    """What rtmidi keeps for whoever fetches it."""

    def __init__(self, *messages: Message) -> None:
        self.waiting = deque(messages)
        self.ignored: dict[str, bool] = {}

    def ignore_types(self, **ignored: bool) -> None:
        self.ignored = ignored

    def get_message(self) -> Message | None:
        return self.waiting.popleft() if self.waiting else None


def heard(queue: Queue, capacity: int = 10) -> list[Any]:
    """Return what a listener hands over of a queue that is looked at once, five seconds after it began."""
    told: list[Any] = []
    moments = iter([0.0, 5.0])

    def until_next_look() -> Seconds:
        listener_is_there.wait(5.0)
        listeners[0].end()  # after this look
        return 0.0

    listener_is_there = threading.Event()
    listeners: list[JackListener] = []
    listeners.append(
        JackListener(
            queue,
            capacity,
            lambda message, arrived: told.append((message, arrived)),
            lambda: told.append("lost"),
            until_next_look,
            lambda: next(moments),
        )
    )
    listener_is_there.set()
    listeners[0].join()
    return told


def test_what_waits_is_handed_over_in_order_with_its_moment() -> None:
    queue = Queue(([0x90, 60, 80], 0.0), ([0xF8], 2.0), ([0x80, 60, 0], 1.0))
    assert heard(queue) == [([0x90, 60, 80], 2.0), ([0xF8], 4.0), ([0x80, 60, 0], 5.0)]


def test_what_means_nothing_is_not_handed_over_though_time_passed_with_it() -> None:
    queue = Queue(([0x90, 60, 80], 0.0), ([0xFE], 0.3), ([], 0.0), ([0xF0, 1, 2, 0xF7], 0.3))
    [(message, arrived)] = heard(queue)
    assert message == [0x90, 60, 80]
    assert arrived == pytest.approx(4.4)
    assert queue.ignored == {"sysex": False, "timing": False, "active_sense": False}


def test_of_a_queue_that_was_full_it_is_told_that_some_may_be_missing() -> None:
    note, came = ([0x90, 60, 80], 0.0), ([0x90, 60, 80], 5.0)
    assert heard(Queue(note, note), capacity=4) == [came, came]
    assert heard(Queue(note, note, note), capacity=4) == [came, came, came, "lost"]


@given(st.lists(st.floats(0.0005, 0.1), min_size=2, max_size=50), st.lists(st.floats(0.0, 0.3), min_size=50))
def test_messages_are_as_far_apart_as_they_came_however_late_they_are_fetched(
    waits: list[Seconds], delays: list[Seconds]
) -> None:
    arrivals = Arrivals(0.0)
    arrivals.moments(1.0, [0.0])  # fetched as soon as it came
    came_at = list(accumulate(waits, initial=1.0))[1:]
    found: list[Seconds] = []
    looked_at = 1.0
    for delay in delays:
        now = looked_at + delay
        there = sum(at <= now for at in came_at) - len(found)
        new = slice(len(found), len(found) + there)
        found += arrivals.moments(now, waits[new])
        looked_at = now
    assert found == pytest.approx(came_at[: len(found)])


def test_of_many_that_are_found_at_once_the_last_has_just_come() -> None:
    assert Arrivals(0.0).moments(5.0, [0.0, 1.0, 0.5]) == [3.5, 4.5, 5.0]


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.lists(st.floats(0.0, 5.0), max_size=5)), max_size=50))
def test_whatever_is_said_of_them_messages_came_since_the_last_look(
    looks: list[tuple[Seconds, list[Seconds]]],
) -> None:
    arrivals, now = Arrivals(0.0), 0.0
    for wait, deltas in looks:
        before, now = now, now + wait
        moments = arrivals.moments(now, deltas)
        assert all(before <= moment <= now + 1e-9 for moment in moments)
        assert moments == sorted(moments)


@contextmanager
def connected_player(server: JackServer) -> Iterator["subprocess.Popen[str]"]:
    player = subprocess.Popen(
        [sys.executable, PLAYER, "--name", "player"],
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert player.stdout is not None
    assert "ready" in player.stdout.readline()
    try:
        yield player
    finally:
        player.communicate(timeout=5)


@requires_jack
def test_nothing_is_missed_while_python_is_busy_with_something_else() -> None:
    """A callback would wait for Python's lock, and JACK would leave its client out meanwhile."""
    pitches: list[int] = []
    is_complete = threading.Event()

    def receive(message: Sequence[int], _arrived: Seconds) -> None:
        pitches.append(message[1])
        if len(pitches) == 60:
            is_complete.set()

    with running_jack_server() as server, connected_player(server) as player:
        assert player.stdin is not None
        cables = JackCables(lambda: None)
        connection = cables.plug("in", "player:out")
        cables.hear(connection, receive)
        notes = [{"at": 0.005, "bytes": [0x90, pitch, 80]} for pitch in range(60)]
        player.stdin.write("".join(json.dumps(note) + "\n" for note in notes))
        player.stdin.flush()
        ctypes.PyDLL(None).usleep(300_000)  # holding Python's lock
        assert is_complete.wait(5.0), pitches
        cables.unplug_input(connection)
        cables.close()
    assert pitches == list(range(60))
