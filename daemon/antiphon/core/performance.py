"""What was played, as values with times, and the notes that it amounts to.

A performance is a stream of timed events, as a keyboard sends them; a note is an onset paired with its
release, as a picture shows it. Neither knows where the music came from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from msgspec.structs import replace

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, Event, KeyPressed, KeyReleased
from antiphon.core.hands import Change, Hands
from antiphon.core.units import PITCH_CLASSES, Pitch, Seconds, Velocity


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """Something that happened, ``at`` seconds after the performance began or at a moment of the clock."""

    at: Seconds
    event: Event


@dataclass(frozen=True, slots=True)
class Note:
    """A key that was down from ``onset`` to ``release``; the pedal is not folded in."""

    onset: Seconds
    release: Seconds
    pitch: Pitch
    velocity: Velocity


def notes_heard(performance: Iterable[TimedEvent]) -> list[Note]:
    """Return the notes of a performance, by onset; a key that stays down ends with the last event."""
    return _paired(_keys_of(performance))


def notes_sounding(performance: Iterable[TimedEvent]) -> list[Note]:
    """Return the notes of a performance as long as they sound, the pedal folded in, by onset."""
    return _paired((at, pitch, velocity) for at, (velocity, pitch) in changes_in(performance))


def changes_in(performance: Iterable[TimedEvent]) -> Iterator[tuple[Seconds, Change]]:
    """Yield what begins and ceases to sound in a performance, and when; at its end everything ceases."""
    hands = Hands()
    at: Seconds = 0.0
    for timed in performance:
        at, changes = timed.at, list[Change]()
        match timed.event:
            case KeyPressed(pitch, velocity):
                changes = hands.press(pitch, velocity, at)
            case KeyReleased(pitch):
                changes = hands.release(pitch)
            case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
                changes = hands.pedal(value)
        yield from ((at, change) for change in changes)
    yield from ((at, change) for change in hands.leave())


def notes_played(commands: Iterable[Command]) -> list[Note]:
    """Return the notes of an answer, by onset; what is passed through from the player is left out."""
    return _paired(_keys_commanded(commands))


def moved(commands: Iterable[Command], by: Seconds) -> list[Command]:
    """Return commands that are due ``by`` seconds later."""
    return [replace(command, due=command.due + by) for command in commands]


def note_name(pitch: Pitch) -> str:
    """Return the scientific name of a pitch, in which middle C is C4."""
    return f"{PITCH_CLASSES[pitch % 12]}{pitch // 12 - 1}"


_KeyMoved: TypeAlias = tuple[Seconds, Pitch, Velocity]
"""When, which key, how fast; velocity 0 is a release."""


def _keys_of(performance: Iterable[TimedEvent]) -> Iterator[_KeyMoved]:
    for timed in performance:
        match timed.event:
            case KeyPressed(pitch, velocity):
                yield timed.at, pitch, velocity
            case KeyReleased(pitch):
                yield timed.at, pitch, Velocity(0)


def _keys_commanded(commands: Iterable[Command]) -> Iterator[_KeyMoved]:
    for command in commands:
        match command:
            case PlayNote(due, pitch, velocity, "it"):
                yield due, pitch, velocity
            case ReleaseNote(due, pitch, "it"):
                yield due, pitch, Velocity(0)


def _paired(keys: Iterable[_KeyMoved]) -> list[Note]:
    notes: list[Note] = []
    down: dict[Pitch, tuple[Seconds, Velocity]] = {}
    at: Seconds = 0.0
    for at, pitch, velocity in keys:
        if pitch in down:
            onset, struck = down.pop(pitch)
            notes.append(Note(onset, at, pitch, struck))
        if velocity > 0:
            down[pitch] = (at, velocity)
    notes.extend(Note(onset, at, pitch, struck) for pitch, (onset, struck) in down.items())
    return sorted(notes, key=lambda note: (note.onset, note.pitch))
