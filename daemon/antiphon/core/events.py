"""What the improviser can be told: the one vocabulary of events in.

Adapters translate whatever they receive into these; channels, ports and bytes stay outside.
"""

from typing import TypeAlias

from msgspec import Struct

from antiphon.core.engine import Engine, MusicEvent
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Seconds, Velocity

SUSTAIN_PEDAL = 64
"""Controller number of the sustain pedal (MIDI 1.0)."""


class KeyPressed(Struct, frozen=True, gc=False):
    """The player pressed a key; ``velocity`` is at least 1."""

    pitch: Pitch
    velocity: Velocity


class KeyReleased(Struct, frozen=True, gc=False):
    """The player let go of a key."""

    pitch: Pitch


class ControlMoved(Struct, frozen=True, gc=False):
    """The player moved a controller, the sustain pedal among them; ``value`` is 0 to 127."""

    controller: int
    value: int


class OtherMessage(Struct, frozen=True, gc=False):
    """A channel message that means nothing to the music and is at most passed through."""

    data: bytes


class ClockTicked(Struct, frozen=True, gc=False):
    """A MIDI clock has ticked, 24 times a beat; of several ``ticks`` the last came at that moment."""

    ticks: int = 1


class ClockStarted(Struct, frozen=True, gc=False):
    """The song of a MIDI clock begins with the next tick."""


class ClockContinued(Struct, frozen=True, gc=False):
    """The song of a MIDI clock goes on with the next tick, from where it was stopped or put."""


class ClockStopped(Struct, frozen=True, gc=False):
    """The song of a MIDI clock is stopped; the clock itself may go on ticking."""


class SongPositionMoved(Struct, frozen=True, gc=False):
    """The song of a MIDI clock was put somewhere else, ``sixteenths`` after its beginning."""

    sixteenths: int


ClockEvent: TypeAlias = ClockTicked | ClockStarted | ClockContinued | ClockStopped | SongPositionMoved
"""What a MIDI clock tells; it has no channel."""


class InputLost(Struct, frozen=True, gc=False):
    """The input vanished or overflowed: which keys are held is no longer known."""


class OutputLost(Struct, frozen=True, gc=False):
    """The output vanished: nothing that was sent to it sounds any more."""


class Triggered(Struct, frozen=True, gc=False):
    """Somebody asked for an answer, whether or not the turn is over.

    Attributes:
        phrase: what is to be answered, in place of what the player has played; every onset is released.
        seconds: how long the answer lasts; None as the settings say.
        seed: the same one makes the same answer of the same phrase; None leaves it to chance.
        at: the moment at which it begins; None at once.
    """

    phrase: tuple[MusicEvent, ...] = ()
    seconds: Seconds | None = None
    seed: int | None = None
    at: Seconds | None = None


class HoldPressed(Struct, frozen=True, gc=False):
    """Somebody holds it: a pedal, a key or a button that is not music, or a door."""


class HoldReleased(Struct, frozen=True, gc=False):
    """Nobody holds it any more."""


class HoursTold(Struct, frozen=True, gc=False):
    """Whether it may play by itself at this hour, and a number for the day."""

    is_open: bool
    day: int


class EngineReady(Struct, frozen=True, gc=False):
    """The engine, which had no answer yet when it was last asked, has it now."""


class EngineChanged(Struct, frozen=True, gc=False):
    """From now on another engine invents the notes; it has heard nothing yet."""

    engine: Engine


class SettingsChanged(Struct, frozen=True, gc=False):
    """From now on the music follows these settings."""

    settings: Settings


class Silenced(Struct, frozen=True, gc=False):
    """Everything is to be released now: the daemon stops, or somebody panicked."""


Event: TypeAlias = (
    KeyPressed
    | KeyReleased
    | ControlMoved
    | OtherMessage
    | ClockEvent
    | InputLost
    | OutputLost
    | Triggered
    | HoldPressed
    | HoldReleased
    | HoursTold
    | EngineReady
    | EngineChanged
    | SettingsChanged
    | Silenced
)
