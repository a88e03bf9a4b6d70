"""Between the bytes of MIDI 1.0 and the vocabularies of the core. Pure; knows neither ports nor time."""

from collections.abc import Iterator, Sequence

from antiphon.core.commands import (
    ClockMessage,
    Music,
    PlayNote,
    ReleaseNote,
    SendClock,
    SendControl,
    SendMessage,
)
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ClockContinued,
    ClockEvent,
    ClockStarted,
    ClockStopped,
    ClockTicked,
    ControlMoved,
    Event,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    SongPositionMoved,
)
from antiphon.core.units import Pitch, Velocity

NOTE_OFF = 0x80
NOTE_ON = 0x90
KEY_PRESSURE = 0xA0
CONTROL_CHANGE = 0xB0
ALL_SOUND_OFF = 120
ALL_NOTES_OFF = 123
SECONDS_PER_MESSAGE = 0.00096
"""Three bytes of ten bits each at the 31,250 baud of a DIN cable, the slowest wire there is."""

SYSTEM_MESSAGES = 0xF0
"""From here on a status byte has no channel."""

SYSTEM_EXCLUSIVE = 0xF0
ACTIVE_SENSING = 0xFE

SONG_POSITION = 0xF2
CLOCK_TICK = 0xF8
CLOCK_START = 0xFA
CLOCK_CONTINUE = 0xFB
CLOCK_STOP = 0xFC
CLOCK_MESSAGES = frozenset({SONG_POSITION, CLOCK_TICK, CLOCK_START, CLOCK_CONTINUE, CLOCK_STOP})
"""What a clock says; it has no channel (MIDI 1.0, System Common and System Real Time Messages)."""

_SAID_BY_A_CLOCK: dict[int, ClockEvent] = {
    CLOCK_TICK: ClockTicked(),
    CLOCK_START: ClockStarted(),
    CLOCK_CONTINUE: ClockContinued(),
    CLOCK_STOP: ClockStopped(),
}
_SAID_AS_A_CLOCK: dict[ClockMessage, int] = {
    "tick": CLOCK_TICK,
    "start": CLOCK_START,
    "continue": CLOCK_CONTINUE,
    "stop": CLOCK_STOP,
}

_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
_CHANNELS = range(16)
_PITCHES = range(128)
_RELEASE_VELOCITY = 64

ALL_KEYS = range(128)


def event_of(message: Sequence[int], channel: int, keys: range = ALL_KEYS) -> Event | None:
    """Return what a complete short message tells, or None if it tells nothing.

    Args:
        message: status and data bytes as rtmidi hands them over; may be anything, since cables break.
        channel: 1 to 16, or 0 to hear every channel.
        keys: those that are heard; nothing is told of any other, its release neither.

    Returns:
        None for other channels and keys, system messages but those of a clock, and what is not well-formed.
    """
    if message and message[0] in CLOCK_MESSAGES:
        return _clock_event_of(message)
    if not _is_channel_message(message) or not _is_heard(message[0], channel):
        return None
    kind = message[0] & 0xF0
    if kind in (NOTE_ON, NOTE_OFF, KEY_PRESSURE) and message[1] not in keys:
        return None
    if kind == NOTE_ON and message[2] > 0:
        return KeyPressed(Pitch(message[1]), Velocity(message[2]))
    if kind in (NOTE_ON, NOTE_OFF):
        return KeyReleased(Pitch(message[1]))
    if kind == CONTROL_CHANGE:
        return ControlMoved(message[1], message[2])
    return OtherMessage(bytes(message))


def _clock_event_of(message: Sequence[int]) -> ClockEvent | None:
    if len(message) == 1:
        return _SAID_BY_A_CLOCK.get(message[0])
    if message[0] != SONG_POSITION or len(message) != 3 or not all(0 <= byte <= 127 for byte in message[1:]):
        return None
    return SongPositionMoved(message[1] | message[2] << 7)


def _is_channel_message(message: Sequence[int]) -> bool:
    if not message or not 0x80 <= message[0] <= 0xEF:
        return False
    return len(message) == _LENGTHS[message[0] & 0xF0] and all(0 <= byte <= 127 for byte in message[1:])


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
            return _moved(command.data, channel)
        case SendClock():
            return bytes((_SAID_AS_A_CLOCK[command.message],))


def _status(kind: int, channel: int) -> int:
    return kind | (channel - 1)


def message_of(event: Event, channel: int) -> bytes | None:
    """Return the message that tells an event on a channel from 1 to 16, None where no message does."""
    match event:
        case KeyPressed(pitch, velocity):
            return bytes((_status(NOTE_ON, channel), pitch, velocity))
        case KeyReleased(pitch):
            return bytes((_status(NOTE_OFF, channel), pitch, _RELEASE_VELOCITY))
        case ControlMoved(controller, value):
            return bytes((_status(CONTROL_CHANGE, channel), controller, value))
        case OtherMessage(data) if _is_channel_message(data):
            return _moved(data, channel)
    return None


def _moved(message: bytes, channel: int) -> bytes:
    return bytes((_status(message[0] & 0xF0, channel),)) + message[1:]


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
