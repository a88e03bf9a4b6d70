"""Whoever stands in the room and hears everything: the promises of an improviser, checked at each step.

It goes by what happened and by what was sent, and shares no code with the improviser. It is a plain object,
for any room and any clock.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.core.commands import (
    Command,
    HeldLong,
    PlayNote,
    Publish,
    ReleaseNote,
    SendClock,
    SendControl,
    SendMessage,
    TurnTaken,
)
from antiphon.core.events import (
    ClockEvent,
    Event,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
)
from antiphon.core.settings import Settings
from seen_player import SeenPlayer
from seen_turns import MOMENT, SeenTurns, is_free

CLOSING_NOTE = 1.5
"""Seconds that a note may sound on when the time of an answer is up."""

LONGEST_BEAT = 6.0
"""Seconds of the slowest beat that is followed; a tick that is later than that is left out."""


@dataclass(slots=True)
class _Sounding:
    """A note of its that sounds: since when, for how long it may at most, and which key is meant.

    ``joined``: the key of the player's with which it ends.
    """

    since: float
    longest: float
    key: int
    joined: int | None = None


@dataclass
class Witness:
    """Raises an AssertionError, in a sentence, as soon as something happens that must not.

    Attributes:
        settings: that hold now.
        latest: seconds by which a wake-up may be late.
        events: how many steps it has seen.
        told: in how many of these something happened, other than that time passed.
        notes: how many were played.
    """

    settings: Settings
    latest: float
    events: int = 0
    told: int = 0
    notes: int = 0
    _now: float = -math.inf
    _at: float = -math.inf
    """The moment at which the improviser takes it to be: what comes late through a cable bears its own."""
    _its: dict[int, _Sounding] = field(default_factory=dict)
    _passed_through: dict[int, int] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)
    _clock_runs: bool = False
    _always_in_time: bool = True

    def __post_init__(self) -> None:
        self._player = SeenPlayer(self.settings.guide.zone)
        self._turns = SeenTurns(self.settings, self._player)
        self._always_in_time = is_free(self.settings.tempo)

    @property
    def has_begun_anew(self) -> bool:
        """Whether all that was heard has just been forgotten, and before anything else sounded."""
        return self._turns.has_begun_anew

    @property
    def sounding(self) -> set[int]:
        """What sounds by all that was sent, whoever plays it."""
        return {*self._its, *self._passed_through}

    def see(self, now: float, event: Event | None, said: Sequence[Command], at: float | None = None) -> None:
        """See something happen, or time pass, and what follows at once.

        Args:
            now: the moment.
            event: what happened; None where time passed.
            said: what followed.
            at: the moment that was told with it, where it has waited.
        """
        assert now >= self._now - MOMENT, f"time went back from {self._now} to {now}"
        self._now, self._at = now, max(self._at, now if at is None else at)
        self.events, self.told = self.events + 1, self.told + (event is not None)
        if isinstance(event, OutputLost):
            self._its.clear()
            self._passed_through.clear()
        if isinstance(event, SettingsChanged):
            self._follow(event.settings)
        is_to_be_silent, is_taken_over = self._see_who_plays(event, said)
        for command in said:
            if is_taken_over and _takes_a_turn(command):
                self._inherit()
            self._hear(command, event)
        is_over = self._turns.conclude(self._at, event, said, self.latest)
        self._look_for_what_hangs()
        self._look_for_what_was_to_end(event, is_to_be_silent or is_over, said)

    def _see_who_plays(self, event: Event | None, said: Sequence[Command]) -> tuple[bool, bool]:
        """Tell whether it is to be silent, and whether it has taken over what sounds."""
        self._player.see(self._at, event)
        is_to_be_silent = self._turns.see(self._at, event)
        for command in said:
            self._player.hear_of(command)
        before = self._turns.manner
        self._turns.hear_of(self._at, event, said)
        is_taken_over = self._turns.plays_while_held and self._turns.manner == "goes on" != before
        return is_to_be_silent, is_taken_over and self.settings.play.thru

    def _inherit(self) -> None:
        """Whoever takes over in mid-phrase ends what sounds."""
        for pitch, key in [*self._passed_through.items()]:
            if key in self._player.sounding:
                self._its[pitch] = _Sounding(self._at, self.settings.play.longest_note, key)
                del self._passed_through[pitch]
        self._player.hand_over(self._at)

    def _follow(self, settings: Settings) -> None:
        self.settings = settings
        self._always_in_time = self._always_in_time and is_free(settings.tempo)
        for note in self._its.values():
            note.longest = max(note.longest, settings.play.longest_note)

    def _hear(self, command: Command, event: Event | None) -> None:
        assert command.due <= self._now + MOMENT, f"{command} is sent before its time, at {self._now}"
        match command:
            case PlayNote(due, pitch, velocity, "it"):
                self._keep_order(command, "it")
                self._play(due, pitch, velocity, event)
            case ReleaseNote(due, pitch, "it"):
                self._keep_order(command, "it")
                assert self._its.pop(pitch, None), f"{command}: it does not sound"
            case PlayNote(_, pitch, _, "you"):
                assert isinstance(event, KeyPressed), f"{command} is passed through, and nobody played"
                assert pitch not in self._passed_through, f"{command}: it sounds already"
                self._passed_through[pitch] = event.pitch
            case ReleaseNote(_, pitch, "you"):
                assert pitch in self._passed_through, f"{command}: it does not sound"
                del self._passed_through[pitch]
            case SendMessage():
                assert isinstance(event, OtherMessage), f"{command}, and nobody sent it"
            case SendControl(part="you"):
                assert not isinstance(event, KeyPressed | KeyReleased | ClockEvent | None), (
                    f"{command} came out of nothing"
                )
            case SendClock():
                self._keep_order(command, "clock")
                self._tick(command)
            case _:
                pass

    def _keep_order(self, command: PlayNote | ReleaseNote | SendClock, whose: str) -> None:
        before = self._due.get(whose, -math.inf)
        assert command.due >= before - MOMENT, f"{command} is due before what was sent before it, at {before}"
        self._due[whose] = command.due

    def _play(self, due: float, pitch: int, velocity: int, event: Event | None) -> None:
        play = self.settings.play
        key = pitch - play.transpose
        self._turns.check_onset(due, key, event)
        assert 1 <= velocity <= 127, f"{pitch} is played with the velocity {velocity}"
        assert 0 <= pitch <= 127, f"{pitch} is no pitch of MIDI's"
        assert play.lowest <= key <= play.highest, f"{pitch} is outside the range"
        assert pitch not in self._its, f"{pitch} is struck again at {due} while it sounds"
        assert len(self._its) < play.polyphony, (
            f"{pitch} is the {len(self._its) + 1}th note that sounds at once"
        )
        late = self._at - due
        assert late <= self.settings.latency.late_onset + MOMENT, (
            f"{pitch} comes {late} s too late, and is not left out"
        )
        self.notes += 1
        if isinstance(event, KeyPressed):
            self._its[pitch] = _Sounding(due, math.inf, key, event.pitch)
        else:
            self._its[pitch] = _Sounding(due, play.longest_note, key)

    def _tick(self, command: SendClock) -> None:
        """Check that the clock starts before it ticks, and stops once."""
        match command.message:
            case "start" | "continue":
                assert not self._clock_runs, "the clock is started while it runs"
                self._clock_runs = True
            case "tick":
                assert self._clock_runs, "the clock ticks, and was not started"
                late = self._now - command.due
                assert late <= LONGEST_BEAT, f"a tick comes {late} s late"
            case "stop":
                assert self._clock_runs, "the clock is stopped, which does not run"
                self._clock_runs = False

    def _look_for_what_hangs(self) -> None:
        turns = self._turns
        last_call = turns.ends_at + CLOSING_NOTE if turns.manner and self._always_in_time else math.inf
        for pitch, note in self._its.items():
            until = min(note.since + note.longest, max(last_call, note.since))
            # The wake-up that ends it may be late, and so may the one before, which found it to be planned.
            sounds = self._now - note.since
            assert self._now <= until + 2 * self.latest, f"{pitch} has sounded for {sounds} s"

    def _look_for_what_was_to_end(
        self, event: Event | None, is_to_be_silent: bool, said: Sequence[Command]
    ) -> None:
        is_joined = self._turns.is_note_against_note
        is_silenced = isinstance(event, Silenced) or any(
            isinstance(command, Publish) and isinstance(command.occurrence, HeldLong) for command in said
        )
        if is_silenced:
            assert not self._passed_through, f"{sorted(self._passed_through)} sound on, passed through"
            is_sent_on = self.settings.tempo.send == "always"
            assert is_sent_on or not self._clock_runs, "the clock runs on after it was silenced"
        if is_silenced or (is_to_be_silent and not is_joined):
            assert not self._its, f"{sorted(self._its)} sound on after it was silenced"
        if isinstance(event, KeyPressed):
            wanted = [pitch for pitch, note in self._its.items() if note.key == event.pitch]
            assert not wanted, f"{wanted} sound on, though the player has struck that key"
        left = [
            pitch for pitch, note in self._its.items() if note.joined not in (None, *self._player.sounding)
        ]
        assert not left, f"{left} sound on, though the notes that they join have ended"


def _takes_a_turn(command: Command) -> bool:
    return isinstance(command, Publish) and isinstance(command.occurrence, TurnTaken)
