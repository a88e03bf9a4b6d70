"""The LSTM engine: a model file, stepped one event at a time.

The network runs one event behind. The newest event waits until the next arrives or somebody asks what
comes next; then one call of the interpreter takes it in and samples at the same time. So hearing an event
costs one call and so does playing one, however long the music gets.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from antiphon.adapters.engines.question import NOISE_WIDTH, OPEN, PARTS, Floats, Question, ask
from antiphon.adapters.engines.step_graph import Network, Played, State
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Pitch, Velocity
from antiphon_models import vocab
from antiphon_models.spec import FADE, HELD_LONG

SILENT = -math.inf
MIDDLE = 60
"""Where it begins when it has heard nothing yet."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All that has been heard. Never changed, so a snapshot is a reference.

    ``before`` is the network's state without the newest event, ``after`` with it once that is known;
    ``struck`` is the moment on ``clock`` at which each pitch began to sound.
    """

    before: State
    newest: Played | None
    after: State | None
    struck: npt.NDArray[np.float64]
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
        silent = np.full(vocab.PITCHES, SILENT)
        self._heard = Heard(self._network.start_state(), None, None, silent, 0.0)

    def prime(self, event: MusicEvent) -> None:
        """Hear an event; the network takes in the one before it."""
        heard = self._heard
        before = heard.before
        if heard.newest is not None:
            before = heard.after or self._network.step(heard.newest, sounding(heard), before, OPEN)[0]
        dt = vocab.dt_bin(event.dt)
        clock = heard.clock + vocab.DT_GRID[dt]
        struck = heard.struck.copy()
        struck[event.pitch] = clock if event.velocity else SILENT
        newest = dt, vocab.velocity_class(event.velocity), int(event.pitch), PARTS[event.part]
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
        seconds = min(max(vocab.DT_GRID[dt], constraints.shortest_dt), constraints.longest_dt)
        return MusicEvent(seconds, Velocity(vocab.velocity_of(class_)), Pitch(pitch), constraints.asked)

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot

    def _question(self, constraints: Constraints) -> Question:
        if constraints.temperature > 0:
            return ask(constraints, self._random.gumbel(size=(1, NOISE_WIDTH)))
        # The likeliest time is nearly always none at all, so at temperature 0 times are drawn all the same,
        # but out of what was heard: the same music is always answered in the same way.
        heard = self._heard
        assert heard.newest is not None
        out_of_what_was_heard = np.random.default_rng([*heard.newest, round(heard.clock * 1000)])
        noise = np.zeros((1, NOISE_WIDTH))
        noise[:, : vocab.DT_BINS] = out_of_what_was_heard.gumbel(size=(1, vocab.DT_BINS))
        return ask(constraints, noise)

    def _first(self, constraints: Constraints) -> MusicEvent:
        """Begin out of nothing: a note near the middle, for the network has no word before the first."""
        if not constraints.onsets:
            return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases))
        pitches = sorted(constraints.onsets, key=lambda pitch: (abs(pitch - MIDDLE), pitch))[:12]
        chosen = int(self._random.integers(len(pitches))) if constraints.temperature > 0 else 0
        return MusicEvent(constraints.shortest_dt, Velocity(64), pitches[chosen])


def sounding(heard: Heard) -> Floats:
    """Return what sounds, (1, 128): 0 silent, 1 just struck, fading to one half."""
    fresh = np.exp((heard.struck - heard.clock) / FADE)
    return np.where(heard.struck > SILENT, HELD_LONG + (1 - HELD_LONG) * fresh, 0.0).astype(np.float32)[None]
