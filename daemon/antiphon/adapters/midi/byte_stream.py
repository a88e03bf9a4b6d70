"""The bytes of a MIDI cable, put together to whole messages by ALSA's own parser.

ALSA's library knows running status, real-time messages in the midst of others, and what is not defined;
mido's parser knows neither of the first two. Channel messages come out of it, and those of a clock.
"""

import ctypes
from collections.abc import Iterator

from antiphon.adapters.midi.alsa_sequencer import AlsaEvent
from antiphon.adapters.midi.libraries import load_alsa
from antiphon.adapters.midi.wire import CLOCK_MESSAGES

# From <alsa/seq_event.h>.
_NOTHING = 255  # SND_SEQ_EVENT_NONE
_LONGEST_MESSAGE = 16
"""Bytes. What is longer is a system exclusive message, which comes in pieces and is left out."""

_CHANNEL_MESSAGES = range(0x80, 0xF0)


class ByteStream:
    """What has arrived through one cable.

    Raises:
        PortError: ALSA's library is missing.
    """

    def __init__(self) -> None:
        self._library = load_alsa()
        self._library.snd_midi_event_encode.restype = ctypes.c_long
        self._library.snd_midi_event_decode.restype = ctypes.c_long
        self._parser, self._writer = self._new_coder(), self._new_coder()
        # Each message is to begin with its status, whatever came before it.
        self._library.snd_midi_event_no_status(self._writer, 1)
        self._event = AlsaEvent()
        self._message = ctypes.create_string_buffer(_LONGEST_MESSAGE)

    def _new_coder(self) -> ctypes.c_void_p:
        coder = ctypes.c_void_p()
        self._library.snd_midi_event_new(ctypes.c_size_t(_LONGEST_MESSAGE), ctypes.byref(coder))
        return coder

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they came, and yield each message that they complete."""
        while data:
            self._event.kind = _NOTHING
            taken = self._library.snd_midi_event_encode(
                self._parser, data, ctypes.c_long(len(data)), ctypes.byref(self._event)
            )
            data = data[max(1, taken) :]
            if self._event.kind != _NOTHING:
                yield from self._short_message()

    def _short_message(self) -> Iterator[bytes]:
        length = self._library.snd_midi_event_decode(
            self._writer, self._message, ctypes.c_long(_LONGEST_MESSAGE), ctypes.byref(self._event)
        )
        message = self._message.raw[: max(0, length)]
        if message and (message[0] in _CHANNEL_MESSAGES or message[0] in CLOCK_MESSAGES):
            yield message

    def close(self) -> None:
        """Free what the parser holds."""
        for coder in (self._parser, self._writer):
            self._library.snd_midi_event_free(coder)
