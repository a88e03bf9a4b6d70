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
from typing import assert_never

from antiphon.core.answer import LEEWAY, LONGEST, SHORTEST, Answer, Planned
from antiphon.core.commands import (
    Command,
    CueDropped,
    Occurrence,
    OnsetsDropped,
    PlayNote,
    Publish,
    Reason,
    ReleaseNote,
    SendControl,
    TurnGivenBack,
    TurnTaken,
    place_in_order,
)
from antiphon.core.cue import BREATH, Cue, Question
from antiphon.core.engine import Engine, Expectation
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ClockContinued,
    ClockStarted,
    ClockStopped,
    ClockTicked,
    ControlMoved,
    EngineChanged,
    EngineReady,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
    SongPositionMoved,
    Triggered,
)
from antiphon.core.hands import Change
from antiphon.core.memory import Memory
from antiphon.core.metre import Metre
from antiphon.core.modes import MODES
from antiphon.core.player import Player
from antiphon.core.pulse import Pulse
from antiphon.core.settings import Settings
from antiphon.core.thru import Thru
from antiphon.core.units import Pitch, Seconds
from antiphon.core.voice import Voice
from antiphon.core.watch import Watch


class Improviser:
    """One player, one engine, one voice that answers."""

    def __init__(self, engine: Engine, settings: Settings, now: Seconds) -> None:
        self._settings = settings
        self._mode = MODES[settings.play.mode]
        self._memory = Memory(engine, now)
        self._player = Player()
        self._pulse = Pulse(settings.tempo, now)
        self._watch = Watch()
        self._cue: Cue | None = None
        self._prepared: Answer | None = None
        self._answer: Answer | None = None
        self._voice = Voice("it")
        self._thru = Thru(settings.play)
        self._now = now
        self._commands: list[Command] = []

    @property
    def is_answering(self) -> bool:
        return self._answer is not None

    @property
    def is_at_rest(self) -> bool:
        """Whether nobody plays, nothing sounds, and nothing will happen until somebody does something."""
        return self._player.is_still and self._plays_at() is None

    @property
    def sounding(self) -> frozenset[Pitch]:
        """What sounds of an answer, before transposition."""
        return self._voice.sounding

    def metre(self, now: Seconds) -> Metre | None:
        """Return the beats that hold now, None where nobody gives any."""
        return self._pulse.metre(now)

    @property
    def key_heard(self) -> str | None:
        """The key that the player's music is in, such as ``A minor``, None while too little was heard."""
        return self._player.key

    def upcoming(self) -> list[PlayNote | ReleaseNote]:
        """Return what is planned, as it would be sent; nobody has heard it, and it may be taken back."""
        answer = self._answer or self._prepared
        transpose = self._settings.play.transpose
        return [] if answer is None else [_as_sent(event, transpose) for event in answer.planned]

    def expectation(self) -> Expectation | None:
        """Return which pitch the engine expects next of the player, None where it does not know.

        It costs a step of the engine.
        """
        if self._answer is not None or self._prepared is not None:
            return None  # what the engine remembers is ahead of what was heard
        return self._memory.expectation()

    def player_is_active(self, now: Seconds) -> bool:
        """Whether a key or the pedal is down, or the pause since then is too short to end a turn."""
        return self._player.is_active(now, self._settings.turn)

    def is_withheld_by_pedal(self, now: Seconds) -> bool:
        """Whether it would play, were the player's sustain pedal not down."""
        withheld_from = self._withheld_from()
        return withheld_from is not None and now >= withheld_from

    def receive(self, event: Event, now: Seconds) -> None:
        """Take in something that happened at ``now``."""
        self._now = max(now, self._now)
        match event:
            case KeyPressed():
                self._press(event)
            case KeyReleased():
                self._commands += self._thru.pass_on(event, self._now)
                self._hear(self._player.release(event.pitch, self._now))
            case ControlMoved():
                self._move(event)
            case OtherMessage():
                self._commands += self._thru.pass_on(event, self._now)
            case ClockTicked() | ClockStarted() | ClockContinued() | ClockStopped() | SongPositionMoved():
                self._commands += self._pulse.receive(event, self._now)
            case InputLost():
                self._commands += self._thru.leave(self._now)
                self._hear(self._player.leave(self._now))
            case OutputLost():
                self._lose_output()
            case Triggered():
                if self._answer is None:
                    self._take_cue(event)
            case EngineReady():
                if (answer := self._answer or self._prepared) is not None:
                    answer.ask_again()
            case EngineChanged():
                self._go_on_with(event.engine)
            case SettingsChanged():
                self._follow(event.settings)
            case Silenced():
                self._silence()
            case _:
                assert_never(event)

    def advance(self, now: Seconds) -> None:
        """Do what is due by ``now``, or where nothing is, take one step of the engine ahead of that."""
        self._now = max(now, self._now)
        if self._memory.is_behind:
            self._catch_up()
        if self._answer is None:
            for noticed in self._watch.notice(self._now, self._absence(), self._withheld_from()):
                self._publish(noticed)
            self._await_the_turn()
        if self._answer is not None:
            self._play_on(self._answer)
        self._commands += self._pulse.advance(self._now, self.is_answering)

    def commands_to_send(self) -> list[Command]:
        """Return what has become due since this was last asked, in the order in which to send it."""
        commands, self._commands = self._commands, []
        if len(commands) > 1:
            commands.sort(key=place_in_order)
        return commands

    def wake_at(self) -> Seconds | None:
        """Return when to advance next, None when only an event can change anything."""
        if self._memory.is_behind:
            return self._now
        moments = [self._plays_at(), self._pulse.wakes_at(self._now, self.is_answering)]
        if self._answer is None:
            moments.append(self._watch.notices_at(self._absence(), self._withheld_from()))
        return min((moment for moment in moments if moment is not None), default=None)

    def _press(self, event: KeyPressed) -> None:
        if self._mode.yields:
            self._interrupt("interrupted")
            self._drop_cue()
        self._commands += self._thru.pass_on(event, self._now)
        self._pulse.hear(event.pitch, event.velocity, self._now)
        self._hear(self._player.press(event.pitch, event.velocity, self._now))

    def _move(self, event: ControlMoved) -> None:
        self._commands += self._thru.pass_on(event, self._now)
        if event.controller == SUSTAIN_PEDAL:
            self._hear(self._player.pedal(event.value, self._now))

    def _hear(self, changes: list[Change]) -> None:
        """Let the memory hear what began or ceased to sound, at the moment it did."""
        if changes or not self._player.is_still:
            self._drop_prepared()
            self._publish(self._watch.touch(self._now))
        if not changes:
            return
        if self._answer is not None:
            self._answer.take_back()
            self._answer.blocked = self._player.sounding
        for velocity, pitch in changes:
            self._memory.hear(self._now, velocity, pitch, is_players=True)

    def _plays_at(self) -> Seconds | None:
        """Return when there is something to play, imagine or hear; None while the player has the floor."""
        if self._answer is not None:
            moments = (self._answer.next_due, self._answer.imagines_at)
            return max(
                self._now, min((moment for moment in moments if moment is not None), default=self._now)
            )
        if self._cue is not None and self._cue.to_hear:
            return self._now
        begins_at = self._begins_at()
        return None if begins_at is None else min(begins_at, self._prepares_at(begins_at))

    def _begins_at(self) -> Seconds | None:
        """Return when it begins to play, unless something happens before."""
        if self._cue is not None:
            return self._cue.at
        free = self._mode.begins_at(self._player, self._settings)
        return None if free is None else self._pulse.begins_at(free, self._now)

    def _await_the_turn(self) -> None:
        """Take the turn when it is over, and prepare for it in the silence before."""
        begins_at = self._begins_at()
        if begins_at is None:
            return
        if self._cue is not None and self._cue.to_hear:
            self._memory.recall(self._cue.to_hear.popleft(), self._now)
        elif self._now >= begins_at:
            self._take_turn(begins_at)
        elif self._now >= self._prepares_at(begins_at):
            self._prepare(begins_at)

    def _withheld_from(self) -> Seconds | None:
        return None if self._cue is not None else self._mode.withheld_from(self._player, self._settings)

    def _absence(self) -> Seconds | None:
        return self._settings.turn.absence if self._player.is_still else None

    def _prepares_at(self, begins_at: Seconds) -> Seconds:
        """Return when to go on preparing an answer that is about to begin."""
        if self._prepared is None:
            return begins_at - self._settings.latency.look_ahead
        return math.inf if self._prepared.imagines_at is None else self._prepared.imagines_at

    def _prepare(self, begins_at: Seconds) -> None:
        if self._prepared is None:
            self._prepared = self._new_answer(begins_at)
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
        question = self._question()
        self._player.begin_anew()
        self._cue = None
        self._publish(TurnTaken(question.onsets, question.seconds), at=over_at)

    def _new_answer(self, begins: Seconds) -> Answer:
        question, cue = self._question(), self._cue
        if cue is not None and cue.brings_a_phrase:
            # However long before, and in however much time, the phrase was heard: the answer is the same.
            self._memory.last_event_at = begins - BREATH
        asked_for = self._settings.play.seconds if cue is None or cue.seconds is None else cue.seconds
        length = asked_for or min(max(LEEWAY * question.seconds, SHORTEST), LONGEST)
        seed = None if cue is None else cue.seed
        sounding = self._player.sounding
        return Answer(
            self._memory, self._settings, question.guide, begins, length, sounding, seed, self._pulse
        )

    def _question(self) -> Question:
        source = self._cue if self._cue is not None and self._cue.brings_a_phrase else self._player
        return source.question(self._settings)

    def _take_cue(self, trigger: Triggered) -> None:
        """Begin an answer that was asked for, or make ready for it."""
        self._drop_prepared()
        self._cue = Cue(trigger, self._now)
        if trigger.at is None:
            self._cue.at = self._pulse.begins_at(self._now, self._now)
        if trigger.phrase:
            self._memory.begin_anew(self._now)
        elif self._cue.at <= self._now:
            self._take_turn(self._now)

    def _drop_cue(self) -> None:
        if self._cue is None:
            return
        if self._cue.brings_a_phrase:
            self._memory.begin_anew(self._now)
        self._cue = None
        self._publish(CueDropped())

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

    def _lose_output(self) -> None:
        self._voice.forget()
        self._thru.forget()
        self._interrupt("output lost")

    def _catch_up(self) -> None:
        self._memory.catch_up()
        if not self._memory.is_behind and (answer := self._answer or self._prepared) is not None:
            answer.ask_again()

    def _go_on_with(self, engine: Engine) -> None:
        """Have what has not sounded yet imagined by another engine; what sounds goes on."""
        self._drop_prepared()
        if self._answer is not None:
            self._answer.take_back()
        self._memory.go_on_with(engine)

    def _follow(self, settings: Settings) -> None:
        """Play by other settings from now on."""
        self._drop_prepared()
        before, self._settings = self._settings.play, settings
        self._pulse.follow(settings.tempo)
        self._commands += self._thru.follow(settings.play, self._now)
        if before.transpose != settings.play.transpose:
            self._end_notes()
        if self._answer is not None:
            self._answer.follow(settings, self._player.guide(settings))
        if before.mode != settings.play.mode:
            self._change_mode()

    def _end_notes(self) -> None:
        """End what was sent in the former transposition, where another key would now sound the same pitch."""
        self._commands += self._voice.release_all(self._now)
        if self._answer is not None:
            self._answer.stop(self._now)

    def _change_mode(self) -> None:
        self._mode = MODES[self._settings.play.mode]
        self._interrupt("silenced")
        self._drop_cue()
        if self._now - self._player.phrase.touched > self._settings.turn.longest_pause:
            # What was played long before the other mode was asked for is no question to it.
            self._player.begin_anew()

    def _silence(self) -> None:
        """Release everything, forget the question, and count the player's keys as up."""
        self._commands += self._voice.release_all(self._now)
        self._commands += self._thru.release_all(self._now)
        self._commands += self._pulse.stop(self._now)
        self._commands.append(SendControl(self._now, SUSTAIN_PEDAL, 0))
        self._interrupt("silenced")
        self._hear(self._player.leave(self._now))
        self._drop_prepared()
        self._drop_cue()
        self._player.begin_anew()
        self._watch = Watch()

    def _publish(self, occurrence: Occurrence | None, at: Seconds | None = None) -> None:
        if occurrence is None:
            return
        self._commands.append(Publish(self._now if at is None else at, occurrence))


def _as_sent(event: Planned, transpose: int) -> PlayNote | ReleaseNote:
    pitch = Pitch(event.pitch + transpose)
    return PlayNote(event.due, pitch, event.velocity) if event.velocity else ReleaseNote(event.due, pitch)
