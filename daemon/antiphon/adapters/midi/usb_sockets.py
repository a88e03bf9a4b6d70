"""Into which USB socket an instrument is plugged: what tells two of one make apart, whatever comes first."""

import re
from pathlib import Path

SOUND_CARDS = Path("/sys/class/sound")

# From sound/core/seq/seq_clientmgr.c of the kernel: which numbers the clients of sound cards get.
_FIRST_CLIENT_OF_CARDS = 16  # SNDRV_SEQ_GLOBAL_CLIENTS
_CLIENTS_PER_CARD = 4  # SNDRV_SEQ_CLIENTS_PER_CARD
_FIRST_CLIENT_OF_PROGRAMS = 128  # SNDRV_SEQ_DYNAMIC_CLIENTS_BEGIN

_CLIENT = re.compile(r" (\d+):\d+$")
_SOCKET = re.compile(r"/(\d+-\d+(?:\.\d+)*)/\1:")
"""The kernel's name for a socket: the bus, then the way through the hubs; behind it the interface."""


def usb_socket(raw_name: str, sound_cards: Path = SOUND_CARDS) -> str | None:
    """Return the socket behind a port of ALSA's sequencer, such as `1-1.2`, or None if it is none of USB.

    Args:
        raw_name: as rtmidi tells it, with the numbers of client and port at its end.
        sound_cards: where the kernel keeps what it knows of them.
    """
    found = _CLIENT.search(raw_name)
    if found is None or not _FIRST_CLIENT_OF_CARDS <= int(found[1]) < _FIRST_CLIENT_OF_PROGRAMS:
        return None
    card = (int(found[1]) - _FIRST_CLIENT_OF_CARDS) // _CLIENTS_PER_CARD
    device = sound_cards / f"card{card}" / "device"
    socket = _SOCKET.search(f"{device.resolve()}")
    return socket[1] if socket else None
