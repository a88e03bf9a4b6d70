"""A program that plays phrase after phrase on a port of its own, as densely as two good hands.

    python tireless_player.py --name player --seconds 7200 --rate 30 --seed 1 > played.jsonl

It writes {"ready": "player:out"}, waits for a line, and then plays until the seconds are over and its phrase
is done, of which it writes {"done": monotonic seconds}; its port is there until its input is closed. Of each
message it writes {"at": monotonic seconds, "bytes": [144, 60, 100]}. It hears nothing: its rests are as long
as an answer may be, and each fourth is too short, so that it interrupts.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from right_of_way import take_priority

if TYPE_CHECKING:
    import rtmidi

Message = tuple[float, tuple[int, int, int]]
"""Seconds since the beginning of the phrase, and the bytes."""

NOTE_ON, NOTE_OFF, CONTROL = 0x90, 0x80, 0xB0
SUSTAIN_PEDAL = 64
SCALE = (0, 2, 4, 5, 7, 9, 11)
LEFT_HAND, RIGHT_HAND = range(21, 32), range(34, 52)
"""Degrees of the scale, counted from the lowest C that there is."""

PHRASE = (8.0, 12.0)
"""Seconds, drawn from in between."""

PEDAL_DOWN, PEDAL_EVERY = 1.4, 2.0
"""Seconds."""

REST, SHORT_REST = 9.5, 4.0
"""Seconds; in the longer there is room for an answer of eight."""


def main() -> None:
    """Play until the time is over."""
    # What it plays can be looked at where no MIDI library can be loaded.
    import rtmidi

    options = parser().parse_args()
    take_priority()
    port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name=options.name)
    port.open_virtual_port("out")
    try:
        write({"ready": f"{options.name}:out"})
        sys.stdin.readline()
        play(port, options.seconds, options.rate, random.Random(options.seed))
        write({"done": time.monotonic()})
        sys.stdin.read()
    finally:
        # Of a client that goes without it jackd may die when it ends, and leave its shared memory behind.
        port.delete()


def play(port: "rtmidi.MidiOut", seconds: float, rate: float, dice: random.Random) -> None:
    """Play phrase after phrase."""
    begins = began = time.monotonic()
    for number in count(1):
        if begins - began >= seconds:
            return
        ends = 0.0
        for at, message in phrase(dice, rate):
            time.sleep(max(0.0, begins + at - time.monotonic()))
            port.send_message(message)
            write({"at": time.monotonic(), "bytes": message})
            ends = at
        begins += ends + (SHORT_REST if number % 4 == 0 else REST)


def phrase(dice: random.Random, rate: float) -> list[Message]:
    """Return a phrase in which keys are pressed and let go so many times a second, and the pedal moves."""
    length = dice.uniform(*PHRASE)
    messages = [*keys(dice, length, rate), *pedal(length)]
    return sorted(messages, key=lambda message: message[0])


def keys(dice: random.Random, length: float, rate: float) -> Iterator[Message]:
    """Yield a walk of two hands through a scale; no key is pressed while it is down."""
    interval = 2.0 / rate
    places = [dice.choice(LEFT_HAND), dice.choice(RIGHT_HAND)]
    free_at: dict[int, float] = {}
    for number in range(round(length / interval)):
        at = number * interval + dice.uniform(0.0, 0.3) * interval
        hand = 0 if number % 3 == 0 else 1
        degrees = (LEFT_HAND, RIGHT_HAND)[hand]
        places[hand] = min(max(places[hand] + dice.randint(-3, 3), degrees[0]), degrees[-1])
        pitch = 12 * (places[hand] // 7) + SCALE[places[hand] % 7]
        while free_at.get(pitch, 0.0) > at:
            pitch += 1
        free_at[pitch] = at + interval * dice.uniform(0.7, 2.5)
        yield at, (NOTE_ON, pitch, dice.randint(40, 110))
        yield free_at[pitch], (NOTE_OFF, pitch, 64)
        free_at[pitch] += 0.001


def pedal(length: float) -> Iterator[Message]:
    """Yield how the sustain pedal goes down and up; it is up at the end."""
    for number in range(int(length / PEDAL_EVERY)):
        yield number * PEDAL_EVERY, (CONTROL, SUSTAIN_PEDAL, 127)
        yield number * PEDAL_EVERY + PEDAL_DOWN, (CONTROL, SUSTAIN_PEDAL, 0)


def write(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    manner = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=manner)
    options.add_argument("--name", default="player")
    options.add_argument("--seconds", type=float, default=60.0, help="after which no phrase begins")
    options.add_argument("--rate", type=float, default=30.0, help="of keys pressed and let go, each second")
    options.add_argument("--seed", type=int, default=1)
    return options


if __name__ == "__main__":
    main()
