"""Silences an instrument from outside, whether or not a daemon plays it; so it takes no lock."""

import time

from antiphon.adapters.midi.port_names import choose
from antiphon.adapters.midi.system import open_for
from antiphon.adapters.midi.wire import SECONDS_PER_MESSAGE, panic_messages
from antiphon.core.units import Seconds
from antiphon.errors import PortError

FURTHEST_BEHIND: Seconds = 0.5
"""What a cable carries in so long may be sent at once: less than half of the 4 KiB that Linux keeps."""


def panic(api: str, out: str, pace: Seconds = SECONDS_PER_MESSAGE) -> str:
    """Silence everything on a port, whoever plays on it. Takes two seconds.

    Args:
        api: as ``midi.api``.
        out: a pattern as ``midi.out``.
        pace: seconds between two of the 2,096 messages.

    Returns:
        The name of the port.

    Raises:
        PortError: there is no such port, or no MIDI system.
    """
    cables = open_for(out, api, on_trouble=lambda: None)
    try:
        peer = choose(out, cables.names("out"), "out")
        if peer is None:
            raise PortError("no MIDI output is there that could be silenced; plug it in first")
        connection = cables.plug("out", peer)
        due = time.monotonic()
        for message in panic_messages():
            if not cables.may_send(len(message)):
                raise PortError("the MIDI system does not respond; restart its server")
            connection.client.send_message(message)
            # A busy machine sleeps longer than it is asked to, which is caught up with as far as may be.
            due = max(due + pace, time.monotonic() - FURTHEST_BEHIND)
            time.sleep(max(0.0, due - time.monotonic()))
        cables.settle()
        cables.unplug_output(connection)
        return peer
    finally:
        cables.close()
