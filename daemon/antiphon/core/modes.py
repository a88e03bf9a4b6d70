"""When it plays: the one place where a mode is added.

A mode looks at what the player has done and says when it begins to play. How it plays is not its business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from antiphon.core.player import Player
from antiphon.core.settings import ModeName, Settings
from antiphon.core.units import Seconds


def never(player: Player, settings: Settings) -> None:
    """Somebody has to trigger it."""


@dataclass(frozen=True, slots=True)
class Mode:
    """What the improviser asks a mode.

    Attributes:
        begins_at: returns the moment at which it begins to play, unless the player touches something
            before; None while it waits for that.
        yields: whether it falls silent when the player touches a key. One that does not goes on, and what
            has not sounded yet is imagined anew.
        withheld_from: returns the moment from which it would play, were the sustain pedal not down; None
            while it waits for something else.
    """

    begins_at: Callable[[Player, Settings], Seconds | None]
    yields: bool = True
    withheld_from: Callable[[Player, Settings], Seconds | None] = never


def when_the_turn_is_over(player: Player, settings: Settings) -> Seconds | None:
    """A phrase has been played, no key or pedal is down, and a pause follows."""
    if not player.phrase.onsets or not player.is_still:
        return None
    return player.phrase_ends_at(settings.turn)


def when_the_turn_would_be_over(player: Player, settings: Settings) -> Seconds | None:
    """A phrase has been played, a pause follows, and nothing but the sustain pedal is down."""
    return player.phrase_would_end_at(settings.turn)


MODES: Mapping[ModeName, Mode] = {
    "answer": Mode(begins_at=when_the_turn_is_over, withheld_from=when_the_turn_would_be_over),
    "listen": Mode(begins_at=never),
}
