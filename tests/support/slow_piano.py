"""A process of its own that is a piano with hammers on JACK: it sends each key some time after it was played.

    python slow_piano.py --name piano --latency '1:150 127:10' --release 40 [--misses 3]

It hears `piano:in` and sends on `piano-keys:out`; the first line that it writes is {"ready": "piano"}. Every
so many strokes it misses one. It ends on SIGTERM, or when its input is closed.
"""

import argparse
import json
import signal
import sys
import threading
import time

import rtmidi

from antiphon.core.velocity_latency import table_of

NOTE_ON, NOTE_OFF = 0x90, 0x80


def main() -> None:
    """Be a piano until the input is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--latency", required=True)
    parser.add_argument("--release", type=float, required=True)
    parser.add_argument("--misses", type=int, default=0)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    keys = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name=arguments.name)
    hammers = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name=arguments.name + "-keys")
    table, strokes, lock = table_of(arguments.latency), 0, threading.Lock()

    def later(seconds: float, message: list[int], due: float) -> None:
        time.sleep(max(due + seconds - time.monotonic(), 0.0))
        with lock:
            hammers.send_message(message)

    def play(heard: tuple[list[int], float], _: object) -> None:
        nonlocal strokes
        status, pitch, velocity = heard[0]
        now = time.monotonic()
        if status & 0xF0 == NOTE_ON and velocity:
            strokes += 1
            if not (arguments.misses and strokes % arguments.misses == 0):
                threading.Thread(target=later, args=(table.at(velocity), heard[0], now), daemon=True).start()
        elif status & 0xF0 in (NOTE_ON, NOTE_OFF):
            threading.Thread(
                target=later, args=(arguments.release / 1000, [NOTE_OFF, pitch, 0], now), daemon=True
            ).start()

    hammers.open_virtual_port("out")
    keys.open_virtual_port("in")
    keys.set_callback(play)
    try:
        print(json.dumps({"ready": arguments.name}), flush=True)  # noqa: T201  it is what it is waited for by
        sys.stdin.read()
    finally:
        # Of a client that goes without it jackd may die when it ends, and leave its shared memory behind.
        keys.delete()
        hammers.delete()


if __name__ == "__main__":
    main()
