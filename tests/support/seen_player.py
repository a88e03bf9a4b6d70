"""The player as anybody sees and hears them: which keys are down, and what of theirs sounds.

By rules of its own: it shares no code with the improviser.
"""

import math
from dataclasses import dataclass, field

from antiphon.core.commands import Command, HeldLong, KeysHeld, Publish
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    Silenced,
)
from antiphon.core.hands import PEDAL_DOWN


@dataclass
class SeenPlayer:
    """Sees what the player does.

    Attributes:
        zone: keys below it only say which chord is meant.
        sounding: the pitches that sound since their key is down, or the pedal.
        struck_at: when a key was struck last.
        touched_at: when anything was moved last that matters: a pedal at rest does not.
    """

    zone: int = 0
    sounding: set[int] = field(default_factory=set)
    struck_at: float = -math.inf
    touched_at: float = -math.inf
    _keys: set[int] = field(default_factory=set)
    _left_hand: set[int] = field(default_factory=set)
    _pedal: bool = False
    _was_still: bool = True

    @property
    def holding(self) -> set[int]:
        """The pitches that are theirs, what the left hand means included."""
        return self.sounding | self._left_hand

    @property
    def is_still(self) -> bool:
        return not self._keys and not self._pedal

    def strikes(self, event: Event | None) -> bool:
        """Whether it is a key that is music."""
        return isinstance(event, KeyPressed) and event.pitch >= self.zone

    def means(self, event: Event | None) -> bool:
        """Whether it is a key of the left hand's that says which chord is meant."""
        match event:
            case KeyPressed(pitch):
                return pitch < self.zone
            case KeyReleased(pitch):
                return pitch in self._left_hand
        return False

    def see(self, at: float, event: Event | None) -> set[int]:
        """See something happen, and return which pitches cease to sound through it."""
        match event:
            case KeyPressed(pitch) if pitch < self.zone:
                self._left_hand.add(pitch)
                return set()
            case KeyReleased(pitch) if pitch in self._left_hand:
                self._left_hand.discard(pitch)
                return set()
            case KeyPressed(pitch):
                again = self.sounding & {pitch}
                self._keys.add(pitch)
                self.sounding.add(pitch)
                self.struck_at = at
                self._touch(at, True)
                return again
            case KeyReleased(pitch):
                self._keys.discard(pitch)
                return self._end(at, {pitch})
            case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
                self._pedal = value >= PEDAL_DOWN
                return self._end(at, self.sounding - self._keys)
            case InputLost() | Silenced():
                return self.leave(at)
        return set()

    def hear_of(self, news: Command) -> set[int]:
        """Hear what has become of the keys while nobody touched them; return what ceases to sound."""
        match news:
            case Publish(due, KeysHeld()):
                self._keys.clear()
                return self._end(due, set(self.sounding))
            case Publish(due, HeldLong()):
                return self.leave(due)
        return set()

    def leave(self, at: float) -> set[int]:
        """Let go of everything."""
        self._left_hand.clear()
        return self.hand_over(at)

    def hand_over(self, at: float) -> set[int]:
        """Let go of everything but what the left hand means."""
        self._keys.clear()
        self._pedal = False
        return self._end(at, set(self.sounding))

    def _end(self, at: float, pitches: set[int]) -> set[int]:
        ended = set() if self._pedal else pitches & self.sounding
        self.sounding -= ended
        self._touch(at, bool(ended))
        return ended

    def _touch(self, at: float, is_heard: bool) -> None:
        if is_heard or not (self.is_still and self._was_still):
            self.touched_at = at
        self._was_still = self.is_still
