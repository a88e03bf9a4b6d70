"""What a plan for an answer is made of; all of it can be taken back until it sounds."""

from msgspec import Struct

from antiphon.core.closing import Onset
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.memory import Past
from antiphon.core.units import Pitch, Seconds, Velocity


class Planned(Struct, frozen=True, gc=False):
    """An event that is to sound, and what had been heard before it."""

    due: Seconds
    velocity: Velocity
    pitch: Pitch
    before: Past

    @property
    def is_onset(self) -> bool:
        return self.velocity > 0

    @property
    def onset(self) -> Onset:
        return Onset(self.due, self.pitch)

    def as_sent(self, transpose: int) -> PlayNote | ReleaseNote:
        """Return what would be sent, were it due now."""
        pitch = Pitch(self.pitch + transpose)
        return PlayNote(self.due, pitch, self.velocity) if self.velocity else ReleaseNote(self.due, pitch)


class Cut(Struct, frozen=True, gc=False):
    """What was left out for want of time: onsets, and by how much the first of them was late."""

    onsets: int
    late: Seconds
