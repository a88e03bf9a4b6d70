"""Where messages wait for the loop: bounded, in order, and no note makes room for a knob.

One thread puts, another takes, and neither waits for the other. Where many wait, what a controller has moved
on to takes the place of where it was on its way, so that a thousand values a second do not fill the line. No
note is ever merged with another. It knows neither ports nor time.
"""

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

from antiphon.adapters.midi.wire import CONTROL_CHANGE
from antiphon.core.events import ClockTicked
from antiphon.core.units import Seconds

Waiting: TypeAlias = Sequence[int] | ClockTicked

CROWD = 64
"""Messages from which on controllers are merged. Fewer come with a single cycle of JACK, and of an encoder
each is a click.
"""

LARGEST_VALUE = 127

SWITCHES = range(64, 70)
"""Pedals, of which only the half matters in which they are (MIDI 1.0, Controller Numbers)."""

IN_SEQUENCE = frozenset({0, 32, 6, 38, 84, 88, *range(96, 102), *range(120, 128)})
"""Controllers whose every message means something together with its neighbours: banks, parameters and their
data, prefixes of a note, and modes of the channel.
"""


class Place:
    """A message that waits."""

    __slots__ = ("arrived", "is_taken", "message")

    def __init__(self, message: Waiting, arrived: Seconds) -> None:
        self.message = message
        self.arrived = arrived
        self.is_taken = False


class WaitingLine:
    """A line of messages between two threads.

    Args:
        capacity: messages that may wait.
        crowd: how many wait where controllers are merged.
    """

    def __init__(self, capacity: int, crowd: int = CROWD) -> None:
        self._capacity = capacity
        self._crowd = min(crowd, capacity)
        self._places: deque[Place] = deque()
        # Of the thread that puts alone: where each control waits that is moved.
        self._last_of: dict[tuple[int, ...], Place] = {}

    def __len__(self) -> int:
        return len(self._places)

    def put(self, message: Waiting, arrived: Seconds) -> bool:
        """Let a message wait; tell whether there was room."""
        if len(self._places) < self._crowd:
            self._last_of.clear()
            self._places.append(Place(message, arrived))
            return True
        moved = None if isinstance(message, ClockTicked) else moved_by(message)
        if moved is not None and self._has_merged(moved, message):
            return True
        if len(self._places) >= self._capacity:
            return False
        place = Place(message, arrived)
        self._places.append(place)
        if moved is not None:
            self._last_of[moved] = place
        return True

    def _has_merged(self, moved: tuple[int, ...], message: Waiting) -> bool:
        """Let a message take the place of the one before it, where that is on the way to it."""
        place = self._last_of.get(moved)
        if place is None or place.is_taken or not is_on_the_way(place.message, message):
            return False
        place.message = message
        # Whoever took the place before it was written to has the former message; this one follows it then.
        return not place.is_taken

    def take(self) -> tuple[Waiting, Seconds] | None:
        """Return the next message and when it came; None where none waits."""
        if not self._places:
            return None
        place = self._places.popleft()
        # In this order: what is written into the place after this is put into the line again.
        place.is_taken = True
        return place.message, place.arrived

    def clear(self) -> None:
        """Let nothing wait any more."""
        while self.take() is not None:
            pass


def moved_by(message: Sequence[int]) -> tuple[int, ...] | None:
    """Return which control a message moves; None where it does something else, or is damaged."""
    if not message or any(byte > LARGEST_VALUE for byte in message[1:]):
        return None
    match message[0] & 0xF0, len(message):
        case (0xD0, 2) | (0xE0, 3):  # the pressure on a whole channel, and its pitch bend
            return (message[0],)
        case (0xA0, 3):  # the pressure on a key
            return message[0], message[1]
        case (0xB0, 3) if message[1] not in IN_SEQUENCE:
            return message[0], message[1]
    return None


def is_on_the_way(former: Waiting, latter: Waiting) -> bool:
    """Tell whether nothing is lost of a control's movement when its latter message stands for its former.

    At the ends of its travel something is: there a button is pressed or let go.
    """
    assert not isinstance(former, ClockTicked)
    assert not isinstance(latter, ClockTicked)
    if former[0] & 0xF0 == CONTROL_CHANGE and former[1] in SWITCHES:
        return former[2] // 64 == latter[2] // 64
    return 0 < former[-1] < LARGEST_VALUE
