"""The improviser: told what happens, asked what to do, and never waiting.

    receive(event, now)    something happened
    advance(now)           time passed
    commands_to_send()     what is to be done now, in order
    wake_at()              when it wants to be advanced next

It hears everything the player does as it happens, decides when the turn is over, answers, and yields
at once when a key is touched. In the silence that is about to end a turn it looks ahead already, so that the
answer begins with what the engine had time for. It does not know ports, channels, files, or what time it is.
"""

import math
from dataclasses import dataclass

from antiphon.core.answer import LONGEST, SHORTEST, Answer, Planned
from antiphon.core.commands import (
    Command,
    Occurrence,
    OnsetsDropped,
    Publish,
    Reason,
    SendControl,
    SendMessage,
    TurnGivenBack,
    TurnTaken,
    place_in_order,
)
from antiphon.core.engine import Engine
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    EngineReady,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.guide import Impression
from antiphon.core.hands import Change, Hands
from antiphon.core.memory import Memory
from antiphon.core.settings import Settings
from antiphon.core.turn import pause_that_ends_a_turn
from antiphon.core.units import Pitch, Seconds
from antiphon.core.voice import Voice


@dataclass(slots=True)
class Phrase:
    """What the player has played since the last answer."""

    onsets: int = 0
    began: Seconds = 0.0
    touched: Seconds = 0.0

    @property
    def seconds(self) -> Seconds:
        return self.touched - self.began if self.onsets else 0.0


class Improviser:
    """One player, one engine, one voice that answers."""

    def __init__(self, engine: Engine, settings: Settings, now: Seconds) -> None:
        self._settings = settings
        self._memory = Memory(engine, now)
        self._hands = Hands()
        self._phrase = Phrase()
        self._impression = Impression()
        self._prepared: Answer | None = None
        self._answer: Answer | None = None
        self._voice = Voice("it")
        self._thru = Voice("you")
        self._now = now
        self._commands: list[Command] = []

    @property
    def is_answering(self) -> bool:
        return self._answer is not None

    @property
    def is_at_rest(self) -> bool:
        """Whether nobody plays, nothing sounds, and nothing will happen until somebody does something."""
        return self._answer is None and self._hands.are_still and self.wake_at() is None

    @property
    def sounding(self) -> frozenset[Pitch]:
        """What sounds of an answer, before transposition."""
        return self._voice.sounding

    def player_is_active(self, now: Seconds) -> bool:
        """Whether a key or the pedal is down, or the pause since then is too short to end a turn."""
        is_phrase = self._phrase.onsets > 0
        return not self._hands.are_still or (is_phrase and now < self._phrase_ends_at())

    def receive(self, event: Event, now: Seconds) -> None:
        """Take in something that happened at ``now``."""
        self._now = max(now, self._now)
        match event:
            case KeyPressed():
                self._press(event)
            case KeyReleased():
                self._commands += self._thru.release(self._now, event.pitch)
                self._hear(self._hands.release(event.pitch))
            case ControlMoved():
                self._move(event)
            case OtherMessage():
                if self._settings.play.thru:
                    self._commands.append(SendMessage(self._now, event.data))
            case InputLost():
                self._lose_input()
            case OutputLost():
                self._lose_output()
            case Triggered():
                if self._answer is None:
                    self._take_turn(self._now)
            case EngineReady():
                if (answer := self._answer or self._prepared) is not None:
                    answer.ask_again()
            case SettingsChanged():
                self._change_settings(event.settings)
            case Silenced():
                self._silence()

    def advance(self, now: Seconds) -> None:
        """Do what is due by ``now``, or where nothing is, take one step of the engine ahead of that."""
        self._now = max(now, self._now)
        if self._answer is None:
            self._await_the_turn()
        if self._answer is not None:
            self._play_on(self._answer)

    def commands_to_send(self) -> list[Command]:
        """Return what has become due since this was last asked, in the order in which to send it."""
        commands, self._commands = self._commands, []
        if len(commands) > 1:
            commands.sort(key=place_in_order)
        return commands

    def wake_at(self) -> Seconds | None:
        """Return when to advance next, None when only an event can change anything."""
        if self._answer is not None:
            moments = (self._answer.next_due, self._answer.imagines_at)
            return max(
                self._now, min((moment for moment in moments if moment is not None), default=self._now)
            )
        ends_at = self._turn_ends_at()
        return None if ends_at is None else min(ends_at, self._prepares_at(ends_at))

    def _press(self, event: KeyPressed) -> None:
        self._interrupt("interrupted")
        if self._settings.play.thru:
            self._commands += self._thru.play(
                self._now, event.pitch, event.velocity, self._settings.play.transpose
            )
        if not self._phrase.onsets:
            self._phrase.began = self._now
            self._hands.begin_phrase()
            self._impression.begin_phrase()
        self._phrase.onsets += 1
        self._impression.hear(event.pitch, event.velocity, self._now)
        self._hear(self._hands.press(event.pitch, event.velocity, self._now))

    def _move(self, event: ControlMoved) -> None:
        if self._settings.play.thru:
            self._commands.append(SendControl(self._now, event.controller, event.value, "you"))
        if event.controller == SUSTAIN_PEDAL:
            self._hear(self._hands.pedal(event.value))

    def _hear(self, changes: list[Change]) -> None:
        """Let the memory hear what began or ceased to sound, at the moment it did."""
        # A pedal at rest that reports its own noise is no touch.
        if changes or not self._hands.are_still:
            self._phrase.touched = self._now
            self._drop_prepared()
        if not changes:
            return
        if self._answer is not None:
            self._answer.take_back()
            self._answer.blocked = self._hands.sounding
        for velocity, pitch in changes:
            self._memory.hear(self._now, velocity, pitch)

    def _turn_ends_at(self) -> Seconds | None:
        is_listening = self._settings.play.mode == "listen"
        if self._answer is not None or is_listening or not self._phrase.onsets or not self._hands.are_still:
            return None
        return self._phrase_ends_at()

    def _phrase_ends_at(self) -> Seconds:
        """Return when a phrase is over, unless the player touches something before."""
        return self._phrase.touched + pause_that_ends_a_turn(self._hands.pace, self._settings.turn)

    def _await_the_turn(self) -> None:
        """Take the turn when it is over, and prepare for it in the silence before."""
        ends_at = self._turn_ends_at()
        if ends_at is None:
            return
        if self._now >= ends_at:
            self._take_turn(ends_at)
        elif self._now >= self._prepares_at(ends_at):
            self._prepare(ends_at)

    def _prepares_at(self, ends_at: Seconds) -> Seconds:
        """Return when to go on preparing the answer to a turn that is about to end."""
        if self._prepared is None:
            return ends_at - self._settings.latency.look_ahead
        return math.inf if self._prepared.imagines_at is None else self._prepared.imagines_at

    def _prepare(self, ends_at: Seconds) -> None:
        if self._prepared is None:
            self._prepared = self._new_answer(ends_at)
        self._prepared.imagine(self._now)

    def _drop_prepared(self) -> None:
        if self._prepared is not None:
            self._prepared.take_back()
            self._prepared = None

    def _take_turn(self, over_at: Seconds) -> None:
        prepared = self._prepared
        if prepared is None or not 0.0 <= self._now - prepared.began <= self._settings.latency.late_onset:
            self._drop_prepared()
            prepared = self._new_answer(self._now)
        self._answer, self._prepared = prepared, None
        phrase, self._phrase = self._phrase, Phrase()
        self._publish(TurnTaken(phrase.onsets, phrase.seconds), at=over_at)

    def _new_answer(self, begins: Seconds) -> Answer:
        asked_for = self._settings.play.seconds
        length = asked_for or min(max(self._phrase.seconds, SHORTEST), LONGEST)
        guide = self._impression.guide(self._settings.guide)
        return Answer(self._memory, self._settings, guide, begins, length, self._hands.sounding)

    def _play_on(self, answer: Answer) -> None:
        due = answer.take_due(self._now)
        self._sound(due)
        made_up = answer.make_up_time(self._now)
        if made_up is not None:
            releases, left_out = made_up
            self._sound(releases)
            self._publish(OnsetsDropped(left_out.onsets, left_out.late))
        # What is due is not kept waiting while the next is imagined: that is for the advance after this.
        if not due and answer.wants_to_imagine(self._now):
            answer.imagine(self._now)
            self._sound(answer.take_due(self._now))
        if answer.is_over:
            assert answer.ending is not None
            self._give_back(answer, answer.ending)

    def _sound(self, due: list[Planned]) -> None:
        transpose = self._settings.play.transpose
        for event in due:
            if event.velocity:
                self._commands += self._voice.play(event.due, event.pitch, event.velocity, transpose)
            else:
                self._commands += self._voice.release(event.due, event.pitch)

    def _interrupt(self, reason: Reason) -> None:
        """Fall silent at once; the memory keeps what was really heard."""
        if self._answer is None:
            return
        # Before the engine is told, which may fail: whatever happens, nothing is left sounding.
        self._commands += self._voice.release_all(self._now)
        self._answer.stop(self._now)
        self._give_back(self._answer, reason)

    def _give_back(self, answer: Answer, reason: Reason) -> None:
        self._answer = None
        self._publish(TurnGivenBack(reason, answer.onsets_played, self._now - answer.began))

    def _lose_input(self) -> None:
        self._commands += self._thru.release_all(self._now)
        if self._settings.play.thru:
            self._commands.append(SendControl(self._now, SUSTAIN_PEDAL, 0, "you"))
        self._hear(self._hands.leave())

    def _lose_output(self) -> None:
        self._voice.forget()
        self._thru.forget()
        self._interrupt("output lost")

    def _change_settings(self, settings: Settings) -> None:
        self._drop_prepared()
        before, self._settings = self._settings.play, settings
        if before.thru and not settings.play.thru:
            self._commands += self._thru.release_all(self._now)
            self._commands.append(SendControl(self._now, SUSTAIN_PEDAL, 0, "you"))
        if before.transpose != settings.play.transpose:
            self._end_notes()
        if self._answer is not None:
            self._answer.follow(settings, self._impression.guide(settings.guide))
        if settings.play.mode == "listen":
            self._interrupt("silenced")
        elif before.mode == "listen" and self._now - self._phrase.touched > settings.turn.longest_pause:
            # What was played long before it was asked to answer is no question.
            self._phrase = Phrase()

    def _end_notes(self) -> None:
        """End what was sent in the former transposition, where another key would now sound the same pitch."""
        self._commands += self._thru.release_all(self._now)
        self._commands += self._voice.release_all(self._now)
        if self._answer is not None:
            self._answer.stop(self._now)

    def _silence(self) -> None:
        """Release everything, forget the question, and count the player's keys as up."""
        self._commands += self._voice.release_all(self._now)
        self._commands += self._thru.release_all(self._now)
        self._commands.append(SendControl(self._now, SUSTAIN_PEDAL, 0))
        self._interrupt("silenced")
        self._hear(self._hands.leave())
        self._drop_prepared()
        self._phrase = Phrase()

    def _publish(self, occurrence: Occurrence, at: Seconds | None = None) -> None:
        self._commands.append(Publish(self._now if at is None else at, occurrence))
