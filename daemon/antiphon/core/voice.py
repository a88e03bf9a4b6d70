"""What sounds at the output because of us, so that nothing is ever left sounding.

All notes that are sent pass through here, the answer's and those passed through, and each is released
at the pitch at which it was sent even if the transposition has changed in between.
"""

from collections.abc import Iterator

from antiphon.core.commands import PlayNote, ReleaseNote
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

    def play(
        self, due: Seconds, pitch: Pitch, velocity: Velocity, transpose: int
    ) -> Iterator[PlayNote | ReleaseNote]:
        """Yield the onset, after a release where that key sounds already; nothing outside MIDI's range."""
        yield from self.release(due, pitch)
        sent = Pitch(pitch + transpose)
        if not 0 <= sent <= 127:
            return
        self._sent_as[pitch] = sent
        yield PlayNote(due, sent, velocity, self._part)

    def release(self, due: Seconds, pitch: Pitch) -> Iterator[ReleaseNote]:
        sent = self._sent_as.pop(pitch, None)
        if sent is not None:
            yield ReleaseNote(due, sent, self._part)

    def release_all(self, due: Seconds) -> Iterator[ReleaseNote]:
        for pitch in sorted(self._sent_as):
            yield from self.release(due, pitch)

    def forget(self) -> None:
        """The output is gone and nothing of ours sounds there any more."""
        self._sent_as.clear()
