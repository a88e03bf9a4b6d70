"""What waits for a wire that is slower than the music. Pure: no clock, no file.

A DIN cable carries a message in a millisecond, and Linux takes four thousand bytes for it at once: more than
a second of music that nobody could take back. So hardly more than the next few messages are handed over, and
the rest waits here, where a note that would come too late can still be left out.
"""

from collections.abc import Iterator

from antiphon.adapters.midi.wire import CONTROL_CHANGE, NOTE_OFF, NOTE_ON
from antiphon.core.events import SUSTAIN_PEDAL
from antiphon.core.units import Seconds

BYTES_PER_SECOND = 3125
"""31,250 baud, at ten bits for a byte."""

LONGEST_WAIT: Seconds = 0.1
"""A note that would come later than this is left out."""

AHEAD: Seconds = 0.005
"""What is handed over: enough for a loop that wakes late, and little enough to be interrupted."""

_CAPACITY = round(BYTES_PER_SECOND * LONGEST_WAIT)


class Backlog:
    """Messages in order. What ends a note is never left out, nor where a controller came to rest."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._wire_is_free_at: Seconds = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: bytes) -> bool:
        """Let a message wait; tell whether it does, rather than being left out."""
        if self._bytes + len(message) > _CAPACITY:
            if _is_onset(message):
                return False
            self._make_room_for(message)
        self._waiting.append(message)
        return True

    @property
    def _bytes(self) -> int:
        return sum(map(len, self._waiting))

    def _make_room_for(self, message: bytes) -> None:
        """Take out what this message makes superfluous, so that not more waits than there are keys."""
        superfluous = set(_superfluous_after(message))
        self._waiting = [waiting for waiting in self._waiting if _subject(waiting) not in superfluous]

    def take(self, now: Seconds) -> bytes:
        """Return what the wire is to be given now, which is then no longer here."""
        taken = bytearray()
        while self._waiting and self.wait(now) <= 0.0:
            message = self._waiting.pop(0)
            taken += message
            self._wire_is_free_at = max(self._wire_is_free_at, now) + len(message) / BYTES_PER_SECOND
        return bytes(taken)

    def wait(self, now: Seconds) -> Seconds:
        """Return how long to wait until the wire is to be given more."""
        return max(0.0, self._wire_is_free_at - now - AHEAD)

    def carried(self, now: Seconds) -> Seconds:
        """Return how long the wire takes for what it was given."""
        return max(0.0, self._wire_is_free_at - now)


def _is_onset(message: bytes) -> bool:
    return message[0] & 0xF0 == NOTE_ON and message[2] > 0


def _superfluous_after(message: bytes) -> Iterator[tuple[int, ...]]:
    """Yield the subjects that need not be told any more where this message follows."""
    subject = _subject(message)
    yield subject
    if subject[0] & 0xF0 == NOTE_OFF:
        yield NOTE_ON | subject[0] & 0x0F, subject[1]


def _subject(message: bytes) -> tuple[int, ...]:
    """Return what a message is about: a note that begins or ends, a controller, a bend, and so on."""
    kind, channel = message[0] & 0xF0, message[0] & 0x0F
    if kind == NOTE_ON:
        return (NOTE_ON if message[2] else NOTE_OFF) | channel, message[1]
    if kind == CONTROL_CHANGE and message[1] == SUSTAIN_PEDAL:
        # A pedal that goes up and down again has let go of notes, so neither stands for the other.
        return message[0], message[1], message[2] // 64
    return (message[0], message[1]) if len(message) == 3 and kind != 0xE0 else (message[0],)
