"""The beat of free playing, as far as it can be heard: how long it is, where it falls, and where bars begin.

Causal, and cheap for each chord: a bank of resonators hears how regularly the chords come at each frequency.
A beat is likely whose own frequency, its bar's and those of its subdivisions are all strong, and that is of a
usual length; what each of these counts was learnt from pieces whose beats are known (docs/tempo.md).
"""

import cmath
import math
from collections import deque

from msgspec import Struct

from antiphon.core.accents import Accents
from antiphon.core.bars import Bars
from antiphon.core.beat_lengths import likelihoods, peak_of
from antiphon.core.hands import CHORD
from antiphon.core.metre import Metre
from antiphon.core.resonators import Resonators
from antiphon.core.units import Beats, Pitch, Seconds, Velocity

FEWEST_CHORDS = 6
"""Chords below which no beat is told."""

FORGOTTEN_AFTER: Seconds = 30.0
"""Nobody keeps a beat for longer in silence."""

STEADINESS: Seconds = 2.0
"""How slowly what is taken for the beat changes."""

PHASE_MEMORY: Beats = 3.0
"""Beats in which a chord fades that says where the beat falls."""

_REMEMBERED = 32
"""Chords by which that is decided."""


class Chord(Struct, frozen=True, gc=False):
    """What was struck together, and the weight that it has."""

    at: Seconds
    weight: float


class BeatTracker:
    """Listens to one player.

    Attributes:
        resonators: in which the beat is heard.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.resonators = Resonators()
        self._accents = Accents()
        self._bars = Bars()
        self._notes: list[tuple[Pitch, Velocity]] = []
        self._struck_at: Seconds = -math.inf
        self._chords: deque[Chord] = deque(maxlen=_REMEMBERED)
        self._likely: list[float] = []
        self._beat: tuple[Seconds, int, Seconds] | None = None
        """A moment at which a beat falls, its number, and the seconds to the next."""

    def hear(self, pitch: Pitch, velocity: Velocity, now: Seconds) -> None:
        """Take in a key that was pressed, no earlier than the one before."""
        if now - self._struck_at > CHORD:
            self.take_in()
            if now - self._struck_at > FORGOTTEN_AFTER:
                self._forget()
            self._struck_at = now
        self._notes.append((pitch, velocity))

    @property
    def due(self) -> Seconds | None:
        """When to :meth:`advance`; None while there is nothing to take in."""
        return self._struck_at + CHORD if self._notes else None

    def advance(self, now: Seconds) -> None:
        """Take in what was struck together, once nothing more can belong to it; most of the work is here."""
        if self.due is not None and now >= self.due:
            self.take_in()

    def metre(self, now: Seconds, bar: int = 0) -> Metre | None:
        """Return the beats as heard, None while too little was, or long ago.

        Args:
            now: the moment.
            bar: beats in a bar; 0 is as heard.
        """
        if self._beat is None or now - self._struck_at > FORGOTTEN_AFTER:
            return None
        at, number, period = self._beat
        length, first = self._bars.heard(bar)
        return Metre(at, float(number - first), period, length, "playing")

    def take_in(self) -> None:
        """Take in what was struck last, as if nothing more belonged to it."""
        if not self._notes:
            return
        chord = Chord(self._struck_at, self._accents.weigh(self._notes))
        self._notes = []
        passed = chord.at - self._chords[-1].at if self._chords else 0.0
        self._chords.append(chord)
        self.resonators.strike(chord.weight, chord.at)
        self._weigh_lengths(passed)
        if len(self._chords) >= FEWEST_CHORDS:
            self._place_beat(peak_of(self._likely))
            self._mark(chord)

    def _weigh_lengths(self, passed: Seconds) -> None:
        likely = likelihoods(self.resonators.strengths())
        if not self._likely:
            self._likely = likely
        share = 1.0 - math.exp(-passed / STEADINESS)
        self._likely = [was + share * (now - was) for was, now in zip(self._likely, likely, strict=True)]

    def _place_beat(self, period: Seconds) -> None:
        """Find where the beat falls that is nearest to the last chord, and count on to it."""
        last = self._chords[-1].at
        turn = sum(
            chord.weight
            * math.exp((chord.at - last) / (PHASE_MEMORY * period))
            * cmath.exp(2j * math.pi * (chord.at - last) / period)
            for chord in self._chords
        )
        at = last + cmath.phase(turn) / (2 * math.pi) * period
        if self._beat is None or not 0.75 < period / self._beat[2] < 4 / 3:
            self._bars = Bars()
            self._beat = (at, 0, period)
        else:
            former, number, _ = self._beat
            self._beat = (at, number + round((at - former) / period), period)

    def _mark(self, chord: Chord) -> None:
        assert self._beat is not None
        at, number, period = self._beat
        self._bars.mark(number, chord.weight, abs(chord.at - at) / period)
