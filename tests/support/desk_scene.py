"""A desk without MIDI: an improviser that has one long note to play, and everything that is told."""

import asyncio
from collections.abc import Callable

from antiphon.adapters.broadcast import Broadcast, Follower, Heard, News, Sent, SettingsFollowed
from antiphon.adapters.check_up import CheckUp, Examine, unexamined
from antiphon.adapters.desk import Desk
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.footing import Footing
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import Pacer, clock, wall_clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.config import Loaded
from antiphon.core.commands import PlayNote
from antiphon.core.engine import Engine, MusicEvent
from antiphon.core.events import Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.units import Pitch, Seconds, Velocity
from engines_at_hand import EnginesAtHand
from scripted_engine import ScriptedEngine

PATIENCE = 20.0
"""Seconds that something is waited for before a test gives up on it."""

HELLO = (MusicEvent(0.0, Velocity(90), Pitch(72)), MusicEvent(0.5, Velocity(0), Pitch(72)))
BOOK = PhraseBook({"hello": HELLO})


class Keyboard:
    """Ports without a MIDI system."""

    input_name = "Keystation"
    output_name = "FLUID"
    lost: frozenset[Direction] = frozenset()


class Scene:
    """Everything that a door comes to; make it on a running loop, and close it.

    Args:
        loaded: the settings that hold.
        load: reads them again; otherwise they stay what they are.
        engine: plays; otherwise one that has a note of five seconds.
        time_of_day: the wall clock.
        examine: looks at the machine.
    """

    def __init__(
        self,
        loaded: Loaded,
        load: Callable[[], Loaded] | None = None,
        engine: Engine | None = None,
        time_of_day: Callable[[], Seconds] = wall_clock,
        examine: Examine = unexamined,
    ) -> None:
        self.told: list[News] = []
        self.ports = Keyboard()
        self.engines = EnginesAtHand()
        self.broadcast = Broadcast()
        self.broadcast.listen(self.told.append)
        self._follower = Follower()
        self.broadcast.listen(self._follower)
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
            self.ports,
            self.engines,
            punctuality,
            BOOK,
            CheckUp(examine, Footing(0, 0, memory_is_locked=False), self.broadcast.tell),
            time_of_day,
        )

    @property
    def triggers(self) -> list[Triggered]:
        """The triggers that were heard."""
        heard = [news.event for news in self.told if isinstance(news, Heard)]
        return [event for event in heard if isinstance(event, Triggered)]

    @property
    def followed(self) -> list[SettingsFollowed]:
        """The settings that were followed, each time."""
        return [news for news in self.told if isinstance(news, SettingsFollowed)]

    async def until(self, wanted: Callable[[News], bool]) -> None:
        """Wait until something is told that is wanted, after what was waited for before."""
        async with asyncio.timeout(PATIENCE):
            async for news in self._follower:
                if wanted(news):
                    return

    async def until_it_plays(self) -> None:
        await self.until(lambda news: isinstance(news, Sent) and isinstance(news.command, PlayNote))

    def close(self) -> None:
        self.pacer.close()
