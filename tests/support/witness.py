"""Whoever stands in the room and hears everything: the promises of an improviser, checked at each step.

It goes by what happened and by what was sent, and shares no code with the improviser. It is a plain object,
for any room and any clock.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from antiphon.core.commands import (
    Command,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    SendMessage,
    TurnTaken,
)
from antiphon.core.events import (
    Event,
    HoldReleased,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.settings import Settings
from antiphon.core.units import Part

YIELDING = ("answer", "listen")
"""Modes in which it falls silent when a key is touched."""

MOMENT = 1e-9
"""Seconds that are lost where moments are added up."""


@dataclass(slots=True)
class _Sounding:
    """A note of its that sounds: since when, and for how long it may at most."""

    since: float
    longest: float


@dataclass
class Witness:
    """Raises an AssertionError, in a sentence, as soon as something happens that must not.

    Attributes:
        settings: that hold now.
        latest: seconds by which a wake-up may be late.
        events: how many it has seen.
    """

    settings: Settings
    latest: float
    events: int = 0
    _now: float = -math.inf
    _its: dict[int, _Sounding] = field(default_factory=dict)
    _passed_through: set[int] = field(default_factory=set)
    _due: dict[Part, float] = field(default_factory=dict)
    _has_the_floor: bool = False
    """Whether it has taken a turn that nobody took from it."""
    _was_asked: bool = False
    """Whether somebody has asked it to play, other than by playing."""

    def see(self, now: float, event: Event | None, said: Sequence[Command]) -> None:
        """See something happen, or time pass, and what follows at once."""
        assert now >= self._now - MOMENT, f"time went back from {self._now} to {now}"
        self._now, self.events = now, self.events + 1
        if isinstance(event, OutputLost):
            self._its.clear()
            self._passed_through.clear()
        if isinstance(event, KeyPressed) and self.settings.play.mode in YIELDING:
            self._has_the_floor = self._was_asked = False
        if isinstance(event, Triggered | HoldReleased):
            self._was_asked = True
        if isinstance(event, SettingsChanged):
            self._follow(event.settings)
        if any(
            isinstance(command, Publish) and isinstance(command.occurrence, TurnTaken) for command in said
        ):
            self._has_the_floor = True
        for command in said:
            self._hear(command, event)
        if isinstance(event, Silenced):
            assert not self._its, f"{sorted(self._its)} sound on after it was silenced"
            assert not self._passed_through, f"{sorted(self._passed_through)} sound on, passed through"
        self._look_for_what_hangs()

    def _follow(self, settings: Settings) -> None:
        self.settings = settings
        for note in self._its.values():
            note.longest = max(note.longest, settings.play.longest_note)

    def _hear(self, command: Command, event: Event | None) -> None:
        assert command.due <= self._now + MOMENT, f"{command} is sent before its time, at {self._now}"
        match command:
            case PlayNote(due, pitch, velocity, "it"):
                self._keep_order(command, "it")
                self._play(due, pitch, velocity)
            case ReleaseNote(due, pitch, "it"):
                self._keep_order(command, "it")
                self._release(command)
            case PlayNote(_, pitch, _, "you"):
                assert isinstance(event, KeyPressed), f"{command} is passed through, and nobody played"
                assert pitch not in self._passed_through, f"{command}: it sounds already"
                self._passed_through.add(pitch)
            case ReleaseNote(_, pitch, "you"):
                assert pitch in self._passed_through, f"{command}: it does not sound"
                self._passed_through.discard(pitch)
            case SendMessage():
                assert isinstance(event, OtherMessage), f"{command}, and nobody sent it"
            case SendControl(part="you"):
                assert not isinstance(event, KeyPressed | KeyReleased | None), (
                    f"{command} came out of nothing"
                )
            case _:
                pass

    def _keep_order(self, command: PlayNote | ReleaseNote, part: Part) -> None:
        before = self._due.get(part, -math.inf)
        assert command.due >= before - MOMENT, f"{command} is due before what was sent before it, at {before}"
        self._due[part] = command.due

    def _play(self, due: float, pitch: int, velocity: int) -> None:
        play, latency = self.settings.play, self.settings.latency
        is_free = self._has_the_floor or play.mode not in YIELDING
        assert is_free, f"{pitch} is played at {due} over a player who had taken the floor"
        assert play.mode != "listen" or self._was_asked, (
            f"{pitch} is played at {due}, where it is only to listen"
        )
        assert 1 <= velocity <= 127, f"{pitch} is played with the velocity {velocity}"
        assert play.lowest <= pitch - play.transpose <= play.highest, f"{pitch} is outside the range"
        assert pitch not in self._its, f"{pitch} is struck again at {due} while it sounds"
        assert len(self._its) < play.polyphony, (
            f"{pitch} is the {len(self._its) + 1}th note that sounds at once"
        )
        late = self._now - due
        assert late <= latency.late_onset + MOMENT, f"{pitch} comes {late} s too late, and is not left out"
        self._its[pitch] = _Sounding(due, play.longest_note)

    def _release(self, command: ReleaseNote) -> None:
        if self.settings.play.mode == "takeover" and command.pitch in self._passed_through:
            # What sounded when it took over from the player is its own to end.
            self._passed_through.discard(command.pitch)
            return
        assert self._its.pop(command.pitch, None), f"{command}: it does not sound"

    def _look_for_what_hangs(self) -> None:
        for pitch, note in self._its.items():
            sounds = self._now - note.since
            # The wake-up that ends it may be late, and so may the one before, which found it to be planned.
            assert sounds <= note.longest + 2 * self.latest, f"{pitch} has sounded for {sounds} s"
