"""What the improviser can ask for: the one vocabulary of commands out, each with its deadline."""

from typing import Literal, TypeAlias

from msgspec import Struct

from antiphon.core.units import Beats, Part, Pitch, Seconds, Velocity


class PlayNote(Struct, frozen=True, gc=False):
    """Sound a note. Every one of these is followed by a :class:`ReleaseNote` of the same pitch."""

    due: Seconds
    pitch: Pitch
    velocity: Velocity
    part: Part = "it"


class ReleaseNote(Struct, frozen=True, gc=False):
    """Let go of a note that sounds."""

    due: Seconds
    pitch: Pitch
    part: Part = "it"


class SendControl(Struct, frozen=True, gc=False):
    """Move a controller of the instrument that plays the answers."""

    due: Seconds
    controller: int
    value: int
    part: Part = "it"


class SendMessage(Struct, frozen=True, gc=False):
    """Pass a channel message of the player through as it came."""

    due: Seconds
    data: bytes


ClockMessage: TypeAlias = Literal["tick", "start", "continue", "stop"]
"""What a MIDI clock says to those who follow it; ``start`` and ``continue`` mean the tick after them."""


class SendClock(Struct, frozen=True, gc=False):
    """Tell those who follow our clock how time goes."""

    due: Seconds
    message: ClockMessage


class TurnTaken(Struct, frozen=True, gc=False):
    """The player has finished; the answer begins.

    ``onsets`` and ``seconds`` describe the phrase that was heard.
    """

    onsets: int
    seconds: Seconds


Reason: TypeAlias = Literal[
    "phrase ended", "length reached", "interrupted", "faded", "let go", "silenced", "output lost"
]
"""Why an answer ended."""


class TurnGivenBack(Struct, frozen=True, gc=False):
    """The answer is over. ``onsets`` were played in ``seconds``."""

    reason: Reason
    onsets: int
    seconds: Seconds


class OnsetsDropped(Struct, frozen=True, gc=False):
    """Notes that would have come too late were left out, together with their releases."""

    onsets: int
    late: Seconds


class CueDropped(Struct, frozen=True, gc=False):
    """An answer that was asked for will not come, because the player touched a key before."""


class PedalHeld(Struct, frozen=True, gc=False):
    """An answer has long been due, but that the player's sustain pedal is down."""


class HeldLong(Struct, frozen=True, gc=False):
    """It was held so long that everything is silenced."""


class KeysHeld(Struct, frozen=True, gc=False):
    """So many ``keys`` were down for so long, with nothing else touched, that they count as released."""

    keys: int


class PlayerCame(Struct, frozen=True, gc=False):
    """Somebody touched a key where nobody had for a while."""


class PlayerLeft(Struct, frozen=True, gc=False):
    """Nobody has touched anything for ``seconds``, nor held a key."""

    seconds: Seconds


class ClockCame(Struct, frozen=True, gc=False):
    """A MIDI clock ticks, ``bpm`` beats a minute."""

    bpm: float


class ClockWent(Struct, frozen=True, gc=False):
    """The MIDI clock does not tick any more."""


class SongStarted(Struct, frozen=True, gc=False):
    """The song of the MIDI clock runs, from that ``beat`` on."""

    beat: Beats


class SongStopped(Struct, frozen=True, gc=False):
    """The song of the MIDI clock is stopped, at that ``beat``."""

    beat: Beats


Occurrence: TypeAlias = (
    TurnTaken
    | TurnGivenBack
    | OnsetsDropped
    | CueDropped
    | PedalHeld
    | HeldLong
    | KeysHeld
    | PlayerCame
    | PlayerLeft
    | ClockCame
    | ClockWent
    | SongStarted
    | SongStopped
)


class Publish(Struct, frozen=True, gc=False):
    """Tell whoever watches what happened."""

    due: Seconds
    occurrence: Occurrence


Music: TypeAlias = PlayNote | ReleaseNote | SendControl | SendMessage | SendClock
"""What goes to the instrument."""

Command: TypeAlias = Music | Publish


def place_in_order(command: Command) -> tuple[bool, Seconds, int]:
    """Return where a command stands among those sent together: the music before the news of it, by deadline,
    and at equal deadlines the clock before all, and what ends before what begins.
    """
    return isinstance(command, Publish), command.due, _PLACES[type(command)]


_PLACES = {SendClock: 0, ReleaseNote: 1, SendControl: 2, SendMessage: 2, PlayNote: 3, Publish: 4}
