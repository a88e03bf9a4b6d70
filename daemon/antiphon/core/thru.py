"""What the player does, passed on to the output as it comes, where that is asked for."""

from antiphon.core.commands import Command, SendControl, SendMessage
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased, OtherMessage
from antiphon.core.settings import Play
from antiphon.core.units import Pitch, Seconds
from antiphon.core.voice import Voice


class Thru:
    """Returns the commands that each touch of the player's amounts to at the output."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._voice = Voice("you")

    @property
    def sounds(self) -> bool:
        """Whether anything that was passed on sounds: also a chord of the left hand that is only meant."""
        return bool(self._voice.sounding)

    def pass_on(
        self, event: KeyPressed | KeyReleased | ControlMoved | OtherMessage, now: Seconds
    ) -> list[Command]:
        if isinstance(event, KeyReleased):
            # Also when it has just been switched off: what sounds is always let go.
            return self._voice.release(now, event.pitch)
        if not self._play.thru:
            return []
        match event:
            case KeyPressed():
                return self._voice.play(now, event.pitch, event.velocity, self._play.transpose)
            case ControlMoved():
                return [SendControl(now, event.controller, event.value, "you")]
            case OtherMessage():
                return [SendMessage(now, event.data)]

    def follow(self, play: Play, now: Seconds) -> list[Command]:
        """Go by other settings; what was sent by the former ones is ended where they differ."""
        before, self._play = self._play, play
        if before.thru and not play.thru:
            return [*self._voice.release_all(now), SendControl(now, SUSTAIN_PEDAL, 0, "you")]
        return self._voice.release_all(now) if before.transpose != play.transpose else []

    def leave(self, now: Seconds) -> list[Command]:
        """Let go of everything: the player's keys are out of reach."""
        lifted = [SendControl(now, SUSTAIN_PEDAL, 0, "you")] if self._play.thru else []
        return [*self.release_all(now), *lifted]

    def hand_over_to(self, voice: Voice, pitches: frozenset[Pitch]) -> None:
        """Let another part end some of what sounds, whatever the player's keys do."""
        voice.adopt(self._voice, pitches)

    def release_all(self, now: Seconds) -> list[Command]:
        return self._voice.release_all(now)

    def forget(self) -> None:
        """The output is gone and nothing of ours sounds there any more."""
        self._voice.forget()
