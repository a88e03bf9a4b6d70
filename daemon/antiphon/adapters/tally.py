"""How many notes were heard and played since the start."""

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.core.commands import PlayNote
from antiphon.core.events import KeyPressed


class Tally:
    """What was counted so far.

    Attributes:
        heard: keys that the player has pressed.
        played: notes of answers that were sent; what is passed through does not count.
    """

    def __init__(self) -> None:
        self.heard = 0
        self.played = 0

    def take_down(self, news: News) -> None:
        """Count what is a note."""
        match news:
            case Heard(KeyPressed()):
                self.heard += 1
            case Sent(PlayNote(part="it")):
                self.played += 1
