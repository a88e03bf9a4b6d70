"""What plays the notes of an answer on an instrument that takes its time, such as a piano with hammers.

Such an instrument sounds a loud note sooner than a soft one. So every note of an answer sounds ``lead``
seconds after the moment that the music gave it out for, and is sent as much before that as its velocity
takes: an answer is shifted as a whole, by as much as its softest note would take, and nothing in it is
squeezed. What the player plays himself is not kept waiting.

    take(commands, now)   what the music gives out
    due(now)              what is to be sent by now
    cut(now)              silence: what was not sent never is, and what was is released
    yield_the_tail(now)   the same, of an answer that the music has ended already

It reads no clock, and knows neither ports nor why somebody falls silent.
"""

from bisect import insort
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from antiphon.core.commands import Command, PlayNote, Publish, ReleaseNote, TurnGivenBack
from antiphon.core.settings import Actuator as ActuatorSettings
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon.core.velocity_latency import table_of

SHORTEST_STROKE: Seconds = 0.02
"""What a key is down at least, and up before it is struck again: mechanics miss what is shorter."""

BY_THEMSELVES = frozenset({"phrase ended", "length reached", "faded"})
"""Reasons for which an answer ends that sounds to its end; for any other it is silent at once."""


AT_ONCE = ActuatorSettings(latency="", release=0.0)
"""An instrument that sounds as soon as it is told to."""


class Outgoing(Struct, frozen=True, gc=False):
    """A command that is to be sent at a moment, and sounds ``ahead`` seconds later."""

    at: Seconds
    command: Command
    ahead: Seconds = 0.0


class Actuator:
    """Keeps what an answer plays until it has to be sent.

    Args:
        settings: how long the instrument takes.
    """

    def __init__(self, settings: ActuatorSettings = AT_ONCE) -> None:
        self._waiting: list[Outgoing] = []
        self._onsets: dict[Pitch, Seconds] = {}
        self._releases: dict[Pitch, Outgoing] = {}
        self._to_release: set[Pitch] = set()
        self._cut_off: set[Pitch] = set()
        self._struck: set[Pitch] = set()
        self._passed_on: set[Pitch] = set()
        self.follow(settings)

    def follow(self, settings: ActuatorSettings) -> None:
        """Go by other settings; what waits already is sent when it was to be."""
        self._table = table_of(settings.latency)
        self._falls = settings.release / 1000
        self.lead = lead_of(settings)

    @property
    def next_at(self) -> Seconds | None:
        """When something is to be sent next, None while nothing waits."""
        return self._waiting[0].at if self._waiting else None

    def take(self, commands: Iterable[Command], now: Seconds) -> list[Outgoing]:
        """Take in what the music gives out, and return what is to be sent by now, of that and of the rest."""
        given = [*commands]
        if any(_silences(command) for command in given):
            self.cut(now)
        outgoing = [Outgoing(now, command) for command in given if not self._keep(command)]
        # A key is let go before the player strikes it, and the music goes before the news of it.
        return sorted(self.due(now) + outgoing, key=lambda each: isinstance(each.command, Publish))

    def due(self, now: Seconds) -> list[Outgoing]:
        """Return what waits to be sent by now, in order."""
        due: list[Outgoing] = []
        while self._waiting and self._waiting[0].at <= now:
            due.append(self._waiting.pop(0))
            self._note(due[-1].command)
        return due

    def cut(self, now: Seconds) -> None:
        """Send nothing of what waits but the news, and by now the release of each key that was struck."""
        if not self.lead and not self._waiting:
            return  # nothing is on its way, and the music releases what sounds by itself
        # The music ends them too, which is none of the player's business who holds the same key.
        self._cut_off |= self._to_release
        self._to_release.clear()
        news = [Outgoing(now, each.command) for each in self._waiting if isinstance(each.command, Publish)]
        struck = sorted(self._struck)
        self._releases = {pitch: Outgoing(now, ReleaseNote(now, pitch)) for pitch in struck}
        self._waiting = [*self._releases.values(), *news]

    def yield_the_tail(self, now: Seconds) -> None:
        """Cut what waits of an answer that is over; what joins the player's notes goes on."""
        if any(isinstance(each.command, Publish) for each in self._waiting):
            self.cut(now)

    def forget(self) -> None:
        """The output is gone, and nothing of ours sounds there any more."""
        self._struck.clear()
        self._passed_on.clear()
        self.cut(0.0)
        self._to_release.clear()
        self._cut_off.clear()

    def _keep(self, command: Command) -> bool:
        """Keep a note of an answer until its time; tell whether nothing of it is to be sent at once."""
        is_quick = not self.lead and not self._waiting
        match command:
            case PlayNote(part="you"):
                self._leave_to_the_player(command)
                self._passed_on.add(command.pitch)
                return False
            case ReleaseNote(part="it") if command.pitch in self._cut_off:
                self._cut_off.discard(command.pitch)
                return True
            case ReleaseNote() if self._ends_what_was_passed_on(command):
                self._passed_on.discard(command.pitch)
                return False
            case PlayNote(part="it") if is_quick:
                self._onsets[command.pitch] = command.due
                self._to_release.add(command.pitch)
                self._note(command)
            case ReleaseNote(part="it") if is_quick:
                self._to_release.discard(command.pitch)
                self._note(command)
            case PlayNote(part="it"):
                self._add_onset(command)
            case ReleaseNote(part="it"):
                self._add_release(command)
            case Publish(occurrence=TurnGivenBack()) if self._waiting:
                # It is over when its last note is.
                self._add(Outgoing(self._waiting[-1].at, command))
            case _:
                return False
        return not is_quick

    def _ends_what_was_passed_on(self, command: ReleaseNote) -> bool:
        """Whether it ends a note of the player's: also one that was taken over, whose onset never waited."""
        is_taken_over = command.pitch in self._passed_on and command.pitch not in self._to_release
        return command.part == "you" or is_taken_over

    def _leave_to_the_player(self, own: PlayNote) -> None:
        """Let go of a key that the player strikes, now, and strike it no more."""
        pitch = own.pitch
        self._waiting = [each for each in self._waiting if _key_of(each.command) != pitch]
        if pitch in self._to_release:
            self._to_release.discard(pitch)
            self._cut_off.add(pitch)
        if pitch in self._struck:
            self._releases[pitch] = Outgoing(own.due, ReleaseNote(own.due, pitch))
            self._add(self._releases[pitch])

    def _add_onset(self, command: PlayNote) -> None:
        pitch, sounds_at, takes = command.pitch, command.due + self.lead, self._table.at(command.velocity)
        at = sounds_at - takes
        if (former := self._releases.get(pitch)) is not None:
            if former.at > at - SHORTEST_STROKE and former in self._waiting:
                former = self._earlier(former, at - SHORTEST_STROKE)
            at = max(at, former.at + SHORTEST_STROKE)
        self._onsets[pitch] = at
        self._to_release.add(pitch)
        self._add(Outgoing(at, replace(command, due=sounds_at), takes))

    def _add_release(self, command: ReleaseNote) -> None:
        pitch, sounds_at = command.pitch, command.due + self.lead
        if pitch not in self._to_release:
            return  # nothing of it was ever given out
        self._to_release.discard(pitch)
        at = max(sounds_at - self._falls, self._onsets[pitch] + SHORTEST_STROKE)
        self._releases[pitch] = Outgoing(at, replace(command, due=sounds_at), self._falls)
        self._add(self._releases[pitch])

    def _earlier(self, release: Outgoing, at: Seconds) -> Outgoing:
        """Have a key let go earlier, which is struck again: as early as its own stroke allows."""
        assert isinstance(release.command, ReleaseNote)
        pitch = release.command.pitch
        self._waiting.remove(release)
        moved = replace(release, at=max(at, self._onsets[pitch] + SHORTEST_STROKE))
        self._releases[pitch] = moved
        self._add(moved)
        return moved

    def _add(self, outgoing: Outgoing) -> None:
        insort(self._waiting, outgoing, key=lambda each: each.at)

    def _note(self, command: Command) -> None:
        """Take down what is sent."""
        match command:
            case PlayNote(pitch=pitch):
                self._struck.add(pitch)
            case ReleaseNote(pitch=pitch):
                self._struck.discard(pitch)


def lead_of(settings: ActuatorSettings) -> Seconds:
    """Return how long after the music has given it out a note of an answer sounds.

    Whoever begins an answer at a moment, such as a beat, has the music begin it so much earlier.
    """
    return max(table_of(settings.latency).longest, settings.release / 1000)


def struck_at(due: Seconds, velocity: Velocity, settings: ActuatorSettings) -> Seconds:
    """Return when a note is sent that is due at a moment, unless its key has to be let go first."""
    return due + lead_of(settings) - table_of(settings.latency).at(velocity)


def _key_of(command: Command) -> Pitch | None:
    """Return which key a command is for; None where it is for none."""
    return command.pitch if isinstance(command, PlayNote | ReleaseNote) else None


def _silences(command: Command) -> bool:
    """Whether an answer is over that is not to sound to its end."""
    match command:
        case Publish(occurrence=TurnGivenBack(reason=reason)):
            return reason not in BY_THEMSELVES
    return False
