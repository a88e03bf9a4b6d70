"""The LSTM engine: a model file, stepped one event at a time.

The network runs one event behind. The newest event waits until the next arrives or somebody asks what
comes next; then one call of the interpreter takes it in and samples at the same time. So hearing an event
costs one call and so does playing one, however long the music gets.
"""

import math
from collections.abc import Mapping

import msgspec
import numpy as np

from antiphon.adapters.engines.question import (
    OPEN,
    PARTS,
    Floats,
    Noise,
    Question,
    allowed_classes,
    allowed_dt,
    ask,
    gumbel_noise,
)
from antiphon.adapters.engines.step_graph import SILENCE, Network, Played, State
from antiphon.core.engine import Constraints, Expectation, MusicEvent, Snapshot, Timing
from antiphon.core.hands import CHORD
from antiphon.core.units import Pitch, Velocity
from antiphon_models import vocab
from antiphon_models.spec import FADE, HELD_LONG

VELOCITIES = tuple(Velocity(vocab.velocity_of(class_)) for class_ in range(vocab.VELOCITY_CLASSES))

MIDDLE = 60
"""Where it begins when it has heard nothing yet, and no register is asked for."""


LEAST_TOLD = 0.005
"""Pitches that are less likely than this are no part of an expectation."""

NEXT_ONSET = msgspec.structs.replace(
    OPEN, allow_dt=allowed_dt(CHORD, math.inf), allow_class=allowed_classes(onsets=True, releases=False)
)
"""Asks for the next onset that is not of the same chord."""


class Heard(msgspec.Struct, frozen=True, eq=False, gc=False):
    """All that has been heard. Never changed, so a snapshot is a reference.

    ``before`` is the network's state without the newest event, ``after`` with it once that is known;
    ``struck`` is the moment on ``clock`` at which each pitch that sounds began to.
    """

    before: State
    newest: Played | None
    after: State | None
    struck: Mapping[int, float]
    clock: float


class LstmEngine:
    """Implements :class:`antiphon.core.engine.Engine`.

    Args:
        network: what is stepped.
        seed: of everything that is drawn at a temperature above 0.
    """

    def __init__(self, network: Network, seed: int) -> None:
        self._network = network
        self._random = np.random.default_rng(seed)
        self._noise = Noise(self._random)
        self._heard = Heard(self._network.start_state(), None, None, {}, 0.0)

    def prime(self, event: MusicEvent) -> None:
        """Hear an event; the network takes in the one before it."""
        heard = self._heard
        before = heard.before
        if heard.newest is not None:
            before = heard.after or self._network.step(heard.newest, sounding(heard), before, OPEN)[0]
        dt = vocab.dt_bin(event.dt)
        clock = heard.clock + vocab.DT_GRID[dt]
        struck = dict(heard.struck)
        if event.velocity:
            struck[event.pitch] = clock
        else:
            struck.pop(event.pitch, None)
        newest = dt, vocab.velocity_class(event.velocity), event.pitch, PARTS[event.part]
        self._heard = Heard(before, newest, None, struck, clock)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Draw the next event; the network takes in the newest one in the same call."""
        heard = self._heard
        if heard.newest is None:
            return self._first(constraints)
        after, drawn = self._network.step(
            heard.newest, sounding(heard), heard.before, self._question(constraints)
        )
        self._heard = Heard(heard.before, heard.newest, after, heard.struck, heard.clock)
        dt, class_, pitch = drawn
        seconds = vocab.DT_GRID[dt]
        if not constraints.shortest_dt <= seconds <= constraints.longest_dt:
            seconds = min(max(seconds, constraints.shortest_dt), constraints.longest_dt)
        return MusicEvent(seconds, VELOCITIES[class_], Pitch(pitch), constraints.asked)

    def expectation(self) -> Expectation | None:
        """Return how likely each pitch is to be struck next, after the chord that sounds now.

        The network takes in the newest event for it, which it then need not do when the next is heard.
        """
        if not self._take_in(NEXT_ONSET):
            return None
        return likelihood(self._network.pitch_logits())

    def timing(self) -> Timing | None:
        """Return when the next event is expected; the step that it costs is saved when that is heard."""
        if not self._take_in(OPEN):
            return None
        chances: list[float] = shares(self._network.dt_logits()).tolist()
        return chances

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot

    def reseed(self, seed: int) -> None:
        """Draw from now on as one does that was made with this seed."""
        self._random = np.random.default_rng(seed)
        self._noise = Noise(self._random)

    def _take_in(self, question: Question) -> bool:
        """Have the network take in the newest event and answer a question; False where nothing was heard."""
        heard = self._heard
        if heard.newest is None:
            return False
        after, _ = self._network.step(heard.newest, sounding(heard), heard.before, question)
        self._heard = Heard(heard.before, heard.newest, after, heard.struck, heard.clock)
        return True

    def _question(self, constraints: Constraints) -> Question:
        heard = self._heard
        if constraints.temperature > 0 and constraints.seed is None:
            return ask(constraints, heard.struck.keys(), self._noise.draw())
        assert heard.newest is not None
        seed = (constraints.seed or 0, *heard.newest, round(heard.clock * 1000))
        noise = gumbel_noise(np.random.default_rng(seed))[0]
        if not constraints.temperature:
            # The likeliest time is nearly always none at all, so at temperature 0 times are drawn all the
            # same, but out of what was heard: the same music is always answered in the same way.
            noise[:, vocab.DT_BINS :] = 0.0
        return ask(constraints, heard.struck.keys(), noise)

    def _first(self, constraints: Constraints) -> MusicEvent:
        """Begin out of nothing: a note near the register that is asked for, or near the middle.

        The network has no word before the first.
        """
        possible = constraints.onsets - constraints.taken
        if not possible:
            return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases))
        middle = MIDDLE if constraints.guide.register is None else constraints.guide.register
        pitches = sorted(possible, key=lambda pitch: (abs(pitch - middle), pitch))[:12]
        dice = self._random if constraints.seed is None else np.random.default_rng(constraints.seed)
        chosen = int(dice.integers(len(pitches))) if constraints.temperature > 0 else 0
        return MusicEvent(constraints.shortest_dt, Velocity(64), pitches[chosen])


def likelihood(logits: Floats) -> Expectation:
    """Return how likely each pitch is by its logit, (128,), those left out that hardly are."""
    chances = shares(logits)
    return {Pitch(pitch): float(chances[pitch]) for pitch in np.flatnonzero(chances >= LEAST_TOLD).tolist()}


def shares(logits: Floats) -> Floats:
    """Return the chances that logits stand for."""
    weights = np.exp(logits - logits.max())
    chances: Floats = weights / weights.sum()
    return chances


def sounding(heard: Heard) -> Floats:
    """Return what sounds, (128,): 0 silent, 1 just struck, fading to one half."""
    levels = SILENCE.copy()
    now = heard.clock
    for pitch, moment in heard.struck.items():
        levels[pitch] = HELD_LONG + (1 - HELD_LONG) * math.exp((moment - now) / FADE)
    return levels
