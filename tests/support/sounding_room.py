"""What sounds in a room, as its walls hear it, and whether an engine has heard the same.

By rules of its own: it shares no code with the improviser.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import pytest

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.engine import MusicEvent
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OutputLost,
    SettingsChanged,
    Silenced,
)
from antiphon.core.hands import PEDAL_DOWN

Sound = tuple[float, int, int]
"""When a pitch began, or with velocity 0 ceased, to sound: (seconds, velocity, pitch)."""


@dataclass
class SoundingRoom:
    """Writes down what sounds in it.

    Attributes:
        transpose: by how much what is sent lies above what was meant.
    """

    transpose: int
    sounds: list[Sound] = field(default_factory=list)
    _keys: set[int] = field(default_factory=set)
    _held: set[int] = field(default_factory=set)
    _of_the_answer: dict[int, int] = field(default_factory=dict)
    _pedal: bool = False

    def see(self, now: float, event: Event | None, said: list[Command]) -> None:
        """Hear what happens at a moment, and what follows at once."""
        self.output(said)
        if event is not None:
            self.player(now, event)
        if isinstance(event, SettingsChanged):
            self.transpose = event.settings.play.transpose

    def player(self, at: float, event: Event) -> None:
        match event:
            case KeyPressed(pitch, velocity):
                self._end(at, self._held & {pitch})
                self.sounds.append((at, velocity, pitch))
                self._keys.add(pitch)
                self._held.add(pitch)
            case KeyReleased(pitch):
                self._keys.discard(pitch)
            case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
                self._pedal = value >= PEDAL_DOWN
            case InputLost() | Silenced():
                self._keys.clear()
                self._pedal = False
            case OutputLost():
                self.sounds += [(at, 0, pitch) for _, pitch in sorted(self._of_the_answer.items())]
                self._of_the_answer.clear()
        if not self._pedal:
            self._end(at, self._held - self._keys)

    def output(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case PlayNote(due, pitch, velocity, "it"):
                    self._of_the_answer[pitch] = pitch - self.transpose
                    self.sounds.append((due, velocity, pitch - self.transpose))
                case ReleaseNote(due, pitch, "it"):
                    self.sounds.append((due, 0, self._of_the_answer.pop(pitch)))

    def _end(self, at: float, pitches: set[int]) -> None:
        self.sounds += [(at, 0, pitch) for pitch in sorted(pitches)]
        self._held -= pitches


def assert_heard(heard: Sequence[MusicEvent], sounds: Sequence[Sound]) -> None:
    """Assert that an engine has heard the last of what sounded, to the times.

    What sounds at one moment is sent releases first, in whatever order it was imagined.
    """
    sounded = sounds[len(sounds) - len(heard) :]
    at = sounded[-1][0] - sum(event.dt for event in heard) if heard else 0.0
    times = list(accumulate((event.dt for event in heard), initial=at))[1:]
    known = [(time, event.velocity, event.pitch) for time, event in zip(times, heard, strict=True)]
    for one, other in zip(moment_by_moment(known), moment_by_moment(sounded), strict=True):
        assert [time for time, *_ in one] == pytest.approx([time for time, *_ in other])
        assert [sound[1:] for sound in one] == [sound[1:] for sound in other]


def moment_by_moment(sounds: Sequence[Sound]) -> list[list[Sound]]:
    """Return what sounds at each moment, in an order of its own."""
    moments: list[list[Sound]] = []
    for sound in sounds:
        if moments and sound[0] - moments[-1][0][0] < 1e-9:
            moments[-1].append(sound)
        else:
            moments.append([sound])
    return [sorted(moment, key=lambda sound: sound[1:]) for moment in moments]
