"""Writing Standard MIDI Files: parts as named tracks, in real time.

A tick is a fixed fraction of a second, so that no tempo map is needed. Which of two parts a message belongs
to is said by its channel.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from antiphon.adapters.midi.wire import bytes_of, message_of
from antiphon.core.commands import Command, PlayNote, ReleaseNote, SendControl
from antiphon.core.events import Event
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Seconds
from antiphon.errors import MidiFileError, reason_of
from antiphon.whole_file import try_to_write, whole_file

# mido is imported where it is used: that takes a tenth of a second, and most starts need no file.

TICKS_PER_BEAT = 960
BEAT_MICROSECONDS = 500_000
TICKS_PER_SECOND = TICKS_PER_BEAT * 1_000_000 // BEAT_MICROSECONDS
"""1920, so rounding moves a message by 0.26 ms at most: less than a MIDI cable takes to carry it."""

QUESTION_CHANNEL = 1
ANSWER_CHANNEL = 2
"""Two channels, so that the pedal of one part does not hold the notes of the other."""


@dataclass(frozen=True, slots=True)
class TimedMessage:
    """The bytes of one MIDI channel message, ``at`` seconds after the start."""

    at: Seconds
    data: bytes


@dataclass(frozen=True, slots=True)
class NamedPart:
    """What becomes one track: its name and its messages in the order of time."""

    name: str
    messages: Iterable[TimedMessage]


def write_performance(path: Path, parts: Sequence[NamedPart]) -> None:
    """Write parts as a type-1 ``.mid`` file with one named track each, in real time.

    The file appears whole or not at all, and the same parts give the same bytes.

    Raises:
        MidiFileError: The folder is not there or not writable, the disk is full, or ``path`` is something
            other than a file.
    """
    with _troubles_told(path), whole_file(path) as file:
        _write_tracks(file, parts)


def prepare_to_write() -> None:
    """Take the time and the memory now that the first file takes besides its own."""
    import mido  # noqa: F401


def as_file(parts: Sequence[NamedPart]) -> bytes:
    """Return what :func:`write_performance` would write."""
    file = io.BytesIO()
    _write_tracks(file, parts)
    return file.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write music that is text, such as ABC; the file appears whole or not at all.

    Raises:
        MidiFileError: as :func:`write_performance`.
    """
    with _troubles_told(path), whole_file(path) as file:
        file.write(text.encode())


def check_that_it_can_be_written(path: Path) -> None:
    """Refuse a path before the work is done that is to be written there.

    Raises:
        MidiFileError: as :func:`write_performance` would, as far as that is seen beforehand.
    """
    with _troubles_told(path):
        try_to_write(path)


@contextmanager
def _troubles_told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MidiFileError(f"{path} cannot be written: {reason_of(error)}; name another file") from error


def part_heard(name: str, performance: Iterable[TimedEvent]) -> NamedPart:
    """Return a performance as a track."""
    messages = ((timed.at, bytes_heard(timed.event)) for timed in performance)
    return NamedPart(name, [TimedMessage(at, data) for at, data in messages if data is not None])


def part_played(name: str, commands: Iterable[Command]) -> NamedPart:
    """Return an answer as a track; what is passed through from the player is left out."""
    messages = ((command.due, bytes_played(command)) for command in commands)
    return NamedPart(name, [TimedMessage(at, data) for at, data in messages if data is not None])


def bytes_heard(event: Event) -> bytes | None:
    """Return the message of an event on the question's channel, if there is one."""
    return message_of(event, QUESTION_CHANNEL)


def bytes_played(command: Command) -> bytes | None:
    """Return the message of a command on the answer's channel, None where it is not part of the answer."""
    if isinstance(command, PlayNote | ReleaseNote | SendControl) and command.part == "it":
        return bytes_of(command, ANSWER_CHANNEL)
    return None


def _write_tracks(file: BinaryIO, parts: Sequence[NamedPart]) -> None:
    from mido import MetaMessage, MidiFile

    score = MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    for number, part in enumerate(parts):
        opening = [MetaMessage("track_name", name=part.name, time=0)]
        if number == 0:
            opening.append(MetaMessage("set_tempo", tempo=BEAT_MICROSECONDS, time=0))
        score.tracks.append(_Track(opening, part.messages))
    score.save(file=file)


@dataclass(frozen=True, slots=True)
class _Track:
    """A track that mido can write without a list of all its messages."""

    opening: Sequence[Any]
    messages: Iterable[TimedMessage]

    def __iter__(self) -> Iterator[Any]:
        from mido import Message

        yield from self.opening
        reached = 0
        for message in self.messages:
            tick = max(reached, round(message.at * TICKS_PER_SECOND))
            yield Message.from_bytes(message.data, time=tick - reached)
            reached = tick
