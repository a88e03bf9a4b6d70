"""What sounds in a room, as its walls hear it, and whether an engine has heard the same.

By rules of its own: it shares no code with the improviser.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

import pytest

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.engine import MusicEvent
from antiphon.core.events import Event, KeyPressed, OutputLost, SettingsChanged
from seen_player import SeenPlayer

Sound = tuple[float, int, int]
"""When a pitch began, or with velocity 0 ceased, to sound: (seconds, velocity, pitch)."""

Sameness = Literal["to the moment", "in order"]
"""How alike what an engine has heard is to what sounded: as loud and at the same times, or neither."""


@dataclass
class SoundingRoom:
    """Writes down what sounds in it.

    Attributes:
        transpose: by how much what is sent lies above what was meant.
        sounds: all of it, since it was last forgotten.
    """

    transpose: int
    sounds: list[Sound] = field(default_factory=list)
    _player: SeenPlayer = field(default_factory=SeenPlayer)
    _of_the_answer: dict[int, int] = field(default_factory=dict)

    def see(self, now: float, event: Event | None, said: list[Command]) -> None:
        """Hear what happens at a moment, and what follows at once."""
        self.output(said)
        if event is not None:
            self.player(now, event)
        for command in said:
            self._end(command.due, self._player.hear_of(command))
        if isinstance(event, SettingsChanged):
            self.transpose = event.settings.play.transpose

    def player(self, at: float, event: Event) -> None:
        self._end(at, self._player.see(at, event))
        match event:
            case KeyPressed(pitch, velocity):
                self.sounds.append((at, velocity, pitch))
            case OutputLost():
                self._end(at, set(self._of_the_answer.values()))
                self._of_the_answer.clear()

    def output(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case PlayNote(due, pitch, velocity, "it"):
                    self._of_the_answer[pitch] = pitch - self.transpose
                    self.sounds.append((due, velocity, pitch - self.transpose))
                case ReleaseNote(due, pitch, "it"):
                    self.sounds.append((due, 0, self._of_the_answer.pop(pitch)))

    def forget(self) -> None:
        """Begin anew: what sounded before is no part of the music any more."""
        self.sounds.clear()

    def _end(self, at: float, pitches: set[int]) -> None:
        self.sounds += [(at, 0, pitch) for pitch in sorted(pitches)]


def assert_heard(
    heard: Sequence[MusicEvent], sounds: Sequence[Sound], sameness: Sameness = "to the moment"
) -> None:
    """Assert that an engine has heard the last of what sounded.

    What sounds at one moment is sent releases first, in whatever order it was imagined.
    """
    sounded = sounds[len(sounds) - len(heard) :]
    at = sounded[-1][0] - sum(event.dt for event in heard) if heard else 0.0
    times = list(accumulate((event.dt for event in heard), initial=at))[1:]
    known = [(time, event.velocity, event.pitch) for time, event in zip(times, heard, strict=True)]
    for one, other in zip(moment_by_moment(known), moment_by_moment(sounded), strict=True):
        if sameness == "to the moment":
            assert [time for time, *_ in one] == pytest.approx([time for time, *_ in other])
            assert [sound[1:] for sound in one] == [sound[1:] for sound in other]
        else:
            assert sorted(map(on_or_off, one)) == sorted(map(on_or_off, other))


def on_or_off(sound: Sound) -> tuple[bool, int]:
    """Return what begins or ceases to sound, however loud."""
    _, velocity, pitch = sound
    return velocity > 0, pitch


def moment_by_moment(sounds: Sequence[Sound]) -> list[list[Sound]]:
    """Return what sounds at each moment, in an order of its own."""
    moments: list[list[Sound]] = []
    for sound in sounds:
        if moments and sound[0] - moments[-1][0][0] < 1e-9:
            moments[-1].append(sound)
        else:
            moments.append([sound])
    return [sorted(moment, key=lambda sound: sound[1:]) for moment in moments]
