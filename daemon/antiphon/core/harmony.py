"""A second part, note against note: each key that the player strikes is joined by another at once.

The engine chooses it out of what is consonant with the player's note and belongs to the key; it lasts as
long as the note that it joins.
"""

from antiphon.core.engine import Constraints
from antiphon.core.guide import Guide
from antiphon.core.hands import RELEASED, Change
from antiphon.core.memory import Memory
from antiphon.core.settings import Play
from antiphon.core.units import Pitch, Seconds, Velocity

CONSONANCES = (3, 4, 8, 9, 15, 16)
"""Semitones: thirds, sixths and tenths, the imperfect consonances, in which two parts stay two."""

SOFTER = 0.85
"""Share of the player's velocity: theirs is the melody."""

NONE: frozenset[Pitch] = frozenset()


class Harmony:
    """Joins the player's notes.

    Args:
        memory: what was heard, which hears these notes as well.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._beside: dict[Pitch, Pitch] = {}

    @property
    def is_sounding(self) -> bool:
        return bool(self._beside)

    def join(
        self, change: Change, now: Seconds, play: Play, guide: Guide, held: frozenset[Pitch]
    ) -> list[Change]:
        """Return what begins and ceases to sound with what the player does.

        Args:
            change: what began or ceased to sound of theirs; the memory has heard it.
            now: when.
            play: how it plays: range, temperature.
            guide: what the music is to be like, the scale among it.
            held: keys that they hold.
        """
        velocity, pitch = change
        if not velocity:
            return self._part_from(pitch, now)
        partings = self._part_from(pitch, now) + self.make_room_for(pitch, now)
        chosen = self._choose(pitch, play, guide, held)
        if chosen is None:
            return partings
        self._beside[pitch] = chosen
        joined = Velocity(max(round(SOFTER * velocity), 1)), chosen
        self._hear(joined, now)
        return [*partings, joined]

    def make_room_for(self, pitch: Pitch, now: Seconds) -> list[Change]:
        """Let go of a key that the player strikes."""
        joined = [theirs for theirs, ours in self._beside.items() if ours == pitch]
        return [change for theirs in joined for change in self._part_from(theirs, now)]

    def leave(self, now: Seconds) -> list[Change]:
        """Let go of everything."""
        return [change for pitch in sorted(self._beside) for change in self._part_from(pitch, now)]

    def _choose(self, pitch: Pitch, play: Play, guide: Guide, held: frozenset[Pitch]) -> Pitch | None:
        taken = held | frozenset(self._beside.values())
        onsets = consonant_with(pitch, play, guide.scale) - taken
        if not onsets or len(self._beside) >= play.polyphony:
            return None
        event = self._memory.imagine(
            Constraints(
                shortest_dt=0.0,
                longest_dt=0.0,
                onsets=onsets,
                releases=NONE,
                temperature=play.temperature,
                min_p=play.min_p,
                taken=taken,
                guide=guide,
                asked="it",
                within=0.0,
                blend=play.blend,
            )
        )
        return None if event is None else event.pitch

    def _part_from(self, pitch: Pitch, now: Seconds) -> list[Change]:
        joined = self._beside.pop(pitch, None)
        if joined is None:
            return []
        return [self._hear((RELEASED, joined), now)]

    def _hear(self, change: Change, now: Seconds) -> Change:
        velocity, pitch = change
        self._memory.hear(now, velocity, pitch, part="it")
        return change


def consonant_with(pitch: Pitch, play: Play, scale: frozenset[int] | None) -> frozenset[Pitch]:
    """Return what may join a pitch: below it, or where nothing can be, above; of the scale if any."""
    below = [pitch - interval for interval in CONSONANCES]
    above = [pitch + interval for interval in CONSONANCES]
    for candidates in (below, above):
        possible = {each for each in candidates if play.lowest <= each <= play.highest}
        belonging = {each for each in possible if scale is None or each % 12 in scale}
        if possible:
            return frozenset(map(Pitch, belonging or possible))
    return NONE
