"""Answers handed round: one daemon answers what another has answered, and two never do so for ever.

Each answer says how many hops it is away from where its chain began, which is with a player or with
somebody's trigger. An answer to an answer is one hop further, and beyond a number of hops nobody answers.
This does no I/O, and does not know whose turn it is.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.adapters.doors.mqtt.inbox import MOST_BYTES, Arrived
from antiphon.adapters.doors.mqtt.outbox import Message
from antiphon.adapters.doors.mqtt.topics import ROOT, Topics
from antiphon.core.commands import CueDropped, PlayNote, Publish, ReleaseNote, TurnGivenBack, TurnTaken
from antiphon.core.events import Triggered
from antiphon.core.units import Pitch, Seconds
from antiphon.requests import LONGEST_PHRASE, PhraseNote
from antiphon.settings import Mqtt

logger = logging.getLogger(__name__)

ANYBODY = "*"

WHOLE = ("phrase ended", "length reached")
"""Why answers end that are answered in turn; of others the player, or somebody else, did not want more."""

SHORTEST_NOTE: Seconds = 0.001
LONGEST_NOTE: Seconds = 60.0


class Answered(Struct, frozen=True):
    """An answer that is over, as it is published.

    Attributes:
        notes: in the form in which a trigger brings a phrase.
        reason: why it ended.
        hops: how many answers there were before it since a player or a trigger began.
    """

    notes: Annotated[tuple[PhraseNote, ...], Meta(max_length=LONGEST_PHRASE)]
    reason: str
    hops: Annotated[int, Meta(ge=0, le=1000)] = 0


class Ensemble:
    """What one daemon hands on, and what it takes up.

    Args:
        topics: its own.
        mqtt: says whom it answers, and how far.
    """

    def __init__(self, topics: Topics, mqtt: Mqtt) -> None:
        self._topic = topics.event("answer")
        self._whom = frozenset(mqtt.answers.split())
        self._most_hops = mqtt.hops
        self._hands_on = mqtt.notes or bool(self._whom)
        self._notes = AnswerNotes()
        self._hops = Hops()

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The filters for everything that it may answer."""
        if ANYBODY in self._whom:
            return (f"{ROOT}/+/event/answer",)
        return tuple(f"{ROOT}/{id_}/event/answer" for id_ in sorted(self._whom))

    def hear(self, news: News) -> Message | None:
        """Take in what happens here, and return what is handed on, which is a whole answer."""
        self._hops.hear(news)
        match news:
            case Sent(PlayNote(due, pitch, velocity, part="it")):
                self._notes.begin(due, pitch, velocity)
            case Sent(ReleaseNote(due, pitch, part="it")):
                self._notes.end(due, pitch)
            case Sent(Publish(due, TurnGivenBack(reason))):
                answered = Answered(self._notes.finished(due), reason, self._hops.of_the_answer)
                return Message(self._topic, msgspec.json.encode(answered)) if self._hands_on else None
        return None

    def taken_up(self, arrived: Arrived) -> Answered | None:
        """Return the answer that a message brings, if it is one to be answered."""
        if not self.concerns(arrived.topic) or arrived.retained or len(arrived.payload) > MOST_BYTES:
            return None
        try:
            answered = msgspec.json.decode(arrived.payload, type=Answered)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            logger.debug("what is on %s is no answer: %s", arrived.topic, error)
            return None
        is_whole = answered.reason in WHOLE and bool(answered.notes)
        # What somebody has asked for and is still to begin comes first.
        is_wanted = answered.hops < self._most_hops and not self._hops.awaits_an_answer
        return answered if is_whole and is_wanted else None

    def concerns(self, topic: str) -> bool:
        """Whether somebody tells an answer there whom it answers; nobody answers themselves."""
        root, _, rest = topic.partition("/")
        id_, _, rest = rest.partition("/")
        if root != ROOT or rest != "event/answer" or topic == self._topic:
            return False
        return ANYBODY in self._whom or id_ in self._whom

    @contextmanager
    def answering(self, answered: Answered) -> Iterator[None]:
        """Count a trigger within this context as one for an answer to somebody's answer."""
        self._hops.of_the_next_trigger = answered.hops + 1
        try:
            yield
        finally:
            self._hops.of_the_next_trigger = 0


class Hops:
    """How far an answer is from where its chain began.

    Attributes:
        of_the_next_trigger: what the trigger that comes next is.
        of_the_answer: what the answer that is played, or was the last to be played, is.
        awaits_an_answer: whether one that a trigger has asked for is still to begin.
    """

    def __init__(self) -> None:
        self.of_the_next_trigger = 0
        self.of_the_answer = 0
        self.awaits_an_answer = False
        self._of_the_cue = 0

    def hear(self, news: News) -> None:
        match news:
            case Heard(Triggered()):
                self.awaits_an_answer, self._of_the_cue = True, self.of_the_next_trigger
            case Sent(Publish(occurrence=TurnTaken())):
                self.of_the_answer = self._of_the_cue
                self.awaits_an_answer, self._of_the_cue = False, 0
            case Sent(Publish(occurrence=CueDropped())):
                self.awaits_an_answer, self._of_the_cue = False, 0


class AnswerNotes:
    """The notes of an answer as it goes on, in the form in which a trigger brings a phrase."""

    def __init__(self) -> None:
        self._begun: dict[Pitch, tuple[Seconds, int]] = {}
        self._notes: list[tuple[Seconds, Pitch, Seconds, int]] = []

    def begin(self, at: Seconds, pitch: Pitch, velocity: int) -> None:
        self._begun[pitch] = at, velocity

    def end(self, at: Seconds, pitch: Pitch) -> None:
        if pitch in self._begun and len(self._notes) < LONGEST_PHRASE:
            begun, velocity = self._begun[pitch]
            self._notes.append((begun, pitch, at - begun, velocity))
        self._begun.pop(pitch, None)

    def finished(self, at: Seconds) -> tuple[PhraseNote, ...]:
        """Return the notes, from the first one's beginning, and begin anew."""
        for pitch in [*self._begun]:
            self.end(at, pitch)
        notes, self._notes = sorted(self._notes), []
        return tuple(_phrase(notes))


def _phrase(notes: Iterable[tuple[Seconds, Pitch, Seconds, int]]) -> Iterator[PhraseNote]:
    first: Seconds | None = None
    for at, pitch, length, velocity in notes:
        first = at if first is None else first
        lasts = min(max(length, SHORTEST_NOTE), LONGEST_NOTE)
        yield PhraseNote(pitch, round(at - first, 4), round(lasts, 4), velocity)
