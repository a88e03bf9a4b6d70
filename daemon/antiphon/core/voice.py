"""What sounds at the output because of us, so that nothing is ever left sounding.

All notes that are sent pass through here, the answer's and those passed through, and each is released
at the pitch at which it was sent even if the transposition has changed in between.
"""

from antiphon.core.commands import Command, PlayNote, ReleaseNote
from antiphon.core.units import Part, Pitch, Seconds, Velocity


class Voice:
    """The notes of one part that sound at the output."""

    def __init__(self, part: Part) -> None:
        self._part: Part = part
        self._sent_as: dict[Pitch, Pitch] = {}

    @property
    def sounding(self) -> frozenset[Pitch]:
        """The pitches as the music knows them, before transposition."""
        return frozenset(self._sent_as)

    def play(self, due: Seconds, pitch: Pitch, velocity: Velocity, transpose: int) -> list[Command]:
        """Return the onset, after a release where that key sounds already; nothing outside MIDI's range."""
        commands = self.release(due, pitch)
        sent = Pitch(pitch + transpose)
        if 0 <= sent <= 127:
            self._sent_as[pitch] = sent
            commands.append(PlayNote(due, sent, velocity, self._part))
        return commands

    def release(self, due: Seconds, pitch: Pitch) -> list[Command]:
        sent = self._sent_as.pop(pitch, None)
        return [] if sent is None else [ReleaseNote(due, sent, self._part)]

    def release_all(self, due: Seconds) -> list[Command]:
        return [command for pitch in sorted(self._sent_as) for command in self.release(due, pitch)]

    def adopt(self, other: "Voice", pitches: frozenset[Pitch]) -> None:
        """Take over some of what sounds of another part: whose notes they are now, releases them."""
        for pitch in pitches & other.sounding:
            self._sent_as[pitch] = other._sent_as.pop(pitch)

    def forget(self) -> None:
        """The output is gone and nothing of ours sounds there any more."""
        self._sent_as.clear()
