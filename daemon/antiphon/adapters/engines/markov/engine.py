"""The Markov engine: draws each field of an event from a player's style on top of a table.

It learns from whatever the player plays, at once and for good: to go back in time takes nothing back of that.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache
from random import Random

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from antiphon.adapters.engines.markov.learner import Learner
from antiphon.core.closing import ELSEWHERE, LATE, LATELY, LONGEST_CLOSE, Onset, usual_interval
from antiphon.core.engine import Constraints, MusicEvent, Snapshot, Timing
from antiphon.core.guide import Guide
from antiphon.core.keys import key_of
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon_models import vocab
from antiphon_models.markov.drawing import drawn_of
from antiphon_models.markov.past import MIDDLE, SILENCE, Past
from antiphon_models.markov.style import TRIES

VELOCITIES = tuple(Velocity(vocab.velocity_of(class_)) for class_ in range(vocab.VELOCITY_CLASSES))

IN_KEY = 0.5
"""Power of how often a pitch class occurs in the key that is asked for, by which pitches weigh."""

RAREST = 0.02
"""Share of the onsets that a pitch class counts as having at least: none is forbidden by a wish."""

REACH = 9.0
"""Semitones from the register that is asked for within which most of the music stays."""

Floats = npt.NDArray[np.float64]


class Line(Struct, frozen=True):
    """What an answer is to hold at certain places.

    Attributes:
        starts_at_home: it begins with a note of the chord on the tonic.
        ends_at_home: it ends with one, as far as that lies with the engine.
        avoids: pitch classes that it does without, where anything else may be played.
    """

    starts_at_home: bool = False
    ends_at_home: bool = False
    avoids: frozenset[int] = frozenset()


class Heard(Struct, frozen=True, gc=False):
    """All that has been heard: never changed, so a snapshot is a reference.

    ``clock`` counts seconds as they passed, ``past.clock`` as the bins tell them; ``own`` are the latest
    onsets, as far as the player has played nothing since.
    """

    past: Past = SILENCE
    clock: Seconds = 0.0
    own: tuple[Onset, ...] = ()


class MarkovEngine:
    """Implements :class:`antiphon.core.engine.Engine`.

    Args:
        learner: what the player teaches.
        seed: of everything that is drawn at a temperature above 0.
        line: what an answer is to hold at certain places.
        keep: keeps what is learnt for as long as its context lasts.
    """

    def __init__(
        self,
        learner: Learner,
        seed: int,
        line: Line | None = None,
        keep: Callable[[Learner], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.learner = learner
        self._style = learner.style
        self._line = line or Line()
        self._keep = keep
        self._random = Random(seed)
        self._heard = Heard()

    @property
    def heard(self) -> Heard:
        """All that has been heard."""
        return self._heard

    def kept(self) -> AbstractContextManager[object]:
        """Keep what is learnt for as long as the context lasts."""
        return self._keep(self.learner)

    def prime(self, event: MusicEvent) -> None:
        """Hear an event; where the player played it, learn from it."""
        heard = self._heard
        clock = heard.clock + event.dt
        bins = vocab.dt_bin(event.dt), vocab.velocity_class(event.velocity), int(event.pitch)
        if event.is_players:
            self.learner.hear(bins, clock)
        own = heard.own
        if event.velocity:
            own = () if event.is_players else (*own[1 - LATELY :], Onset(clock, event.pitch))
        self._heard = Heard(heard.past.after(bins), clock, own)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Draw the next event, field by field."""
        heard, random = self._heard, self._random
        if heard.past is SILENCE:
            return self._first(constraints)
        onsets = self._onsets_for(constraints)
        if constraints.temperature == 0 or constraints.seed is not None:
            # Out of what was heard: the same music is answered in the same way.
            random = Random(f"{constraints.seed} {heard.past.events} {round(heard.past.clock * 1000)}")
        seconds, bin_ = self._time(constraints, random)
        is_onset = None if onsets and constraints.releases else bool(onsets)
        class_ = self._style.draw_loudness(heard.past, bin_, random, is_onset)
        if class_ and is_onset is not True and not onsets:
            class_ = vocab.RELEASE
        if not class_ and not constraints.releases:
            class_ = self._style.draw_loudness(heard.past, bin_, random, True)
        if self._line.ends_at_home and onsets and self._would_end_elsewhere(constraints, seconds):
            seconds, onsets = self._homewards(constraints, onsets)
            class_ = class_ or heard.past.loudness[0]
        if not class_:
            pitch = self._style.draw_release(heard.past, bin_, random, constraints.releases)
            return MusicEvent(seconds, Velocity(0), Pitch(pitch), constraints.asked)
        pitch = self._pitch(constraints, onsets, bin_, random)
        return MusicEvent(seconds, VELOCITIES[class_], Pitch(pitch), constraints.asked)

    def timing(self) -> Timing | None:
        """Return when the next event is expected: what followed in the contexts that it has come to."""
        if self._heard.past is SILENCE:
            return None
        chances: list[float] = self._style.times(self._heard.past).tolist()
        return chances

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot

    def reseed(self, seed: int) -> None:
        """Draw from now on as one does that was made with this seed."""
        self._random = Random(seed)

    def _time(self, constraints: Constraints, random: Random) -> tuple[Seconds, int]:
        """Draw when the next event comes: a moment that is allowed, and its bin."""
        shortest, longest = constraints.shortest_dt, constraints.longest_dt
        first, last = vocab.dt_bin(shortest), vocab.dt_bin(longest)
        bin_ = self._style.draw_time(self._heard.past, random, first, last + 1) if first < last else first
        return min(max(vocab.DT_GRID[bin_], shortest), longest), bin_

    def _pitch(self, constraints: Constraints, onsets: frozenset[Pitch], bin_: int, random: Random) -> int:
        chances = self._style.onset_weights(self._heard.past, bin_)
        chances *= weighed(onsets, constraints.guide)
        for pitch in constraints.taken:
            chances[pitch] = 0.0
        likeliest = float(chances.max())
        if not likeliest > 0.0:
            possible = sorted(onsets - constraints.taken) or sorted(onsets)
            return min(possible, key=lambda pitch: abs(pitch - self._heard.past.struck[0]))
        if constraints.temperature == 0:
            return int(chances.argmax())
        if constraints.temperature != 1.0:
            # The largest is 1 before: a great power of small numbers would leave nothing.
            chances = (chances / likeliest) ** (1.0 / constraints.temperature)
            likeliest = 1.0
        return _drawn_above(chances, _least_of(constraints) * likeliest, random)

    def _onsets_for(self, constraints: Constraints) -> frozenset[Pitch]:
        """Return the pitches that may be struck, as far as the line leaves any."""
        onsets = constraints.onsets
        line = self._line
        if line.avoids:
            onsets = _with_classes(onsets, ALL - line.avoids, constraints.taken)
        if line.starts_at_home and not self._heard.own:
            onsets = _with_classes(onsets, home_of(constraints.guide), constraints.taken)
        return onsets

    def _would_end_elsewhere(self, constraints: Constraints, seconds: Seconds) -> bool:
        """Tell whether an answer could end before an event so many seconds from now, and not at home."""
        home, own = home_of(constraints.guide), self._heard.own
        if not home or not own or own[-1].pitch % 12 in home or constraints.left > LONGEST_CLOSE:
            return False
        usual = usual_interval(own)
        silent = self._heard.clock + seconds - own[-1].at
        return seconds > constraints.left or (usual is not None and silent >= (LATE + ELSEWHERE) * usual)

    def _homewards(
        self, constraints: Constraints, onsets: frozenset[Pitch]
    ) -> tuple[Seconds, frozenset[Pitch]]:
        """Return when the note comes instead on which the answer may end, and which it may be."""
        own = self._heard.own
        usual = usual_interval(own) or constraints.left
        seconds = min(own[-1].at + usual - self._heard.clock, 0.5 * constraints.left)
        seconds = min(max(seconds, constraints.shortest_dt), constraints.longest_dt)
        return seconds, _with_classes(onsets, home_of(constraints.guide), constraints.taken)

    def _first(self, constraints: Constraints) -> MusicEvent:
        """Begin out of nothing: a note near the middle."""
        onsets = self._onsets_for(constraints) - constraints.taken or constraints.onsets
        if not onsets:
            return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases))
        pitches = sorted(onsets, key=lambda pitch: (abs(pitch - MIDDLE), pitch))[:12]
        chosen = int(self._random.random() * len(pitches)) if constraints.temperature > 0 else 0
        return MusicEvent(constraints.shortest_dt, Velocity(64), pitches[chosen], constraints.asked)


ALL = frozenset(range(12))


def home_of(guide: Guide) -> frozenset[int]:
    """Return the chord on the tonic of the key that is asked for; empty where nothing is known of it."""
    key = key_of(guide.pitch_classes)
    return frozenset() if key is None else key.triad


def _with_classes(
    pitches: frozenset[Pitch], classes: frozenset[int], taken: frozenset[Pitch]
) -> frozenset[Pitch]:
    """Return those of some pitches that are of some classes; all of them, where none of these is free."""
    chosen = of_classes(pitches, classes)
    return chosen if chosen - taken else pitches


@lru_cache(maxsize=64)
def of_classes(pitches: frozenset[Pitch], classes: frozenset[int]) -> frozenset[Pitch]:
    """Return those of some pitches that are of some classes."""
    return frozenset(pitch for pitch in pitches if pitch % 12 in classes)


def _least_of(constraints: Constraints) -> float:
    """Return the share of the likeliest below which nothing is drawn, of chances that a temperature changed.

    Whatever that is, min-p leaves out the same pitches.
    """
    return constraints.min_p ** (1.0 / constraints.temperature) if constraints.min_p else 0.0


def _drawn_above(weights: Floats, least: float, random: Random) -> int:
    """Draw an index whose weight is not below the least."""
    for _ in range(TRIES):
        if weights[drawn := drawn_of(weights, random)] >= least:
            return drawn
    return drawn_of(np.where(weights < least, 0.0, weights), random)


@lru_cache(maxsize=64)
def weighed(pitches: frozenset[Pitch], guide: Guide) -> Floats:
    """Return by how much each pitch is weighed for a guide's sake, (128,), 0 for all but some pitches."""
    weights = np.zeros(vocab.PITCHES)
    weights[[*pitches]] = 1.0
    if guide.pitch_classes is not None:
        classes = np.maximum(guide.pitch_classes, RAREST) ** IN_KEY
        weights *= np.resize(classes, vocab.PITCHES)
    if guide.register is not None:
        weights *= near(round(guide.register))
    return weights


@cache
def near(register: int) -> Floats:
    """Return how near each pitch is to a register, (128,), the nearest 1."""
    return np.array([math.exp(-0.5 * ((pitch - register) / REACH) ** 2) for pitch in range(vocab.PITCHES)])
