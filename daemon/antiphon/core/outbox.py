"""What is to be done, put together in order: notes of the answer, what is passed on, and what is told.

It knows what sounds at the output and how to end it, and nothing of why.
"""

from collections.abc import Iterable

from antiphon.core.commands import (
    Command,
    Occurrence,
    Publish,
    SendControl,
    place_in_order,
)
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased, OtherMessage
from antiphon.core.hands import Change
from antiphon.core.plan import Planned
from antiphon.core.settings import Play
from antiphon.core.thru import Thru
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon.core.voice import Voice


class Outbox:
    """Collects commands until they are taken.

    Args:
        play: whether the player's touches are passed on, and by how many semitones all is transposed.
    """

    def __init__(self, play: Play) -> None:
        self._play = play
        self._voice = Voice("it")
        self._thru = Thru(play)
        self._commands: list[Command] = []

    @property
    def sounding(self) -> frozenset[Pitch]:
        """What sounds of an answer, before transposition."""
        return self._voice.sounding

    @property
    def passes_sound_on(self) -> bool:
        """Whether anything sounds that was passed on."""
        return self._thru.sounds

    def take(self) -> list[Command]:
        """Return what was put here since this was last asked, in the order in which to send it."""
        commands, self._commands = self._commands, []
        if len(commands) > 1:
            commands.sort(key=place_in_order)
        return commands

    def put(self, commands: Iterable[Command]) -> None:
        self._commands += commands

    def publish(self, occurrence: Occurrence | None, now: Seconds) -> None:
        if occurrence is not None:
            self._commands.append(Publish(now, occurrence))

    def play(self, due: Iterable[Planned]) -> None:
        """Begin and end what is due of an answer."""
        for event in due:
            self._sound(event.due, event.velocity, event.pitch)

    def play_now(self, changes: Iterable[Change], now: Seconds) -> None:
        """Begin and end what joins the player's notes."""
        for velocity, pitch in changes:
            self._sound(now, velocity, pitch)

    def end(self, pitch: Pitch, now: Seconds) -> None:
        """End a note of the answer, if it sounds."""
        self._commands += self._voice.release(now, pitch)

    def end_all(self, now: Seconds) -> None:
        """End all notes that are not the player's."""
        self._commands += self._voice.release_all(now)

    def pass_on(self, event: KeyPressed | KeyReleased | ControlMoved | OtherMessage, now: Seconds) -> None:
        """Do as the player does, where that is asked for."""
        self._commands += self._thru.pass_on(event, now)

    def lift(self, now: Seconds) -> None:
        """Let go of the player's keys, as far as they were passed on."""
        self._commands += self._thru.release_all(now)

    def leave(self, now: Seconds) -> None:
        """Let go of the player's keys and of their pedal, which are out of reach."""
        self._commands += self._thru.leave(now)

    def silence(self, now: Seconds) -> None:
        """End whatever sounds, and lift the pedal of the instrument."""
        self.end_all(now)
        self.lift(now)
        self._commands.append(SendControl(now, SUSTAIN_PEDAL, 0))

    def forget(self) -> None:
        """The output is gone and nothing of ours sounds there any more."""
        self._voice.forget()
        self._thru.forget()

    def take_over(self, pitches: frozenset[Pitch]) -> None:
        """Count some of the player's notes that sound as the answer's: they end when those end."""
        self._thru.hand_over_to(self._voice, pitches)

    def follow(self, play: Play, now: Seconds) -> None:
        """Go by other settings. Notes of the answer that sound are not touched."""
        self._play = play
        self._commands += self._thru.follow(play, now)

    def _sound(self, due: Seconds, velocity: Velocity, pitch: Pitch) -> None:
        if velocity:
            self._commands += self._voice.play(due, pitch, velocity, self._play.transpose)
        else:
            self._commands += self._voice.release(due, pitch)
