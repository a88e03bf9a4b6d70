"""A clock that an ensemble has in common: the conductor's, as far as a broker lets one know it.

Everybody asks the conductor what time it is and takes the moment of the answer to be the middle between
question and reply, as NTP does (RFC 5905, section 8). That is wrong by half the way there and back at most.
Monotonic clocks are compared, which nobody sets; the conductor's wall clock, which people make appointments
by, comes along with each reply. This does no I/O and reads no clock.
"""

from collections import deque
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from antiphon.adapters.doors.mqtt.inbox import Allowance, Arrived
from antiphon.adapters.doors.mqtt.outbox import Message
from antiphon.adapters.doors.mqtt.topics import COMMAND, ROOT, Topics
from antiphon.core.units import Seconds
from antiphon.requests import Request, Trigger

DRIFT = 1e-4
"""Seconds by which two clocks may part in a second: the crystals of both, at 50 millionths each."""

KEPT = 8
"""Replies that are remembered; the best of them counts."""

ANSWERED_PER_SECOND = 250
"""Questions; what comes beyond that gets no reply, and is asked again."""

MOST_BYTES = 1024
"""Of a question or a reply."""


class Reading(Struct, frozen=True):
    """What the two clocks of a machine show at the same moment.

    Attributes:
        clock: monotonic seconds.
        wall: seconds since 1970.
    """

    clock: Seconds
    wall: Seconds


class Question(Struct, frozen=True):
    """What time is it?

    Attributes:
        by: who asks.
        asked: when, by the clock of the one who asks; it comes back with the reply.
    """

    by: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]+$", max_length=255)]
    asked: Seconds


class Reply(Struct, frozen=True):
    """What the conductor's clocks show."""

    asked: Seconds
    clock: Seconds
    wall: Seconds


class Exchange(Struct, frozen=True):
    """A question and its reply.

    Attributes:
        asked: when, on our own clock.
        replied: when the reply was there, on our own clock.
        theirs: what the conductor's clocks showed at some moment between the two.
    """

    asked: Seconds
    replied: Seconds
    theirs: Reading

    @property
    def offset(self) -> Seconds:
        """How far the conductor's monotonic clock is ahead of ours, as far as this tells."""
        return self.theirs.clock - (self.asked + self.replied) / 2

    def error(self, now: Seconds) -> Seconds:
        """Return by how much the offset may be wrong by now, at most."""
        return (self.replied - self.asked) / 2 + DRIFT * (now - self.asked)


class Estimate:
    """What the exchanges of the last while amount to."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)

    def take(self, exchange: Exchange) -> None:
        """Learn from another exchange; what it proves to be wrong by now is forgotten."""
        now = exchange.replied
        agreeing = [
            each
            for each in self._exchanges
            if abs(each.offset - exchange.offset) <= each.error(now) + exchange.error(now)
        ]
        # Otherwise the conductor has started anew, or one of the two machines has slept.
        self._exchanges = deque([*agreeing, exchange], KEPT)

    def offset(self, now: Seconds) -> Seconds | None:
        """Return how far the conductor's monotonic clock is ahead of ours; None while nobody knows."""
        best = self._best(now)
        return None if best is None else best.offset

    def error(self, now: Seconds) -> Seconds | None:
        """Return by how much the offset may be wrong, at most."""
        best = self._best(now)
        return None if best is None else best.error(now)

    def wall(self, now: Seconds) -> Seconds | None:
        """Return what the conductor's wall clock shows now."""
        offset = self.offset(now)
        if offset is None:
            return None
        theirs = self._exchanges[-1].theirs
        return now + offset + theirs.wall - theirs.clock

    def _best(self, now: Seconds) -> Exchange | None:
        return min(self._exchanges, key=lambda each: each.error(now), default=None)


class CommonClock:
    """One daemon's part in it: it tells its own time, and asks for the conductor's where it has one.

    Args:
        topics: its own.
        conductor: id of the one whose clock counts; empty, or our own, for our own.
    """

    def __init__(self, topics: Topics, conductor: str) -> None:
        self.conductor = "" if conductor == topics.id else conductor
        self._topics = topics
        self._estimate = Estimate()
        self._asked: Seconds | None = None
        self._allowance = Allowance(ANSWERED_PER_SECOND)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The filter for replies; questions come where commands do."""
        return (self._replies,) if self.conductor else ()

    @property
    def _replies(self) -> str:
        return _replies_of(self.conductor, to=self._topics.id)

    def question(self, now: Seconds) -> Message:
        """Return a question to the conductor; an earlier one that has had no reply yet counts no more."""
        self._asked = now
        question = Question(self._topics.id, now)
        return Message(f"{ROOT}/{self.conductor}/{COMMAND}/clock", msgspec.json.encode(question))

    def concerns(self, topic: str) -> bool:
        """Whether a message is about the time."""
        return topic == self._topics.command("clock") or (bool(self.conductor) and topic == self._replies)

    def take(self, arrived: Arrived, ours: Reading) -> Message | None:
        """Take in a message about the time; return the reply where it is a question.

        Args:
            ours: what our own clocks show as it arrives.
        """
        if arrived.retained or len(arrived.payload) > MOST_BYTES:
            return None
        try:
            if arrived.topic == self._topics.command("clock"):
                return self._reply(msgspec.json.decode(arrived.payload, type=Question), ours)
            self._learn(msgspec.json.decode(arrived.payload, type=Reply), ours.clock)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # whoever it is does not want to know the time
        return None

    def _reply(self, question: Question, ours: Reading) -> Message | None:
        if not self._allowance.grants(ours.clock):
            return None
        reply = Reply(question.asked, ours.clock, ours.wall)
        return Message(_replies_of(self._topics.id, to=question.by), msgspec.json.encode(reply))

    def _learn(self, reply: Reply, now: Seconds) -> None:
        if reply.asked == self._asked:
            self._asked = None
            self._estimate.take(Exchange(reply.asked, now, Reading(reply.clock, reply.wall)))

    def knows_the_time(self, now: Seconds) -> bool:
        """Whether what the conductor's clock shows is known, or is our own."""
        return not self.conductor or self._estimate.offset(now) is not None

    def by_our_own(self, request: Request, ours: Reading) -> Request:
        """Return a request whose moments are by our own wall clock; they came by the conductor's."""
        theirs = self._estimate.wall(ours.clock)
        if theirs is None or not isinstance(request, Trigger):
            return request
        behind = ours.wall - theirs
        moments = {
            name: max(moment + behind, 0.0)
            for name, moment in (("at", request.at), ("expires", request.expires))
            if moment is not None
        }
        return msgspec.structs.replace(request, **moments) if moments else request


def _replies_of(conductor: str, to: str) -> str:
    # Below the conductor's own topics, so that a broker need not let anybody publish for somebody else.
    return f"{ROOT}/{conductor}/clock/{to}"
