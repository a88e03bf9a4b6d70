"""What the daemon is doing now, as one value for everybody who wants to see it.

Whoever shows it, in a log, on a page or to other programs, shows this; as JSON it has the same names.
"""

from msgspec import Struct

from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.punctuality import Delays
from antiphon.core.metre import TempoSource
from antiphon.core.settings import ModeName
from antiphon.core.units import Pitch


class State(Struct, frozen=True):
    """A moment of a session.

    Attributes:
        mode: when it plays.
        engine: what invents the notes, by its kind.
        model: the network that it does so with, by its name or its file.
        input: the port that is heard.
        output: the port that is played.
        lost: which of the two are missing at the moment.
        player_active: whether the player is in the middle of a phrase.
        pedal_withholds: whether it would answer, were the player's sustain pedal not down.
        answering: whether an answer is being played.
        sounding: what sounds of it, upwards, before transposition.
        notes_heard: keys that the player has pressed since the start.
        notes_played: notes of answers that were sent since the start.
        held: whether somebody holds it.
        tempo: beats a minute that hold now; None where nobody gives a beat.
        tempo_from: who gives it: a MIDI clock, the player as heard, or the setting.
        delays: how late everything was since the start.
    """

    mode: ModeName
    engine: str
    model: str
    input: str
    output: str
    lost: tuple[Direction, ...]
    player_active: bool
    pedal_withholds: bool
    answering: bool
    sounding: tuple[Pitch, ...]
    notes_heard: int
    notes_played: int
    held: bool
    tempo: float | None
    tempo_from: TempoSource | None
    delays: Delays
