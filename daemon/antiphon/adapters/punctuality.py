"""How punctual the music was: four kinds of delay, measured since the start.

It is told of moments and keeps how far apart they were. It reads no clock, and changes nothing of the music.
"""

from msgspec import Struct

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.adapters.histogram import Histogram, Summary
from antiphon.core.commands import (
    Command,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    SendMessage,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import HoursTold
from antiphon.core.units import Seconds


class Delays(Struct, frozen=True):
    """The four kinds of delay, in microseconds.

    Attributes:
        heard: from the arrival of an event until everything that follows from it is decided.
        begun: from the end of the player's turn, or a trigger, until the first note of the answer was sent.
        sent: from the moment that an onset or a release of an answer was due at until it was sent.
        thru: from the arrival of what is passed through until it was sent.
    """

    heard: Summary
    begun: Summary
    sent: Summary
    thru: Summary


class Punctuality:
    """The delays of one session."""

    def __init__(self) -> None:
        self.heard = Histogram()
        self.begun = Histogram()
        self.sent = Histogram()
        self.thru = Histogram()
        self._turn_over_at: Seconds | None = None
        self._first_sent_at: Seconds | None = None

    def take_down(self, news: News) -> None:
        """Note how late something was."""
        match news:
            case Heard(HoursTold()):
                pass  # what the calendar says nobody waits for
            case Heard(_, at, decided):
                self.heard.record(decided - at)
            case Sent(command, at):
                self._note(command, at)

    def _note(self, command: Command, at: Seconds) -> None:
        match command:
            case PlayNote(part="it"):
                self.sent.record(at - command.due)
                if self._first_sent_at is None:
                    self._first_sent_at = at
                    self._note_beginning()
            case ReleaseNote(part="it"):
                self.sent.record(at - command.due)
            case PlayNote() | ReleaseNote() | SendControl(part="you") | SendMessage():
                self.thru.record(at - command.due)
            case Publish():
                self._note_news(command)

    def _note_news(self, news: Publish) -> None:
        match news.occurrence:
            case TurnTaken():
                self._turn_over_at = news.due
                self._note_beginning()
            case TurnGivenBack():
                self._turn_over_at = self._first_sent_at = None

    def _note_beginning(self) -> None:
        """Take down an answer whose turn and first note are both known: the note is sent before the news."""
        if self._turn_over_at is not None and self._first_sent_at is not None:
            self.begun.record(self._first_sent_at - self._turn_over_at)

    def histograms(self) -> dict[str, Histogram]:
        """Return all of them by the names that they have in :class:`Delays`."""
        return {name: getattr(self, name) for name in Delays.__struct_fields__}

    def delays(self) -> Delays:
        """Return all of them in short."""
        return Delays(**{name: histogram.summary() for name, histogram in self.histograms().items()})
