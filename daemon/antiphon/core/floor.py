"""The floor: the answer that is played, prepared or asked for, and when the next one begins.

It asks the mode when to begin and on what terms, and knows nothing of what is sent.
"""

import math

from antiphon.core.answer import Answer
from antiphon.core.commands import CueDropped, PlayNote, Publish, ReleaseNote, TurnTaken
from antiphon.core.cue import BREATH, Cue, Question
from antiphon.core.events import Triggered
from antiphon.core.memory import Memory
from antiphon.core.modes import MODES, terms_after
from antiphon.core.scene import Scene
from antiphon.core.terms import Terms
from antiphon.core.units import Part, Seconds


class Floor:
    """Who has it: an ``answer`` that is played, or nobody and the player.

    Args:
        memory: what was heard.
        scene: what the mode looks at.
    """

    def __init__(self, memory: Memory, scene: Scene) -> None:
        self.answer: Answer | None = None
        self._memory = memory
        self._scene = scene
        self._mode = MODES[scene.settings.play.mode]
        self._cue: Cue | None = None
        self._prepared: Answer | None = None
        self._before = memory.past()
        """What had been heard before an answer was prepared."""

    @property
    def has_plans(self) -> bool:
        """Whether what the engine remembers is ahead of what was heard."""
        return self.answer is not None or self._prepared is not None

    @property
    def part_of_the_player(self) -> Part | None:
        """What the engine is told of who plays the player's notes."""
        return "you" if self._mode.goes_along else None

    @property
    def is_note_against_note(self) -> bool:
        """Whether each note of the player's is joined by another."""
        return self._mode.goes_along and self._scene.settings.duet.style == "harmonise"

    @property
    def is_in_the_way_of_the_harmony(self) -> bool:
        """Whether something is played along where from now on each note of the player's is to be joined."""
        return (
            self.is_note_against_note and self.answer is not None and self.answer.terms.touched == "goes on"
        )

    @property
    def plays_while_held(self) -> bool:
        """Whether to hold it is to have it play."""
        return self._mode.is_held

    def upcoming(self, transpose: int) -> list[PlayNote | ReleaseNote]:
        """Return what is planned, as it would be sent."""
        answer = self.answer or self._prepared
        return [] if answer is None else [event.as_sent(transpose) for event in answer.planned]

    def withheld_from(self) -> Seconds | None:
        """Return when it would have begun, but for the player's pedal."""
        return None if self._cue is not None else self._mode.withheld_from(self._scene)

    def plays_at(self, now: Seconds) -> Seconds | None:
        """Return when there is something to play, imagine or hear; None while the player has the floor."""
        if self.answer is not None:
            moments = (self.answer.next_due, self.answer.imagines_at)
            return max(now, min((moment for moment in moments if moment is not None), default=now))
        if self._cue is not None and self._cue.to_hear:
            return now
        begins_at = self._begins_at()
        return None if begins_at is None else min(begins_at, self._prepares_at(begins_at))

    def await_the_turn(self, now: Seconds) -> Publish | None:
        """Take the turn when it is over, and prepare for it in the silence before."""
        begins_at = self._begins_at()
        if begins_at is None:
            return None
        if self._cue is not None and self._cue.to_hear:
            self._memory.recall(self._cue.to_hear.popleft(), now)
        elif now >= begins_at:
            return self.take_the_turn(begins_at, now)
        elif now >= self._prepares_at(begins_at):
            self._prepare(begins_at, now)
        return None

    def take_the_turn(self, over_at: Seconds, now: Seconds) -> Publish:
        """Begin to play, now, a turn that was over ``over_at`` a moment; return what there is to tell."""
        prepared, latest = self._prepared, self._scene.settings.latency.late_onset
        if prepared is None or not 0.0 <= now - prepared.began <= latest:
            self.drop_what_is_prepared()
            prepared = self._new_answer(now)
        self.answer, self._prepared = prepared, None
        question = self._question()
        if prepared.terms.is_anew:
            self._scene.pieces += 1
            self._scene.alone += 1
        self._scene.player.begin_anew()
        self._cue = None
        return Publish(over_at, TurnTaken(question.onsets, question.seconds))

    def give_back(self, now: Seconds) -> None:
        """Play no more."""
        self.answer = None
        self._scene.quiet_since = now
        if self._mode.goes_along:
            # What was played meanwhile has been met with music already.
            self._scene.player.begin_anew()

    def meet(self, now: Seconds) -> None:
        """Take back what has not sounded of an answer, since the player has changed what sounds."""
        answer = self.answer
        if answer is None:
            return
        answer.take_back()
        answer.room = self._mode.room(self._scene)
        if self._mode.goes_along and answer.terms.touched == "goes on":
            terms = self._mode.terms(self._scene)
            answer.follow(self._scene.settings, terms.guide)
            answer.go_on_until(now + terms.length)

    def leave_room(self) -> None:
        """Take back what has not sounded, since the player holds other keys than before."""
        self.take_back()
        if self.answer is not None:
            self.answer.room = self._mode.room(self._scene)

    def follow(self, now: Seconds) -> None:
        """Play by other settings from now on; what a piece is like that nobody asked for stays as it is."""
        self.drop_what_is_prepared()
        settings = self._scene.settings
        self._mode = MODES[settings.play.mode]
        if self.answer is not None:
            terms = self.answer.terms
            self.answer.follow(settings, terms.guide if terms.is_anew else self._scene.player.guide(settings))
            self.meet(now)

    def take_cue(self, trigger: Triggered, now: Seconds) -> Publish | None:
        """Begin an answer that was asked for, or make ready for it."""
        self.drop_what_is_prepared()
        self._cue = Cue(trigger, now)
        if trigger.at is None:
            self._cue.at = self._scene.pulse.begins_at(now)
        if trigger.phrase:
            self._memory.begin_anew(now)
        elif self._cue.at <= now:
            return self.take_the_turn(now, now)
        return None

    def drop_cue(self, now: Seconds) -> Publish | None:
        """Forget the answer that was asked for; return what there is to tell."""
        if self._cue is None:
            return None
        if self._cue.brings_a_phrase:
            self._memory.begin_anew(now)
        self._cue = None
        return Publish(now, CueDropped())

    def say_goodbye(self, now: Seconds) -> None:
        """Begin anew for whoever comes next, where the mode does, since the player has left."""
        if self._mode.forgets:
            self.drop_what_is_prepared()
            self._scene.player.forget()
            self._memory.begin_anew(now)

    def take_back(self) -> None:
        """Take back all that has not sounded."""
        self.drop_what_is_prepared()
        if self.answer is not None:
            self.answer.take_back()

    def ask_again(self) -> None:
        """The engine has what it had not when it was last asked."""
        if (answer := self.answer or self._prepared) is not None:
            answer.ask_again()

    def drop_what_is_prepared(self) -> None:
        """Have the memory hold what was really heard."""
        if self._prepared is not None:
            # Not only to before its notes: a piece begins with having forgotten all that was heard.
            self._memory.go_back(self._before)
            self._prepared = None

    def _begins_at(self) -> Seconds | None:
        """Return when it begins to play, unless something happens before."""
        if self._cue is not None:
            return self._cue.at
        free = self._mode.begins_at(self._scene)
        return free if free is None or self._mode.is_held else self._scene.pulse.begins_at(free)

    def _prepares_at(self, begins_at: Seconds) -> Seconds:
        """Return when to go on preparing an answer that is about to begin."""
        if self._prepared is None:
            return begins_at - self._scene.settings.latency.look_ahead
        return math.inf if self._prepared.imagines_at is None else self._prepared.imagines_at

    def _prepare(self, begins_at: Seconds, now: Seconds) -> None:
        if self._prepared is None:
            self._before = self._memory.past()
            self._prepared = self._new_answer(begins_at)
        self._prepared.imagine(now)

    def _new_answer(self, begins: Seconds) -> Answer:
        terms = self._terms()
        if terms.is_anew:
            self._memory.begin_anew(begins)
        elif self._cue is not None and self._cue.brings_a_phrase:
            # However long before, and in however much time, the phrase was heard: the answer is the same.
            self._memory.last_event_at = begins - BREATH
        scene = self._scene
        return Answer(self._memory, scene.settings, terms, begins, self._mode.room(scene), scene.pulse)

    def _terms(self) -> Terms:
        if self._cue is None:
            return self._mode.terms(self._scene)
        return terms_after(self._question(), self._scene, self._cue.seconds, self._cue.seed)

    def _question(self) -> Question:
        settings = self._scene.settings
        if self._cue is not None and self._cue.brings_a_phrase:
            return self._cue.question(settings)
        return self._scene.player.question(settings)
