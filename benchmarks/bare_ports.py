"""The baseline of idling: rtmidi's ports on a JACK server, in a process that waits, and nothing of ours.

Prints ``ready`` once its ports are open, then waits for the end of its input.
"""

import sys

import rtmidi


def main() -> None:
    """Open an input and an output."""
    ports = [kind(rtmidi.API_UNIX_JACK, name="bare") for kind in (rtmidi.MidiIn, rtmidi.MidiOut)]
    for port in ports:
        port.open_virtual_port("port")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
