"""The player's hands: which keys are down, what sounds through the pedal, and at what pace they play.

A note sounds until its key *and* the pedal are up. Struck again while the pedal holds it, it ends and
begins anew. This is the same folding that the training music went through.
"""

from collections import deque
from collections.abc import Sequence
from statistics import median

from antiphon.core.units import Pitch, Seconds, Velocity

PEDAL_DOWN = 64
"""Controller values from here on count as pedal down (MIDI 1.0)."""

CHORD = 0.05
"""Seconds within which onsets count as struck together."""

REMEMBERED_ONSETS = 12

Change = tuple[Velocity, Pitch]
"""A note that begins to sound, or with velocity 0 ceases to."""

RELEASED = Velocity(0)


class Hands:
    """Turns keys and pedal into what begins and ceases to sound."""

    def __init__(self) -> None:
        self._keys: set[Pitch] = set()
        self._sounding: set[Pitch] = set()
        self._pedal_is_down = False
        self._intervals: deque[Seconds] = deque(maxlen=REMEMBERED_ONSETS)
        self._last_onset: Seconds | None = None

    @property
    def are_still(self) -> bool:
        """No key is down and no pedal holds a note."""
        return not self._keys and not self._pedal_is_down

    @property
    def only_hold_the_pedal(self) -> bool:
        """The pedal is down, and no key."""
        return self._pedal_is_down and not self._keys

    @property
    def sounding(self) -> frozenset[Pitch]:
        return frozenset(self._sounding)

    @property
    def pace(self) -> Seconds | None:
        """Return the median inter-onset interval of the last notes and chords, None before the second."""
        return median(self._intervals) if self._intervals else None

    @property
    def intervals(self) -> Sequence[Seconds]:
        """The inter-onset intervals of the last notes and chords of this phrase."""
        return tuple(self._intervals)

    def press(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> list[Change]:
        self._follow_pace(now)
        again: list[Change] = [(RELEASED, pitch)] if pitch in self._sounding else []
        self._keys.add(pitch)
        self._sounding.add(pitch)
        return [*again, (velocity, pitch)]

    def release(self, pitch: Pitch) -> list[Change]:
        self._keys.discard(pitch)
        return self._end({pitch} & self._sounding)

    def pedal(self, value: int) -> list[Change]:
        self._pedal_is_down = value >= PEDAL_DOWN
        return self._end(self._sounding - self._keys)

    @property
    def keys_down(self) -> int:
        """How many keys are down."""
        return len(self._keys)

    def lift(self) -> list[Change]:
        """Count every key as up; what the pedal holds goes on."""
        self._keys.clear()
        return self._end(set(self._sounding))

    def leave(self) -> list[Change]:
        """Count every key and the pedal as up."""
        self._keys.clear()
        self._pedal_is_down = False
        return self._end(set(self._sounding))

    def begin_phrase(self) -> None:
        """Forget the pace of the phrase before."""
        self._intervals.clear()
        self._last_onset = None

    def _end(self, pitches: set[Pitch]) -> list[Change]:
        if self._pedal_is_down:
            return []
        self._sounding -= pitches
        return [(RELEASED, pitch) for pitch in sorted(pitches)]

    def _follow_pace(self, now: Seconds) -> None:
        if self._last_onset is None:
            self._last_onset = now
        elif now - self._last_onset > CHORD:
            self._intervals.append(now - self._last_onset)
            self._last_onset = now
