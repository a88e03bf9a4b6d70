"""A program that does nothing but wait, thirty times a second: how late this machine is by itself.

    python bare_waiter.py > bare.jsonl

Each minute it writes {"began": monotonic seconds, "ended": ..., "late": buckets of a histogram}. It has the
priority of a daemon and nothing else to do, so what is late here nobody could have done better. It ends on
SIGTERM.
"""

import sys
import time

import msgspec

from antiphon.adapters.histogram import Histogram
from right_of_way import OF_A_DAEMON, take_priority

BETWEEN = 1.0 / 30.0
MINUTE = 60.0


def main() -> None:
    """Wait for ever."""
    take_priority(OF_A_DAEMON)
    sys.stdout.write('{"ready": ""}\n')
    sys.stdout.flush()
    while True:
        write_a_minute()


def write_a_minute() -> None:
    began = due = time.monotonic()
    histogram = Histogram()
    while due < began + MINUTE:
        due += BETWEEN
        time.sleep(max(0.0, due - time.monotonic()))
        histogram.record(time.monotonic() - due)
    line = {"began": began, "ended": time.monotonic(), "late": list(histogram.buckets())}
    sys.stdout.write(f"{msgspec.json.encode(line).decode()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
