"""ALSA's sequencer itself, for what rtmidi leaves out: who is connected to whom, and sending to all of them.

A port is known here by the two numbers that it has until it is unplugged.
"""

import ctypes
import errno
import logging
import os
from dataclasses import dataclass

from antiphon.adapters.midi.libraries import load_alsa
from antiphon.errors import PortError

logger = logging.getLogger(__name__)

# From <alsa/seq.h>, <alsa/seq_event.h> and <alsa/seq_midi_event.h>.
_OPEN_DUPLEX = 3
_OPEN_NONBLOCK = 1
_MAY_BE_HEARD = 1 << 0 | 1 << 5  # SND_SEQ_PORT_CAP_READ, SND_SEQ_PORT_CAP_SUBS_READ
_OF_A_PROGRAM = 1 << 1 | 1 << 20  # SND_SEQ_PORT_TYPE_MIDI_GENERIC, SND_SEQ_PORT_TYPE_APPLICATION
_AT_ONCE = 253  # SND_SEQ_QUEUE_DIRECT
_ALL_WHO_LISTEN = 254  # SND_SEQ_ADDRESS_SUBSCRIBERS
_MAY_BE_TOLD = 1 << 1  # SND_SEQ_PORT_CAP_WRITE, for ourselves only
_ANNOUNCER = 0, 1  # SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE
_COMINGS_AND_GOINGS = frozenset({61, 63, 64, 67})
"""SND_SEQ_EVENT_CLIENT_EXIT, _PORT_START, _PORT_EXIT, _PORT_UNSUBSCRIBED."""
_POLLIN = 1
_LONGEST_MESSAGE = 16


class AlsaEvent(ctypes.Structure):
    """snd_seq_event_t."""

    _fields_ = (
        ("kind", ctypes.c_ubyte),
        ("flags", ctypes.c_ubyte),
        ("tag", ctypes.c_ubyte),
        ("queue", ctypes.c_ubyte),
        ("time", ctypes.c_uint * 2),
        ("source_client", ctypes.c_ubyte),
        ("source_port", ctypes.c_ubyte),
        ("destination_client", ctypes.c_ubyte),
        ("destination_port", ctypes.c_ubyte),
        ("data", ctypes.c_uint * 4),
    )


class _PollDescriptor(ctypes.Structure):
    """struct pollfd, of <poll.h>."""

    _fields_ = (("file", ctypes.c_int), ("events", ctypes.c_short), ("returned", ctypes.c_short))


@dataclass(frozen=True, slots=True)
class Address:
    """The numbers of a client and of one of its ports; others get them after a port has vanished."""

    client: int
    port: int


class AlsaSequencer:
    """A client of the sequencer, which connects ports, its own and those of others, as ``aconnect`` does.

    Raises:
        PortError: the sequencer cannot be opened.
    """

    def __init__(self, name: str) -> None:
        self._library = load_alsa()
        self._handle = ctypes.c_void_p()
        result: int = self._library.snd_seq_open(
            ctypes.byref(self._handle), b"default", _OPEN_DUPLEX, _OPEN_NONBLOCK
        )
        if result < 0:
            raise PortError(f"the MIDI system alsa cannot be opened: {os.strerror(-result)}")
        self._library.snd_seq_set_client_name(self._handle, name.encode())
        self._cable = ctypes.c_void_p()
        self._library.snd_seq_port_subscribe_malloc(ctypes.byref(self._cable))

    def follow_announcements(self) -> int:
        """Have the kernel tell from now on who comes and goes; return the file that can be read when it does.

        Raises:
            PortError: the sequencer has no room for another port.
        """
        port: int = self._library.snd_seq_create_simple_port(
            self._handle, b"announcements", _MAY_BE_TOLD, _OF_A_PROGRAM
        )
        result: int = port
        if port >= 0:
            result = self._library.snd_seq_connect_from(self._handle, port, *_ANNOUNCER)
        if result < 0:
            raise PortError(f"ALSA does not tell who comes and goes: {os.strerror(-result)}")
        descriptor = _PollDescriptor()
        self._library.snd_seq_poll_descriptors(self._handle, ctypes.byref(descriptor), 1, _POLLIN)
        file: int = descriptor.file
        return file

    def take_announcements(self) -> bool:
        """Take what was told, and say whether a port or a connection has come or gone. Never waits."""
        event = ctypes.POINTER(AlsaEvent)()
        kinds: set[int] = set()
        while True:
            result: int = self._library.snd_seq_event_input(self._handle, ctypes.byref(event))
            if result == -errno.ENOSPC:  # more was told than was kept
                kinds |= _COMINGS_AND_GOINGS
            elif result < 0:
                return not kinds.isdisjoint(_COMINGS_AND_GOINGS)
            else:
                kinds.add(event.contents.kind)

    def connect(self, source: Address, destination: Address) -> None:
        """Let what a port sends arrive at another; nothing happens if it does already.

        Raises:
            PortError: one of them is not there, or does not want that.
        """
        self._set_ends(source, destination)
        result: int = self._library.snd_seq_subscribe_port(self._handle, self._cable)
        if result not in (0, -errno.EBUSY):
            raise PortError(f"ALSA refuses the connection: {os.strerror(-result)}")

    def are_connected(self, source: Address, destination: Address) -> bool:
        """Tell whether what a port sends arrives at another. Takes some microseconds."""
        self._set_ends(source, destination)
        result: int = self._library.snd_seq_get_port_subscription(self._handle, self._cable)
        return result == 0

    def _set_ends(self, source: Address, destination: Address) -> None:
        self._library.snd_seq_port_subscribe_set_sender(self._cable, bytes((source.client, source.port)))
        self._library.snd_seq_port_subscribe_set_dest(
            self._cable, bytes((destination.client, destination.port))
        )

    def delete(self) -> None:
        """Leave the sequencer; what it connected of others stays so."""
        self._library.snd_seq_port_subscribe_free(self._cable)
        self._library.snd_seq_close(self._handle)


class AlsaOutput(AlsaSequencer):
    """A port that others can hear, in place of rtmidi's, from which one bad listener cuts off all the others.

    The kernel refuses a message when one of those who listen does not fetch what waits for it, such as a
    stopped program, although all others have got it. rtmidi then sends the same message over and over, and
    none that comes after it. Here the one misses it, and that is that.

    Raises:
        PortError: the sequencer cannot be opened, or has no room for another port.
    """

    def __init__(self, client_name: str, port_name: str) -> None:
        super().__init__(client_name)
        self._coder = ctypes.c_void_p()
        self._library.snd_midi_event_new(ctypes.c_size_t(_LONGEST_MESSAGE), ctypes.byref(self._coder))
        self._somebody_misses_it = False
        port: int = self._library.snd_seq_create_simple_port(
            self._handle, port_name.encode(), _MAY_BE_HEARD, _OF_A_PROGRAM
        )
        if port < 0:
            self.delete()
            raise PortError(f"ALSA opens no port: {os.strerror(-port)}")
        self.address = Address(self._library.snd_seq_client_id(self._handle), port)

    def send_message(self, message: bytes) -> None:
        """Send a complete short message to all who listen. Never waits."""
        event = AlsaEvent()
        self._library.snd_midi_event_reset_encode(self._coder)
        self._library.snd_midi_event_encode(
            self._coder, message, ctypes.c_long(len(message)), ctypes.byref(event)
        )
        event.queue = _AT_ONCE
        event.source_port = self.address.port
        event.destination_client = _ALL_WHO_LISTEN
        result: int = self._library.snd_seq_event_output_direct(self._handle, ctypes.byref(event))
        if result < 0 and not self._somebody_misses_it:
            logger.warning("one of those who listen does not keep up, and misses what is played")
        self._somebody_misses_it = result < 0

    def delete(self) -> None:
        self._library.snd_midi_event_free(self._coder)
        super().delete()
