"""The player, as far as their keys tell: what sounds, the phrase so far, and what their music is like."""

import math
from dataclasses import dataclass

from antiphon.core.chords import chord_meant_by, chord_of
from antiphon.core.cue import Question
from antiphon.core.ending import Ending
from antiphon.core.engine import Timing
from antiphon.core.guidance import guide_after
from antiphon.core.guide import Guide, Impression
from antiphon.core.hands import Change, Hands
from antiphon.core.phrasing import Phrasing
from antiphon.core.settings import Settings, Turn
from antiphon.core.turn import pause_in_a_conversation, pause_that_ends_a_turn
from antiphon.core.units import Pitch, Seconds, Velocity

LATELY = 16
"""Onsets that tell where the hands are."""


@dataclass(slots=True)
class Phrase:
    """What the player has played since the last answer."""

    onsets: int = 0
    began: Seconds = 0.0
    touched: Seconds = 0.0
    """The last moment at which a key or the pedal was moved."""

    @property
    def seconds(self) -> Seconds:
        return self.touched - self.began if self.onsets else 0.0


class Player:
    """Takes in each touch at its moment, and returns what began or ceased to sound through it.

    ``struck_at``: when a key was struck last; long ago where none was. ``ending``: what is known of this
    silence; None while there is none, or where the engine does not say what it expects.
    """

    def __init__(self) -> None:
        self.phrase = Phrase()
        self._hands = Hands()
        self._zone: set[Pitch] = set()
        self._impression = Impression()
        self._phrasing = Phrasing()
        self.ending: Ending | None = None
        self._has_expectations = False
        self._judged: tuple[Turn, Seconds] | None = None
        self._was_still = True
        self.struck_at: Seconds = -math.inf
        self._touched_at: Seconds = 0.0
        self._only_pedal_since: Seconds | None = None

    @property
    def is_still(self) -> bool:
        """No key is down and no pedal holds a note."""
        return self._hands.are_still

    @property
    def sounding(self) -> frozenset[Pitch]:
        return self._hands.sounding

    @property
    def holding(self) -> frozenset[Pitch]:
        """What sounds, and the keys of the left hand's zone that are down: nobody else may have these."""
        return self.sounding | self._zone if self._zone else self.sounding

    @property
    def pace(self) -> Seconds | None:
        """Return the median time between the last onsets of this phrase, None before the second."""
        return self._hands.pace

    @property
    def density(self) -> float | None:
        """Return how many onsets they play in a second of late; None while too little was heard."""
        return self._impression.density

    @property
    def struck_lately(self) -> frozenset[Pitch]:
        """Return the pitches that they struck of late."""
        return self._impression.pitches(LATELY)

    @property
    def chord(self) -> str | None:
        """Return the chord that they played or meant last, such as ``Am7``; None where there was none."""
        return None if self._impression.chord is None else self._impression.chord.name

    @property
    def key(self) -> str | None:
        """Return the key that the music of late is in, None while too little was heard."""
        return self._impression.key_name

    def press(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> list[Change]:
        if not self.phrase.onsets:
            self.phrase.began = now
            self._hands.begin_phrase()
            self._impression.begin_phrase()
        self.phrase.onsets += 1
        self._impression.hear(pitch, velocity, now)
        self._phrasing.strike(pitch, velocity, now)
        self.struck_at = self._touched_at = now
        return self._touched(self._hands.press(pitch, velocity, now), now)

    def release(self, pitch: Pitch, now: Seconds) -> list[Change]:
        self._touched_at = now
        return self._touched(self._hands.release(pitch), now)

    def mean(self, pitch: Pitch, is_down: bool) -> bool:
        """Take in a key of the left hand's zone, which is no music; tell whether it means another chord."""
        before = self._impression.chord
        if is_down:
            self._zone.add(pitch)
        else:
            self._zone.discard(pitch)
        # What was meant holds until something else is: a left hand leaves the keys to find the next.
        if is_down and (chord := chord_meant_by(self._zone)) is not None:
            self._impression.chord = chord
        return self._impression.chord != before

    def means(self, pitch: Pitch) -> bool:
        """Whether a key is down that was struck as one of the left hand's zone."""
        return pitch in self._zone

    def pedal(self, value: int, now: Seconds) -> list[Change]:
        return self._touched(self._hands.pedal(value), now)

    def lifts_at(self, turn: Turn) -> Seconds | None:
        """Return when keys that are down will count as up, unless another is touched; None without any."""
        return self._touched_at + turn.longest_hold if self._hands.keys_down else None

    def lift(self, now: Seconds) -> tuple[int, list[Change]]:
        """Count every key as up; return how many these are, and what ceases to sound through that."""
        keys = self._hands.keys_down
        return keys, self._touched(self._hands.lift(), now)

    def leave(self, now: Seconds) -> list[Change]:
        """Count every key and the pedal as up."""
        self._zone.clear()
        return self.hand_over(now)

    def hand_over(self, now: Seconds) -> list[Change]:
        """Count all that sounds as somebody else's, who ends it; the left hand keeps its keys."""
        return self._touched(self._hands.leave(), now)

    def forget(self) -> None:
        """Know nothing of what was played: whoever comes now is somebody else."""
        self._impression.forget()
        self._phrasing = Phrasing()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget the phrase: whatever comes is the next one."""
        self.phrase = Phrase()

    @property
    def may_be_done(self) -> bool:
        """Whether a silence has begun of which nobody knows yet what to think."""
        return self.phrase.onsets > 0 and self.is_still and not self._has_expectations

    def expect(self, timing: Timing | None, since: Seconds) -> None:
        """Take in when the engine expects this silence to end, which holds until something is touched.

        Args:
            timing: what the engine expects; None where it does not say.
            since: the moment of the last event that it has heard.
        """
        self._has_expectations = True
        close = self._phrasing.close(self._impression.key, self._hands.intervals)
        if timing is not None and close is not None:
            self._judged = None
            self.ending = Ending(close, timing, max(self.phrase.touched - since, 0.0))

    def phrase_ends_at(self, turn: Turn) -> Seconds:
        """Return when the phrase is over, unless the player touches something before.

        Where the engine does not say what it expects, the player's pace alone decides.
        """
        if self.ending is None or turn.judge == "pace":
            return self.phrase.touched + pause_that_ends_a_turn(self._hands.pace, turn)
        if self._judged is None or self._judged[0] is not turn:
            pause = pause_in_a_conversation(self.ending, self._hands.pace, self.phrase.seconds, turn)
            self._judged = turn, self.phrase.touched + pause
        return self._judged[1]

    def phrase_would_end_at(self, turn: Turn) -> Seconds | None:
        """Return when the phrase would be over if the pedal were up; None where more is down, or nothing."""
        if self._only_pedal_since is None or not self.phrase.onsets:
            return None
        return self._only_pedal_since + pause_that_ends_a_turn(self._hands.pace, turn)

    def is_active(self, now: Seconds, turn: Turn) -> bool:
        """Whether a key or the pedal is down, or the pause since then is too short to end a turn."""
        return not self.is_still or (self.phrase.onsets > 0 and now < self.phrase_ends_at(turn))

    def question(self, settings: Settings) -> Question:
        """Return what the phrase amounts to, and the guide that follows from it and from the settings."""
        return Question(self.phrase.onsets, self.phrase.seconds, self.guide(settings))

    def guide(self, settings: Settings) -> Guide:
        """Return what the settings ask for; where they follow the player, what has been heard."""
        return guide_after(self._impression, settings)

    def _touched(self, changes: list[Change], now: Seconds) -> list[Change]:
        if any(velocity for velocity, _ in changes) and (chord := chord_of(self._hands.sounding)) is not None:
            self._impression.chord = chord
        # A pedal at rest that reports its own noise is no touch.
        if changes or not (self.is_still and self._was_still):
            self.phrase.touched = now
            self.ending = None
            self._has_expectations = False
        self._was_still = self.is_still
        if self.is_still:
            self._phrasing.rest(now)
        else:
            self._phrasing.stir(now)
        if not self._hands.only_hold_the_pedal:
            self._only_pedal_since = None
        elif self._only_pedal_since is None:
            self._only_pedal_since = now
        return changes
