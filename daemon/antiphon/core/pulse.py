"""The pulse: the beat that holds now, whoever gives it, and what follows from it.

A MIDI clock gives it, or the player as heard, or a setting. Answers begin on it, their notes are placed in
it, and our own clock ticks by it. It does not know what is played.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from antiphon.core import placement
from antiphon.core.beat import BeatTracker
from antiphon.core.clock_sender import ClockSender
from antiphon.core.commands import Command, Occurrence, Publish
from antiphon.core.events import ClockEvent
from antiphon.core.metre import Metre
from antiphon.core.midi_clock import USUAL_BAR, MidiClock
from antiphon.core.settings import Tempo
from antiphon.core.units import Pitch, Seconds, Velocity

STEADY: Seconds = 0.01
"""A beat on which an answer is about to begin stays where it is, unless it moves farther than this."""


class Pulse:
    """Told what is heard, at its moment, and asked for the metre.

    Args:
        tempo: the settings.
        now: the moment from which on a fixed beat is counted.
        lead: how long after an answer has been given out it sounds; it is the sound that is on the beat.
    """

    def __init__(self, tempo: Tempo, now: Seconds, lead: Seconds = 0.0) -> None:
        self._tempo = tempo
        self._lead = lead
        self._began = now
        self._clock = MidiClock()
        self._tracker = BeatTracker()
        self._sender = ClockSender()
        self._beginning: tuple[Seconds, Seconds] | None = None
        """When an answer might begin, and when it does so."""

    def follow(self, tempo: Tempo, lead: Seconds = 0.0) -> None:
        """Go by other settings."""
        self._tempo, self._lead = tempo, lead

    def hear(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> None:
        """Take in a key that the player has pressed."""
        self._tracker.hear(pitch, velocity, now)

    def receive(self, event: ClockEvent, now: Seconds) -> list[Command]:
        """Take in what the clock says, and return the news of it."""
        return _published(self._clock.receive(event, now), now)

    def advance(self, now: Seconds, answers: bool) -> list[Command]:
        """Return the ticks that are due by now, and what there is to tell.

        Args:
            now: the moment.
            answers: whether an answer is being played.
        """
        self._tracker.advance(now)
        return [*_published(self._clock.notice(now), now), *self._send(now, answers)]

    def wakes_at(self, now: Seconds, answers: bool) -> Seconds | None:
        """Return when to advance next, None where nothing of it will be due."""
        if self._sends(answers) != self._sender.runs:
            return now
        moments = (self._clock.gone_at, self._sender.due, self._tracker.due)
        return min((moment for moment in moments if moment is not None), default=None)

    def stop(self, now: Seconds) -> list[Command]:
        """Stop our own clock, where it runs, and leave nothing to be done."""
        self._tracker.take_in()
        return [*self._sender.stop(now)]

    def metre(self, now: Seconds) -> Metre | None:
        """Return the beats that hold now, None where nobody gives any."""
        match self._tempo.source:
            case "clock":
                return self._clock.metre(self._tempo.bar)
            case "heard":
                return self._tracker.metre(now, self._tempo.bar)
            case "fixed":
                return self._fixed
            case "auto":
                return self._clock.metre(self._tempo.bar) or self._tracker.metre(now, self._tempo.bar)

    @property
    def _fixed(self) -> Metre:
        """The beats of the setting."""
        return Metre(self._began, 0.0, 60.0 / self._tempo.bpm, self._tempo.bar or USUAL_BAR, "setting")

    def begins_at(self, free: Seconds) -> Seconds:
        """Return when an answer begins that might begin at a moment: then, or on the next beat or bar."""
        metre = None if self._tempo.begin == "free" else self._metre_of_answers(free)
        if metre is None:
            return free
        begins_at = metre.next_of(metre.bar if self._tempo.begin == "bar" else 1, free)
        if self._beginning is not None:
            asked_before, told_before = self._beginning
            if asked_before == free and abs(begins_at - told_before) <= STEADY:
                return told_before
        self._beginning = free, begins_at
        return begins_at

    def place(self, moment: Seconds, begun: Seconds | None, now: Seconds) -> Seconds:
        """Return when to play what was imagined for a moment.

        Args:
            moment: the moment.
            begun: when the note that ends with it began to sound; None where one begins.
            now: the moment of the asking; nothing that was imagined for later is to be played before.
        """
        metre = self._placing(now)
        if metre is None:
            return moment
        if begun is None:
            placed = placement.onset_at(moment, metre, self._tempo)
        else:
            placed = placement.release_at(moment, begun, metre, self._tempo)
        return max(placed, min(moment, now))

    def farthest_back(self, now: Seconds) -> Seconds:
        """Return by how much a note may begin sooner than it was imagined, at most."""
        metre = self._placing(now)
        return 0.0 if metre is None else placement.farthest_back(metre, self._tempo)

    def _placing(self, now: Seconds) -> Metre | None:
        return None if placement.leaves_all_as_it_is(self._tempo) else self._metre_of_answers(now)

    def _metre_of_answers(self, now: Seconds) -> Metre | None:
        """Return the beats as they are for what is given out, and sounds when it has taken its time."""
        metre = self.metre(now)
        return replace(metre, at=metre.at - self._lead) if metre is not None and self._lead else metre

    def _sends(self, answers: bool) -> bool:
        return self._tempo.send == "always" or (self._tempo.send == "answers" and answers)

    def _send(self, now: Seconds, answers: bool) -> Iterable[Command]:
        if not self._sends(answers):
            return self._sender.stop(now)
        metre = self.metre(now) or self._fixed
        if not self._sender.runs:
            self._sender.start(metre, now)
        return self._sender.take_due(metre, now)


def _published(news: Iterable[Occurrence], now: Seconds) -> list[Command]:
    return [Publish(now, each) for each in news]
