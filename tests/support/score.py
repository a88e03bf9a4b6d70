"""Writing down what the player does, and reading what came out, as one would in a score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antiphon.core.commands import Command, PlayerCame, PlayerLeft, PlayNote, Publish, ReleaseNote
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Pitch, Velocity


def note(at: float, pitch: int, length: float = 0.2, velocity: int = 80) -> list[TimedEvent]:
    """A key pressed at a moment and let go ``length`` seconds later."""
    return [
        TimedEvent(at, KeyPressed(Pitch(pitch), Velocity(velocity))),
        TimedEvent(at + length, KeyReleased(Pitch(pitch))),
    ]


def pedal(at: float, value: int) -> list[TimedEvent]:
    return [TimedEvent(at, ControlMoved(SUSTAIN_PEDAL, value))]


def score(*lines: Iterable[TimedEvent]) -> list[TimedEvent]:
    """All that happens, in order of time; at one time in the order given."""
    return sorted((timed for line in lines for timed in line), key=lambda timed: timed.at)


def scale(
    start: float = 0.0,
    interval: float = 0.25,
    length: float = 0.2,
    pitches: Sequence[int] = (60, 62, 64, 65, 67),
) -> list[TimedEvent]:
    """A phrase of even notes, detached unless ``length`` reaches the next."""
    return [
        timed
        for index, pitch in enumerate(pitches)
        for timed in note(start + index * interval, pitch, length)
    ]


def onsets(commands: Iterable[Command]) -> list[PlayNote]:
    return [command for command in commands if isinstance(command, PlayNote)]


def occurrences(commands: Iterable[Command]) -> list[object]:
    """What became of the turns; who comes and goes is left out."""
    told = [command.occurrence for command in commands if isinstance(command, Publish)]
    return [each for each in told if not isinstance(each, PlayerCame | PlayerLeft)]


def comings_and_goings(commands: Iterable[Command]) -> list[tuple[float, object]]:
    """When somebody came, and when nobody was there any more."""
    told = [(command.due, command.occurrence) for command in commands if isinstance(command, Publish)]
    return [each for each in told if isinstance(each[1], PlayerCame | PlayerLeft)]


@dataclass(frozen=True, slots=True)
class Played:
    """A note as it sounded."""

    onset: float
    release: float
    pitch: int
    velocity: int


def notes(commands: Iterable[Command]) -> list[Played]:
    """Pair onsets with their releases; one onset or release too many is an error."""
    sounding: dict[int, PlayNote] = {}
    played: list[Played] = []
    for command in commands:
        if isinstance(command, PlayNote):
            assert command.pitch not in sounding, f"{command} while it sounds"
            sounding[command.pitch] = command
        elif isinstance(command, ReleaseNote):
            begun = sounding.pop(command.pitch)
            played.append(Played(begun.due, command.due, begun.pitch, begun.velocity))
    assert not sounding, f"left sounding: {sorted(sounding)}"
    return sorted(played, key=lambda note: (note.onset, note.pitch))
