"""Between the bytes of MIDI 1.0 and the vocabularies of the core. Pure; knows neither ports nor time."""

from collections.abc import Iterator, Sequence

from antiphon.core.commands import Music, PlayNote, ReleaseNote, SendControl, SendMessage
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, Event, KeyPressed, KeyReleased, OtherMessage
from antiphon.core.units import Pitch, Velocity

NOTE_OFF = 0x80
NOTE_ON = 0x90
CONTROL_CHANGE = 0xB0
ALL_SOUND_OFF = 120
ALL_NOTES_OFF = 123
SECONDS_PER_MESSAGE = 0.00096
"""Three bytes of ten bits each at the 31,250 baud of a DIN cable, the slowest wire there is."""

_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_CHANNELS = range(16)
_PITCHES = range(128)
_RELEASE_VELOCITY = 64


def event_of(message: Sequence[int], channel: int) -> Event | None:
    """Return what a complete short message tells, or None if it tells nothing.

    Args:
        message: status and data bytes as rtmidi hands them over; may be anything, since cables break.
        channel: 1 to 16, or 0 to hear every channel.

    Returns:
        None for system messages, other channels, and whatever is not a well-formed channel message.
    """
    if not _is_channel_message(message) or not _is_heard(message[0], channel):
        return None
    kind, data = message[0] & 0xF0, message[1:]
    if kind == NOTE_ON and data[1] > 0:
        return KeyPressed(Pitch(data[0]), Velocity(data[1]))
    if kind in (NOTE_ON, NOTE_OFF):
        return KeyReleased(Pitch(data[0]))
    if kind == CONTROL_CHANGE:
        return ControlMoved(data[0], data[1])
    return OtherMessage(bytes(message))


def _is_channel_message(message: Sequence[int]) -> bool:
    if not message or not 0x80 <= message[0] <= 0xEF:
        return False
    data = message[1:]
    return len(data) == _DATA_BYTES[message[0] & 0xF0] and all(0 <= byte <= 127 for byte in data)


def _is_heard(status: int, channel: int) -> bool:
    return channel == 0 or status & 0x0F == channel - 1


def bytes_of(command: Music, channel: int) -> bytes:
    """Return the message that carries out a command on a channel from 1 to 16.

    What is passed through as it came is moved to that channel as well.
    """
    match command:
        case PlayNote():
            return bytes((_status(NOTE_ON, channel), command.pitch, command.velocity))
        case ReleaseNote():
            return bytes((_status(NOTE_OFF, channel), command.pitch, _RELEASE_VELOCITY))
        case SendControl():
            return bytes((_status(CONTROL_CHANGE, channel), command.controller, command.value))
        case SendMessage():
            return bytes((_status(command.data[0] & 0xF0, channel),)) + command.data[1:]


def _status(kind: int, channel: int) -> int:
    return kind | (channel - 1)


def silencing_messages(channel: int) -> Iterator[bytes]:
    """Yield the three messages that silence an obedient synth on a channel from 1 to 16."""
    for controller in (SUSTAIN_PEDAL, ALL_NOTES_OFF, ALL_SOUND_OFF):
        yield bytes((_status(CONTROL_CHANGE, channel), controller, 0))


def panic_messages() -> Iterator[bytes]:
    """Yield everything that silences anything, on all 16 channels.

    The controllers come first, on every channel: 48 messages, 46 ms on a DIN cable, after which most synths
    are silent. Then every note is released by name, since many hardware synths ignore controller 123; these
    2,048 messages take two seconds on such a cable and would overrun the 4 KiB buffer that Linux keeps for
    it. So send them no faster than one every ``SECONDS_PER_MESSAGE``.
    """
    for channel in _CHANNELS:
        yield from silencing_messages(channel + 1)
    for channel in _CHANNELS:
        for pitch in _PITCHES:
            yield bytes((NOTE_OFF | channel, pitch, _RELEASE_VELOCITY))
