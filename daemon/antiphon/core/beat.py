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
from antiphon.core.hands import CHORD
from antiphon.core.metre import Metre
from antiphon.core.resonators import BINS, BINS_IN_AN_OCTAVE, Resonators, bin_of
from antiphon.core.units import Beats, Pitch, Seconds, Velocity

SHORTEST_BEAT, LONGEST_BEAT = 0.25, 1.6
"""Seconds: 240 and 37.5 beats a minute."""

LIKELIEST_BEAT: Seconds = 0.6
"""100 beats a minute, from where the usual lengths are counted."""

_LIKELIHOOD = {0.5: 3.91, 1.0: 3.25, 1.5: -3.73, 2.0: 2.34, 3.0: 1.73, 4.0: 2.79, 6.0: 1.62}
"""By how many times the beat's frequency: what a resonator there says for a beat, in nats."""

_OCTAVE_SLOWER, _SQUARED = 1.11, -1.7
"""What the length of a beat says for it, in nats an octave from the likeliest, and of the square of these."""

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

_CANDIDATES = tuple(
    SHORTEST_BEAT * 2 ** (step / BINS_IN_AN_OCTAVE)
    for step in range(math.ceil(BINS_IN_AN_OCTAVE * math.log2(LONGEST_BEAT / SHORTEST_BEAT)) + 1)
)
"""Lengths of a beat, in seconds; they lie as close as the resonators."""


def _usualness(period: Seconds) -> float:
    octaves = math.log2(period / LIKELIEST_BEAT)
    return _OCTAVE_SLOWER * octaves + _SQUARED * octaves**2


_USUALNESS = tuple(_usualness(period) for period in _CANDIDATES)


class Chord(Struct, frozen=True, gc=False):
    """What was struck together, and the weight that it has."""

    at: Seconds
    weight: float


class BeatTracker:
    """Listens to one player."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._resonators = Resonators()
        self._accents = Accents()
        self._bars = Bars()
        self._notes: list[tuple[Pitch, Velocity]] = []
        self._struck_at: Seconds = -math.inf
        self._chords: deque[Chord] = deque(maxlen=_REMEMBERED)
        self._likelihood: list[float] = []
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
        self._resonators.strike(chord.weight, chord.at)
        self._weigh_candidates(passed)
        if len(self._chords) >= FEWEST_CHORDS:
            self._place_beat(self._likeliest())
            self._mark(chord)

    def _weigh_candidates(self, passed: Seconds) -> None:
        likelihood = _likelihood_of_each(self._resonators.strengths())
        if not self._likelihood:
            self._likelihood = likelihood
        share = 1.0 - math.exp(-passed / STEADINESS)
        self._likelihood = [
            was + share * (now - was) for was, now in zip(self._likelihood, likelihood, strict=True)
        ]

    def _likeliest(self) -> Seconds:
        """Return the likeliest length of a beat, in between two candidates by a parabola through three."""
        likelihood = self._likelihood
        best = max(range(len(likelihood)), key=likelihood.__getitem__)
        if not 0 < best < len(likelihood) - 1:
            return _CANDIDATES[best]
        before, there, after = likelihood[best - 1 : best + 2]
        bent = before - 2 * there + after
        return _CANDIDATES[best] * 2 ** ((before - after) / (2 * bent) / BINS_IN_AN_OCTAVE if bent else 0.0)

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


def _likelihood_of_each(strengths: list[float]) -> list[float]:
    """Return how likely each candidate is a beat, in nats and up to a constant."""
    likelihood = list(_USUALNESS)
    downwards = [*reversed(_BEYOND), *reversed(strengths)]
    for (first, part), weight in _READINGS:
        begin = len(downwards) - 1 - first
        below = downwards[begin : begin + len(likelihood)]
        above = downwards[begin - 1 : begin - 1 + len(likelihood)]
        for step, (lower, upper) in enumerate(zip(below, above, strict=True)):
            likelihood[step] += weight * ((1.0 - part) * lower + part * upper)
    return likelihood


def _reading(times: float) -> tuple[int, float]:
    """Return between which bins the resonator lies for the shortest candidate; for the next, one lower."""
    place = bin_of(times / SHORTEST_BEAT)
    return math.floor(place), place - math.floor(place)


_READINGS = tuple((_reading(times), weight) for times, weight in _LIKELIHOOD.items())

_BEYOND = [0.0] * max(0, max(first for (first, _), _ in _READINGS) + 2 - BINS)
"""Where there is no resonator, since nobody plays as fast."""
