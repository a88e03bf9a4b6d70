"""What is down of one page, so that nothing stays down when it goes."""

from collections.abc import Callable

from antiphon.adapters.desk import Touch
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    HoldPressed,
    HoldReleased,
    KeyPressed,
    KeyReleased,
)
from antiphon.core.hands import PEDAL_DOWN
from antiphon.core.units import Pitch


class PageHands:
    """The keys and the pedal of one page, and whether it holds.

    Args:
        play: called with what a keyboard would send.
    """

    def __init__(self, play: Callable[[Touch], None]) -> None:
        self._play = play
        self._keys: set[Pitch] = set()
        self._pedal_is_down = False
        self._holds = False

    def do(self, touch: Touch) -> None:
        """Do what a hand or a foot does; what was not down is not released."""
        match touch:
            case KeyPressed(pitch):
                self._keys.add(pitch)
            case KeyReleased(pitch):
                if pitch not in self._keys:
                    return
                self._keys.discard(pitch)
            case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
                self._pedal_is_down = value >= PEDAL_DOWN
            case HoldPressed():
                self._holds = True
            case HoldReleased():
                if not self._holds:
                    return
                self._holds = False
        self._play(touch)

    def leave(self) -> None:
        """Let go of everything."""
        for pitch in sorted(self._keys):
            self.do(KeyReleased(pitch))
        if self._pedal_is_down:
            self.do(ControlMoved(SUSTAIN_PEDAL, 0))
        self.do(HoldReleased())
