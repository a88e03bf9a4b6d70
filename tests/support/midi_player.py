"""A process of its own that plays on a port what it is told, as JSON lines.

    python midi_player.py --name player [--to antiphon:in]

It writes {"ready": "player:out"} and then reads lines from its input, each when the one before is done:
{"at": seconds from the moment the line was read, "bytes": [144, 60, 100]}. For each message sent it answers
{"at": monotonic seconds, "bytes": [...]}. It ends on SIGTERM, or when its input is closed.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import jack
import rtmidi

_SECONDS_FOR_THE_LAST_MESSAGE_TO_LEAVE = 0.1


def main() -> None:
    """Play until the input is closed."""
    arguments = _parser().parse_args()
    # By an exception, for what is opened here must be closed: see _open_port.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with _open_port(arguments.name) as port:
        if arguments.destination:
            _connect(f"{arguments.name}:out", arguments.destination)
        _write({"ready": f"{arguments.name}:out"})
        for line in sys.stdin:
            _play(port, json.loads(line))
        time.sleep(_SECONDS_FOR_THE_LAST_MESSAGE_TO_LEAVE)


@contextmanager
def _open_port(name: str) -> "Iterator[rtmidi.MidiOut]":
    port = rtmidi.MidiOut(rtapi=rtmidi.API_UNIX_JACK, name=name)
    port.open_virtual_port("out")
    try:
        yield port
    finally:
        # Of a client that goes without it jackd may die when it ends, and leave its shared memory behind.
        port.delete()


def _play(port: "rtmidi.MidiOut", line: dict[str, object]) -> None:
    due = time.monotonic() + float(str(line["at"]))
    time.sleep(max(0.0, due - time.monotonic()))
    port.send_message(line["bytes"])
    _write({"at": time.monotonic(), "bytes": line["bytes"]})


def _connect(source: str, destination: str) -> None:
    client = jack.Client("player-cables", no_start_server=True)
    client.connect(source, destination)
    client.close()


def _write(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="player")
    parser.add_argument("--to", dest="destination", default="", help="JACK port to connect to")
    return parser


if __name__ == "__main__":
    main()
