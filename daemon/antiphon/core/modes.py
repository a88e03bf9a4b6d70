"""When it plays: the one place where a mode is added.

A mode looks at what the player has done and says when it begins to play. How it plays is not its business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from antiphon.core.player import Player
from antiphon.core.settings import ModeName, Settings
from antiphon.core.units import Seconds


@dataclass(frozen=True, slots=True)
class Mode:
    """What the improviser asks a mode.

    Attributes:
        begins_at: returns the moment at which it begins to play, unless the player touches something
            before; None while it waits for that.
        yields: whether it falls silent when the player touches a key. One that does not goes on, and what
            has not sounded yet is imagined anew.
    """

    begins_at: Callable[[Player, Settings], Seconds | None]
    yields: bool = True


def when_the_turn_is_over(player: Player, settings: Settings) -> Seconds | None:
    """A phrase has been played, no key or pedal is down, and a pause follows."""
    if not player.phrase.onsets or not player.is_still:
        return None
    return player.phrase_ends_at(settings.turn)


def never(player: Player, settings: Settings) -> None:
    """It plays only when somebody triggers it."""


MODES: Mapping[ModeName, Mode] = {
    "answer": Mode(begins_at=when_the_turn_is_over),
    "listen": Mode(begins_at=never),
}
