"""A desk without MIDI: an improviser that has one long note to play, and everything that is told."""

from collections.abc import Callable

from antiphon.adapters.broadcast import Broadcast, News
from antiphon.adapters.check_up import CheckUp, unexamined
from antiphon.adapters.desk import Desk
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.footing import Footing
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.config import Loaded
from antiphon.core.engine import Engine
from antiphon.core.improviser import Improviser
from engines_at_hand import EnginesAtHand
from scripted_engine import ScriptedEngine


class Keyboard:
    """Ports without a MIDI system."""

    input_name = "Keystation"
    output_name = "FLUID"
    lost: frozenset[Direction] = frozenset()


class Scene:
    """Everything that a door comes to; make it on a running loop, and close it."""

    def __init__(
        self, loaded: Loaded, load: Callable[[], Loaded] | None = None, engine: Engine | None = None
    ) -> None:
        self.told: list[News] = []
        self.keyboard = Keyboard()
        self.broadcast = Broadcast()
        self.broadcast.listen(self.told.append)
        punctuality = Punctuality()
        self.broadcast.listen(punctuality.take_down)
        one_note = ScriptedEngine([(0.0, 90, 72), (5.0, 0, 72)])
        improviser = Improviser(engine or one_note, loaded.config.settings, clock())
        self.pacer = Pacer(improviser, lambda command: None, self.broadcast.tell)
        self.desk = Desk(
            loaded,
            load or (lambda: loaded),
            self.broadcast,
            improviser,
            self.pacer,
            self.keyboard,
            EnginesAtHand(),
            punctuality,
            PhraseBook({}),
            CheckUp(unexamined, Footing(0, 0, memory_is_locked=False), self.broadcast.tell),
        )

    def close(self) -> None:
        self.pacer.close()
