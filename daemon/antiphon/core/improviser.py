"""The improviser: told what happens, asked what to do, and never waiting.

    receive(event, now)    something happened
    advance(now)           time passed
    commands_to_send()     what is to be done now, in order
    wake_at()              when it wants to be advanced next

It hears everything the player does as it happens, decides when the turn is over, answers, and yields
at once when a key is touched. In the silence that is about to end a turn it looks ahead already, so that the
answer begins with what the engine had time for. It does not know ports, channels, files, or what time it is.
"""

from typing import assert_never

from antiphon.core.actuator import lead_of
from antiphon.core.answer import Answer
from antiphon.core.commands import (
    Command,
    HeldLong,
    KeysHeld,
    OnsetsDropped,
    PlayerLeft,
    PlayNote,
    Publish,
    Reason,
    ReleaseNote,
    TurnGivenBack,
)
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
    HoldPressed,
    HoldReleased,
    HoursTold,
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
from antiphon.core.floor import Floor
from antiphon.core.hands import Change
from antiphon.core.harmony import Harmony
from antiphon.core.memory import Memory
from antiphon.core.metre import Metre
from antiphon.core.outbox import Outbox
from antiphon.core.player import Player
from antiphon.core.pulse import Pulse
from antiphon.core.scene import Scene
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Seconds
from antiphon.core.watch import Watch

LONG_PRESS: Seconds = 1.5
"""How long it is held to silence everything, in modes that do not play while it is held."""

A_WHILE: Seconds = 2.0
"""How long nothing is to happen, for it to be at rest."""


class Improviser:
    """One player, one engine, one voice that answers."""

    def __init__(self, engine: Engine, settings: Settings, now: Seconds) -> None:
        self._player = Player()
        self._pulse = Pulse(settings.tempo, now, lead_of(settings.actuator))
        self._scene = Scene(self._player, settings, self._pulse, quiet_since=now)
        self._memory = Memory(engine, now)
        self._floor = Floor(self._memory, self._scene)
        self._harmony = Harmony(self._memory)
        self._watch = Watch()
        self._out = Outbox(settings.play)
        self._now = now

    @property
    def is_answering(self) -> bool:
        return self._floor.answer is not None

    @property
    def is_held(self) -> bool:
        """Whether somebody holds it: a pedal, a key or a button."""
        return self._scene.held_since is not None

    def is_at_rest(self, now: Seconds) -> bool:
        """Whether nobody plays, nothing sounds, and nothing will by itself for a while."""
        plays_at = self._floor.plays_at(now)
        is_silent = self._player.is_still and not self._out.passes_sound_on
        return is_silent and (plays_at is None or plays_at > now + A_WHILE)

    @property
    def sounding(self) -> frozenset[Pitch]:
        """What sounds of an answer, before transposition."""
        return self._out.sounding

    def metre(self, now: Seconds) -> Metre | None:
        """Return the beats that hold now, None where nobody gives any."""
        return self._pulse.metre(now)

    @property
    def key_heard(self) -> str | None:
        """The key that the player's music is in, such as ``A minor``, None while too little was heard."""
        return self._player.key

    @property
    def chord_heard(self) -> str | None:
        """The chord that the player played or meant last, such as ``Am7``; None where there was none."""
        return self._player.chord

    def upcoming(self) -> list[PlayNote | ReleaseNote]:
        """Return what is planned, as it would be sent; nobody has heard it, and it may be taken back."""
        return self._floor.upcoming(self._settings.play.transpose)

    def expectation(self) -> Expectation | None:
        """Return which pitch the engine expects next of the player, None where it does not know.

        It costs a step of the engine.
        """
        return None if self._floor.has_plans else self._memory.expectation()

    def player_is_active(self, now: Seconds) -> bool:
        """Whether a key or the pedal is down, or the pause since then is too short to end a turn."""
        return self._player.is_active(now, self._settings.turn)

    def is_withheld_by_pedal(self, now: Seconds) -> bool:
        """Whether it would play, were the player's sustain pedal not down."""
        withheld_from = self._floor.withheld_from()
        return withheld_from is not None and now >= withheld_from

    def receive(self, event: Event, now: Seconds) -> None:
        """Take in something that happened at ``now``."""
        self._now = max(now, self._now)
        match event:
            case KeyPressed():
                self._press(event)
            case KeyReleased():
                self._release(event)
            case ControlMoved():
                self._move(event)
            case OtherMessage():
                self._out.pass_on(event, self._now)
            case ClockTicked() | ClockStarted() | ClockContinued() | ClockStopped() | SongPositionMoved():
                self._out.put(self._pulse.receive(event, self._now))
            case InputLost():
                self._lose_input()
            case OutputLost():
                self._lose_output()
            case Triggered():
                if not self.is_answering:
                    self._tell(self._floor.take_cue(event, self._now))
            case HoldPressed():
                self._scene.held_since = self._now
            case HoldReleased():
                self._let_go()
            case HoursTold():
                self._keep_hours(event)
            case EngineReady():
                self._floor.ask_again()
            case EngineChanged():
                self._floor.take_back()
                self._memory.go_on_with(event.engine)
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
        self._silence_if_held_long()
        self._lift_what_is_held_for_ever()
        if self._wonders:
            self._player.expect(self._memory.timing(), self._memory.last_event_at)
        if not self.is_answering:
            self._notice()
            self._tell(self._floor.await_the_turn(self._now))
        if self._floor.answer is not None:
            self._play_on(self._floor.answer)
        self._out.put(self._pulse.advance(self._now, self.is_answering))

    def commands_to_send(self) -> list[Command]:
        """Return what has become due since this was last asked, in the order in which to send it."""
        return self._out.take()

    def wake_at(self) -> Seconds | None:
        """Return when to advance next, None when only an event can change anything."""
        if self._memory.is_behind or self._wonders:
            return self._now
        moments = (
            self._floor.plays_at(self._now),
            self._notices_at(),
            self._silences_at(),
            self._player.lifts_at(self._settings.turn),
            self._pulse.wakes_at(self._now, self.is_answering),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def _settings(self) -> Settings:
        return self._scene.settings

    def _press(self, event: KeyPressed) -> None:
        if event.pitch < self._settings.guide.zone:
            self._mean(event, is_down=True)
            return
        self._give_way(event.pitch)
        self._tell(self._floor.drop_cue(self._now))
        self._out.pass_on(event, self._now)
        self._pulse.hear(event.pitch, event.velocity, self._now)
        self._hear(self._player.press(event.pitch, event.velocity, self._now))

    def _release(self, event: KeyReleased) -> None:
        if self._player.means(event.pitch):
            self._mean(event, is_down=False)
            return
        self._out.pass_on(event, self._now)
        self._hear(self._player.release(event.pitch, self._now))

    def _mean(self, event: KeyPressed | KeyReleased, is_down: bool) -> None:
        """Take in which chord the left hand means; it sounds, where passed on, and interrupts nothing."""
        self._out.pass_on(event, self._now)
        self._scene.touch(self._now)
        if self._player.mean(event.pitch, is_down):
            self._floor.follow(self._now)
        else:
            self._floor.leave_room()
        if is_down:
            self._let_go_of(event.pitch)

    def _let_go_of(self, pitch: Pitch) -> None:
        """End what sounds at a key that the left hand wants."""
        if self._floor.answer is not None and self._floor.answer.let_go(pitch, self._now):
            self._out.end(pitch, self._now)
        self._out.play_now(self._harmony.make_room_for(pitch, self._now), self._now)

    def _give_way(self, pitch: Pitch) -> None:
        """Have the answer do what it does when a key is struck, and let go of that key."""
        answer = self._floor.answer
        if answer is None:
            return
        if answer.terms.touched == "yields":
            self._interrupt("interrupted")
            return
        if answer.terms.touched == "fades":
            answer.fade(self._now, self._settings.attract.fade)
        if answer.let_go(pitch, self._now):
            self._out.end(pitch, self._now)

    def _move(self, event: ControlMoved) -> None:
        self._out.pass_on(event, self._now)
        if event.controller == SUSTAIN_PEDAL:
            self._hear(self._player.pedal(event.value, self._now))

    def _hear(self, changes: list[Change]) -> None:
        """Let the memory hear what began or ceased to sound, at the moment it did."""
        if self._player.phrase.touched == self._now:
            self._floor.drop_what_is_prepared()
            self._scene.touch(self._now)
            self._out.publish(self._watch.touch(self._now), self._now)
        if changes:
            self._floor.meet(self._now)
        for change in changes:
            velocity, pitch = change
            part = self._floor.part_of_the_player
            self._memory.hear(self._now, velocity, pitch, part=part, is_players=True)
            if self._floor.is_note_against_note:
                self._join(change)

    @property
    def _wonders(self) -> bool:
        """Whether a silence has begun of which the engine is still to be asked when it may end."""
        is_asked = self._settings.turn.judge == "music" and not self._memory.is_behind
        return is_asked and self._player.may_be_done and not self._floor.has_plans

    def _join(self, change: Change) -> None:
        """Harmonise what the player does."""
        play, guide = self._settings.play, self._player.guide(self._settings)
        joined = self._harmony.join(change, self._now, play, guide, self._player.holding)
        self._out.play_now(joined, self._now)

    def _end_the_harmony(self) -> None:
        """End what joins the player's notes, before anything that is planned: that is imagined anew."""
        if self._harmony.is_sounding:
            self._floor.take_back()
            self._out.play_now(self._harmony.leave(self._now), self._now)

    def _notice(self) -> None:
        for noticed in self._watch.notice(self._now, self._absence(), self._floor.withheld_from()):
            self._out.publish(noticed, self._now)
            if isinstance(noticed, PlayerLeft):
                self._floor.say_goodbye(self._now)

    def _notices_at(self) -> Seconds | None:
        if self.is_answering:
            return None
        return self._watch.notices_at(self._absence(), self._floor.withheld_from())

    def _absence(self) -> Seconds | None:
        return self._settings.turn.absence if self._player.is_still else None

    def _play_on(self, answer: Answer) -> None:
        due = answer.take_due(self._now)
        self._out.play(due)
        made_up = answer.make_up_time(self._now)
        if made_up is not None:
            releases, left_out = made_up
            self._out.play(releases)
            self._out.publish(OnsetsDropped(left_out.onsets, left_out.late), self._now)
        # What is due is not kept waiting while the next is imagined: that is for the advance after this.
        if not due and answer.wants_to_imagine(self._now):
            answer.imagine(self._now)
            self._out.play(answer.take_due(self._now))
        if answer.is_over:
            assert answer.ending is not None
            self._give_back(answer, "faded" if answer.is_fading else answer.ending)

    def _interrupt(self, reason: Reason) -> None:
        """Fall silent at once; the memory keeps what was really heard."""
        answer = self._floor.answer
        if answer is None:
            return
        # Before the engine is told, which may fail: whatever happens, nothing is left sounding.
        self._out.end_all(self._now)
        answer.break_off(self._now)
        self._give_back(answer, reason)

    def _give_back(self, answer: Answer, reason: Reason) -> None:
        self._floor.give_back(self._now)
        self._out.publish(TurnGivenBack(reason, answer.onsets_played, self._now - answer.began), self._now)

    def _silences_at(self) -> Seconds | None:
        """Return when it has been held so long that everything is to be silent."""
        held_since = self._scene.held_since
        return None if held_since is None or self._floor.plays_while_held else held_since + LONG_PRESS

    def _silence_if_held_long(self) -> None:
        silences_at = self._silences_at()
        if silences_at is not None and self._now >= silences_at:
            self._scene.held_since = None
            self._silence()
            self._out.publish(HeldLong(), self._now)

    def _lift_what_is_held_for_ever(self) -> None:
        """Count keys as released that nobody can be holding: on its way here a release got lost."""
        lifts_at = self._player.lifts_at(self._settings.turn)
        if lifts_at is None or self._now < lifts_at:
            return
        keys, changes = self._player.lift(self._now)
        self._out.lift(self._now)
        self._hear(changes)
        self._out.publish(KeysHeld(keys), self._now)

    def _let_go(self) -> None:
        """End what is played while it is held; elsewhere a tap ends an answer, and a question too."""
        was_held, self._scene.held_since = self._scene.held_since is not None, None
        if not was_held:
            return
        if self._floor.plays_while_held:
            self._interrupt("let go")
        elif self.is_answering:
            self._interrupt("interrupted")
        elif self._player.phrase.onsets:
            self._tell(self._floor.take_the_turn(self._now, self._now))

    def _keep_hours(self, hours: HoursTold) -> None:
        self._scene.is_open, self._scene.day = hours.is_open, hours.day
        answer = self._floor.answer
        if answer is not None and answer.terms.is_anew and not hours.is_open:
            answer.fade(self._now, self._settings.attract.fade)

    def _lose_input(self) -> None:
        self._out.leave(self._now)
        if self._floor.plays_while_held:
            # What held it may have been there; and nobody else could let go of it.
            self._let_go()
        self._scene.held_since = None
        self._hear(self._player.leave(self._now))

    def _lose_output(self) -> None:
        self._out.forget()
        self._end_the_harmony()
        self._interrupt("output lost")

    def _catch_up(self) -> None:
        self._memory.catch_up()
        if not self._memory.is_behind:
            self._floor.ask_again()

    def _follow(self, settings: Settings) -> None:
        """Play by other settings from now on."""
        before, self._scene.settings = self._settings.play, settings
        self._pulse.follow(settings.tempo, lead_of(settings.actuator))
        self._out.follow(settings.play, self._now)
        if before.transpose != settings.play.transpose:
            self._end_notes()
        if before.mode != settings.play.mode or self._floor.is_in_the_way_of_the_harmony:
            self._interrupt("silenced")
        self._floor.follow(self._now)
        if not self._floor.is_note_against_note:
            self._end_the_harmony()
        if before.mode != settings.play.mode:
            self._begin_the_mode()

    def _end_notes(self) -> None:
        """End what was sent in the former transposition, where another key would now sound the same pitch."""
        self._out.end_all(self._now)
        self._end_the_harmony()
        if self._floor.answer is not None:
            self._floor.answer.stop(self._now)

    def _begin_the_mode(self) -> None:
        self._tell(self._floor.drop_cue(self._now))
        self._scene.held_since = None
        self._scene.touch(self._now)
        if self._now - self._player.phrase.touched > self._settings.turn.longest_pause:
            # What was played long before the other mode was asked for is no question to it.
            self._player.begin_anew()

    def _silence(self) -> None:
        """Release everything, forget the question, and count the player's keys as up."""
        self._out.silence(self._now)
        self._out.put(self._pulse.stop(self._now))
        self._end_the_harmony()
        self._interrupt("silenced")
        self._scene.held_since = None
        # Whoever wants silence is there: nothing is to be played by itself in the same moment.
        self._scene.touch(self._now)
        self._hear(self._player.leave(self._now))
        self._floor.drop_what_is_prepared()
        self._tell(self._floor.drop_cue(self._now))
        self._player.begin_anew()
        self._watch = Watch()

    def _tell(self, news: Publish | None) -> None:
        """Tell of the floor; whoever takes it in mid-phrase takes over what sounds."""
        if news is None:
            return
        self._out.put([news])
        answer = self._floor.answer
        if answer is not None and answer.terms.inherited:
            self._out.take_over(answer.terms.inherited)
            self._player.hand_over(self._now)
            self._floor.meet(self._now)
        elif answer is not None:
            # What joins the player's notes rests while they are answered.
            self._end_the_harmony()
