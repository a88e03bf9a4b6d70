"""What hangs on the output and minds each note: none begins twice, none ends unbegun, none stays."""

from collections.abc import Iterable

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.improviser import Improviser
from antiphon.core.units import Part, Pitch, Seconds

MOST_STEPS = 50_000
"""Wake-ups until somebody gives up: a minute of the densest music takes a tenth of them."""


class Synthesizer:
    """Plays what an improviser asks for, under a simulated clock.

    Attributes:
        now: of that clock.
        sounding: since when.
    """

    def __init__(self, improviser: Improviser) -> None:
        self.now: Seconds = 0.0
        self.sounding: dict[tuple[Part, Pitch], Seconds] = {}
        self._improviser = improviser
        self._steps = 0

    def pass_time(self, until: Seconds) -> None:
        """Wake the improviser whenever it wants to be."""
        while (wake_at := self._improviser.wake_at()) is not None and wake_at <= until:
            self._steps += 1
            assert self._steps <= MOST_STEPS, "it wakes up without end"
            self.now = max(self.now, wake_at)
            self._improviser.advance(self.now)
            self.play()
        self.now = max(self.now, until)

    def play(self) -> None:
        self._play(self._improviser.commands_to_send())

    def _play(self, commands: Iterable[Command]) -> None:
        for command in commands:
            match command:
                case PlayNote(due, pitch, velocity, part):
                    assert 0 <= pitch <= 127, f"no such note: {command}"
                    assert 1 <= velocity <= 127, f"no such velocity: {command}"
                    assert (part, pitch) not in self.sounding, f"{command} while it sounds"
                    self.sounding[part, pitch] = due
                case ReleaseNote(_, pitch, part):
                    assert self.sounding.pop((part, pitch), None) is not None, f"{command} of nothing"
