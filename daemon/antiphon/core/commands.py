"""What the improviser can ask for: the one vocabulary of commands out, each with its deadline."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from antiphon.core.units import Part, Pitch, Seconds, Velocity


@dataclass(frozen=True, slots=True)
class PlayNote:
    """Sound a note. Every one of these is followed by a :class:`ReleaseNote` of the same pitch."""

    due: Seconds
    pitch: Pitch
    velocity: Velocity
    part: Part = "it"


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """Let go of a note that sounds."""

    due: Seconds
    pitch: Pitch
    part: Part = "it"


@dataclass(frozen=True, slots=True)
class SendControl:
    """Move a controller of the instrument that plays the answers."""

    due: Seconds
    controller: int
    value: int
    part: Part = "it"


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Pass a channel message of the player through as it came."""

    due: Seconds
    data: bytes


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """The player has finished; the answer begins.

    ``onsets`` and ``seconds`` describe the phrase that was heard.
    """

    onsets: int
    seconds: Seconds


Reason: TypeAlias = Literal["phrase ended", "length reached", "interrupted", "silenced", "output lost"]
"""Why an answer ended."""


@dataclass(frozen=True, slots=True)
class TurnGivenBack:
    """The answer is over. ``onsets`` were played in ``seconds``."""

    reason: Reason
    onsets: int
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class OnsetsDropped:
    """Notes that would have come too late were left out, together with their releases."""

    onsets: int
    late: Seconds


Occurrence: TypeAlias = TurnTaken | TurnGivenBack | OnsetsDropped


@dataclass(frozen=True, slots=True)
class Publish:
    """Tell whoever watches what happened."""

    due: Seconds
    occurrence: Occurrence


Command: TypeAlias = PlayNote | ReleaseNote | SendControl | SendMessage | Publish
