"""A cue: an answer that somebody has asked for, whatever the player does.

It may bring the phrase that is to be answered, which the engine hears event by event before its time has
come.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from antiphon.core.engine import MusicEvent
from antiphon.core.events import Triggered
from antiphon.core.guidance import guide_after
from antiphon.core.guide import Guide, Impression
from antiphon.core.performance import TimedEvent, changes_in
from antiphon.core.settings import Settings
from antiphon.core.units import Seconds

BREATH: Seconds = 0.5
"""What lies between the end of a phrase that is brought and its answer, for an engine that hears them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is answered: how long it is, and what its music is like."""

    onsets: int
    seconds: Seconds
    guide: Guide


class Cue:
    """An answer that is to begin ``at`` a moment.

    Args:
        asked: the trigger.
        now: when it came.

    Attributes:
        to_hear: what of the phrase the engine has not heard yet.
    """

    def __init__(self, asked: Triggered, now: Seconds) -> None:
        self.at = now if asked.at is None else max(asked.at, now)
        self.seconds = asked.seconds
        self.seed = asked.seed
        self.to_hear = deque(asked.phrase)
        self._phrase = asked.phrase

    @property
    def brings_a_phrase(self) -> bool:
        return bool(self._phrase)

    def question(self, settings: Settings) -> Question:
        """Return what its phrase amounts to, and the guide that follows from it and from the settings."""
        return question_in(self._phrase, settings)


def phrase_of(performance: Iterable[TimedEvent]) -> tuple[MusicEvent, ...]:
    """Return what an engine hears of a performance: the pedal is folded in, and every onset is released."""
    heard: list[MusicEvent] = []
    last: Seconds | None = None
    for now, (velocity, pitch) in changes_in(performance):
        heard.append(MusicEvent(0.0 if last is None else now - last, velocity, pitch))
        last = now
    return tuple(heard)


def question_in(phrase: tuple[MusicEvent, ...], settings: Settings) -> Question:
    impression = Impression()
    impression.begin_phrase()
    now, onsets = 0.0, 0
    for event in phrase:
        now += event.dt
        if event.velocity:
            onsets += 1
            impression.hear(event.pitch, event.velocity, now)
    return Question(onsets, now, guide_after(impression, settings))
