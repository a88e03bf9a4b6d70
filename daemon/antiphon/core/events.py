"""What the improviser can be told: the one vocabulary of events in.

Adapters translate whatever they receive into these; channels, ports and bytes stay outside.
"""

from dataclasses import dataclass
from typing import TypeAlias

from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity

SUSTAIN_PEDAL = 64
"""Controller number of the sustain pedal (MIDI 1.0)."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The player pressed a key; ``velocity`` is at least 1."""

    pitch: Pitch
    velocity: Velocity


@dataclass(frozen=True, slots=True)
class KeyReleased:
    """The player let go of a key."""

    pitch: Pitch


@dataclass(frozen=True, slots=True)
class ControlMoved:
    """The player moved a controller, the sustain pedal among them; ``value`` is 0 to 127."""

    controller: int
    value: int


@dataclass(frozen=True, slots=True)
class OtherMessage:
    """A channel message that means nothing to the music and is at most passed through."""

    data: bytes


@dataclass(frozen=True, slots=True)
class InputLost:
    """The input vanished or overflowed: which keys are held is no longer known."""


@dataclass(frozen=True, slots=True)
class OutputLost:
    """The output vanished: nothing that was sent to it sounds any more."""


@dataclass(frozen=True, slots=True)
class Triggered:
    """Somebody asked for an answer now, whether or not the turn is over."""


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine, which had no answer yet when it was last asked, has it now."""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """From now on the music follows these settings."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Silenced:
    """Everything is to be released now: the daemon stops, or somebody panicked."""


Event: TypeAlias = (
    KeyPressed
    | KeyReleased
    | ControlMoved
    | OtherMessage
    | InputLost
    | OutputLost
    | Triggered
    | EngineReady
    | SettingsChanged
    | Silenced
)
