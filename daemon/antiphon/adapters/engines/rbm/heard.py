"""What the machine has heard: the last notes, on a clock that only music moves."""

import math

from msgspec import Struct
from msgspec.structs import replace

from antiphon.adapters.engines.foreseen import NOTHING, Foreseen
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.guide import Guide
from antiphon.core.units import Pitch, Seconds, Velocity

REMEMBERED = 64
"""Notes that are remembered, the last ones, and whatever sounds."""


class HeardNote(Struct, frozen=True, gc=False):
    """A note; ``ends`` is infinite while it sounds."""

    pitch: Pitch
    velocity: Velocity
    begins: Seconds
    ends: Seconds

    @property
    def sounds(self) -> bool:
        return self.ends == math.inf


class Asked(Struct, frozen=True, gc=False):
    """What a bar was drawn for: it is played by whoever asks for the same.

    ``theirs`` are pitches that sound and may not be released.
    """

    temperature: float
    seed: int | None
    guide: Guide
    onsets: frozenset[Pitch]
    theirs: frozenset[Pitch]


class Heard(Struct, frozen=True, gc=False):
    """All that has been heard, and what was foreseen after it. Never changed, so a snapshot is a reference.

    ``notes`` are in the order in which they began; ``asked`` is what ``foreseen`` was drawn for.
    """

    clock: Seconds = 0.0
    notes: tuple[HeardNote, ...] = ()
    foreseen: Foreseen = NOTHING
    asked: Asked | None = None

    def after(self, event: MusicEvent) -> "Heard":
        """Return the same and one event more."""
        clock = self.clock + event.dt
        notes = self.notes
        if any(note.pitch == event.pitch and note.sounds for note in notes):
            notes = tuple([_ended(note, event.pitch, clock) for note in notes])
        if event.velocity:
            notes = (*_kept(notes), HeardNote(event.pitch, event.velocity, clock, math.inf))
        return Heard(clock, notes, self.foreseen.after(event), self.asked)

    def question(self, constraints: Constraints) -> Asked:
        """Return what a bar is drawn for under constraints."""
        theirs = frozenset(note.pitch for note in self.sounding) - constraints.releases
        seed, guide, onsets = constraints.seed, constraints.guide, constraints.onsets
        return Asked(constraints.temperature, seed, guide, onsets, theirs)

    @property
    def sounding(self) -> list[HeardNote]:
        return [note for note in self.notes if note.sounds]


def _ended(note: HeardNote, pitch: Pitch, clock: Seconds) -> HeardNote:
    return replace(note, ends=clock) if note.pitch == pitch and note.sounds else note


def _kept(notes: tuple[HeardNote, ...]) -> tuple[HeardNote, ...]:
    if len(notes) < REMEMBERED:
        return notes
    return (*(note for note in notes[:1] if note.sounds), *notes[1:])
