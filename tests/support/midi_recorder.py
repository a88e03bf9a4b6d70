"""A process of its own that writes down what it hears on a port, as JSON lines.

    python midi_recorder.py --name recorder --from antiphon:out [--to FILE]

The first line is {"ready": "recorder:in"}, then one line for each message:
{"at": monotonic seconds, "bytes": [144, 60, 100]}. It ends on SIGTERM, SIGINT, or when its input is closed.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import jack
import rtmidi


def main() -> None:
    """Record until the input is closed."""
    arguments = _parser().parse_args()
    # By an exception, for what is opened here must be closed: see _listening.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with (
        Path(arguments.to).open("w", encoding="utf-8") if arguments.to else sys.stdout as lines,
        _listening(arguments.name, lines),
    ):
        if arguments.source:
            _connect(arguments.source, f"{arguments.name}:in")
        _write(lines, {"ready": f"{arguments.name}:in"})
        sys.stdin.read()


@contextmanager
def _listening(name: str, lines: TextIO) -> Iterator[None]:
    port = rtmidi.MidiIn(rtapi=rtmidi.API_UNIX_JACK, name=name)
    port.open_virtual_port("in")
    port.ignore_types(sysex=False, timing=False, active_sense=False)
    port.set_callback(lambda heard, _: _write(lines, {"at": time.monotonic(), "bytes": heard[0]}))
    try:
        yield
    finally:
        # Of a client that goes without it jackd may die when it ends, and leave its shared memory behind.
        port.delete()


def _connect(source: str, destination: str) -> None:
    client = jack.Client("recorder-cables", no_start_server=True)
    client.connect(source, destination)
    client.close()


def _write(lines: TextIO, record: dict[str, object]) -> None:
    lines.write(json.dumps(record) + "\n")
    lines.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="recorder")
    parser.add_argument("--from", dest="source", default="", help="JACK port to connect to")
    parser.add_argument("--to", default="", help="file to write to instead of the output")
    return parser


if __name__ == "__main__":
    main()
