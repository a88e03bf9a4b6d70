"""A desk without MIDI and without a network, for doors that somebody comes by."""

from antiphon.adapters.broadcast import Broadcast, News
from antiphon.adapters.check_up import CheckUp, unexamined
from antiphon.adapters.desk import Desk
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.footing import Footing
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.core.engine import MusicEvent
from antiphon.core.improviser import Improviser
from antiphon.core.units import Pitch, Velocity
from default_config import loaded
from engines_at_hand import EnginesAtHand
from scripted_engine import ScriptedEngine

BOOK = PhraseBook(
    {"hello": (MusicEvent(0.0, Velocity(90), Pitch(72)), MusicEvent(0.5, Velocity(0), Pitch(72)))}
)


class Keyboard:
    """Ports without a MIDI system."""

    input_name = "Keystation"
    output_name = "FLUID"
    lost: frozenset[Direction] = frozenset()


class SteeredDesk:
    """A desk whose improviser has one long note to play; what it tells is kept in ``told``."""

    def __init__(self, *sets: str) -> None:
        self.told: list[News] = []
        broadcast = Broadcast()
        broadcast.listen(self.told.append)
        now = loaded(*sets)
        improviser = Improviser(ScriptedEngine([(0.0, 90, 72), (5.0, 0, 72)]), now.config.settings, clock())
        self.pacer = Pacer(improviser, lambda command: None, broadcast.tell)
        self.ports = Keyboard()
        self.engines = EnginesAtHand()
        self.desk = Desk(
            now,
            lambda: loaded(*sets),
            broadcast,
            improviser,
            self.pacer,
            self.ports,
            self.engines,
            Punctuality(),
            BOOK,
            CheckUp(unexamined, Footing(0, 0, memory_is_locked=False), broadcast.tell),
        )
