"""The scene: all that a mode looks at when it says when to play, and how."""

from dataclasses import dataclass

from antiphon.core.player import Player
from antiphon.core.pulse import Pulse
from antiphon.core.settings import Settings
from antiphon.core.units import Seconds


@dataclass(slots=True)
class Scene:
    """Who plays, by which settings, and what else is known of the moment.

    Attributes:
        pulse: the beat, where there is one.
        quiet_since: when the player last touched something, or the last answer ended, whichever was later.
        held_since: when somebody began to hold it; None while nobody does.
        is_open: whether it may play by itself at this hour.
        day: a number for the date, 0 where nobody has told.
        pieces: how many it has played by itself since the start.
        alone: how many of these since the player last touched something.
    """

    player: Player
    settings: Settings
    pulse: Pulse
    quiet_since: Seconds
    held_since: Seconds | None = None
    is_open: bool = True
    day: int = 0
    pieces: int = 0
    alone: int = 0

    def touch(self, now: Seconds) -> None:
        """Take down that the player is there."""
        self.quiet_since, self.alone = now, 0
