"""A program that writes down all that it hears on a port of its own, for hours.

    python patient_listener.py --name listener > heard.jsonl

It writes {"ready": "listener:in"}, and of each message {"taken": monotonic seconds, "clock": seconds,
"bytes": [144, 60, 100]}: when it looked, and when the message had come by rtmidi's own clock, which began
with the first. Nothing of Python runs in JACK's thread, so that no message is lost for want of Python's lock.
It ends on SIGTERM.
"""

import argparse
import json
import signal
import sys
import time

import rtmidi

from right_of_way import take_priority

BETWEEN_LOOKS = 0.005
"""Seconds."""

MOST_WAITING = 65536


def main() -> None:
    """Listen until a signal."""
    options = parser().parse_args()
    # By an exception, for what is opened here must be closed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    take_priority()
    port = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name=options.name, queue_size_limit=MOST_WAITING)
    port.open_virtual_port("in")
    port.ignore_types(sysex=False, timing=False, active_sense=False)
    try:
        write({"ready": f"{options.name}:in"})
        listen(port)
    finally:
        # Of a client that goes without it jackd may die when it ends, and leave its shared memory behind.
        port.delete()


def listen(port: "rtmidi.MidiIn") -> None:
    """Write down what comes, for ever."""
    by_its_clock = 0.0
    while True:
        time.sleep(BETWEEN_LOOKS)
        while (heard := port.get_message()) is not None:
            message, since_the_last = heard
            by_its_clock += since_the_last
            write({"taken": time.monotonic(), "clock": round(by_its_clock, 6), "bytes": message})


def write(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    manner = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=manner)
    options.add_argument("--name", default="listener")
    return options


if __name__ == "__main__":
    main()
