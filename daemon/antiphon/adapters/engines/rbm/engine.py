"""The engine of the machine: block Gibbs sampling of a bar whose beginning is what was heard.

What was heard last is clamped to the visible units of the first steps, and so is what the player holds or has
struck just now; the other units are drawn again and again, each layer given the other. What comes out is
foreseen until something else is heard: it goes on with a melody, and puts chords under one that is being
played. Then the bar moves on.
"""

import math
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from antiphon.adapters.engines.foreseen import NOTHING, Foreseen, foreseen
from antiphon.adapters.engines.rbm.bar import Grid, grid_at, notes_to_come
from antiphon.adapters.engines.rbm.gibbs import Gibbs
from antiphon.adapters.engines.rbm.heard import Heard
from antiphon.core.engine import Constraints, MusicEvent, Snapshot
from antiphon.core.units import Velocity
from antiphon_models.guide import TYPICAL_DENSITY
from antiphon_models.rbm.frames import Frames
from antiphon_models.rbm.spec import STRUCK, SWEEPS

USUAL_VELOCITY = 72
"""Where nothing says how loud."""

MOST_WISHED = 3.0
"""Logits by which notes are made more or less likely, at most."""

MIDDLE = 60
"""Where it begins when it has heard nothing yet."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a bar is drawn.

    Attributes:
        given: steps of it that are clamped to what was heard.
        sweeps: how often either layer is drawn given the other.
        beta: inverse temperature at a temperature of 1.
        eagerness: by how much a lack of notes, or too many, moves the wish for them.
        coldest: temperature that is drawn at where none at all is asked for.
    """

    given: int = 11
    sweeps: int = 24
    beta: float = 1.3
    eagerness: float = 0.5
    coldest: float = 0.8


class RbmEngine:
    """Implements :class:`antiphon.core.engine.Engine`.

    Args:
        machine: what draws.
        seed: of everything that is drawn at a temperature above 0.
        manner: how.
    """

    def __init__(self, machine: Gibbs, seed: int, manner: Manner = Manner()) -> None:
        self._machine = machine
        self._manner = manner
        self._random = np.random.default_rng(seed)
        self._heard = Heard()

    def prime(self, event: MusicEvent) -> None:
        """Hear an event; what was foreseen otherwise is forgotten."""
        self._heard = self._heard.after(event)

    def sample(self, constraints: Constraints) -> MusicEvent:
        """Return the next event that was foreseen; where there is none, draw the next bar."""
        asked = self._heard.question(constraints)
        if asked != self._heard.asked:
            self._heard = replace(self._heard, foreseen=NOTHING, asked=asked)
        event = self._heard.foreseen.next_allowed(constraints)
        if event is None:
            self._heard = replace(self._heard, foreseen=self._foresee(constraints))
            event = self._heard.foreseen.next_allowed(constraints)
        return self._anything(constraints) if event is None else event

    def snapshot(self) -> Snapshot:
        return self._heard

    def restore(self, snapshot: Snapshot) -> None:
        self._heard = snapshot

    def reseed(self, seed: int) -> None:
        """Draw from now on as one does that was made with this seed."""
        self._random = np.random.default_rng(seed)

    def _foresee(self, constraints: Constraints) -> Foreseen:
        """Draw the next bar."""
        heard, machine, manner = self._heard, self._machine, self._manner
        wait = max(constraints.shortest_dt, heard.foreseen.lasts)
        grid = grid_at(heard, heard.clock + wait, manner.given, machine.spec)
        frames, clamp = clamped(heard, grid, constraints)
        drawn = self._drawn(frames, clamp, grid, constraints)
        sounding = {grid.key_of(note.pitch): note.pitch for note in heard.sounding}
        ours = {key: pitch for key, pitch in sounding.items() if pitch in constraints.releases}
        struck = set(np.flatnonzero(clamp[grid.given, STRUCK] & frames[grid.given, STRUCK]).tolist())
        notes = notes_to_come(drawn, grid, ours, struck, heard.clock, self._velocity(constraints))
        lasts = grid.time_of(machine.spec.steps - grid.given) - heard.clock
        return foreseen(notes, lasts)

    def _drawn(self, frames: Frames, clamp: Frames, grid: Grid, constraints: Constraints) -> Frames:
        """Draw what is not clamped, wishing for more notes or fewer until they are as many as asked."""
        manner, dice = self._manner, self._dice(constraints)
        beta = manner.beta / (constraints.temperature or manner.coldest)
        density = constraints.guide.density or TYPICAL_DENSITY
        wanted = density * grid.step * (len(frames) - grid.given)
        to_come = np.zeros(frames.shape, np.bool_)
        to_come[grid.given :, STRUCK] = True
        bias = np.zeros(frames.shape, np.float32)
        for _ in range(0, manner.sweeps, SWEEPS):
            frames = self._machine.paint(frames, clamp, bias, SWEEPS, beta, dice)
            lacking = math.log((wanted + 1.0) / (float(frames[to_come].sum()) + 1.0))
            bias[to_come] = np.clip(bias[to_come] + manner.eagerness * lacking, -MOST_WISHED, MOST_WISHED)
        return frames

    def _velocity(self, constraints: Constraints) -> Velocity:
        """Return how loud to play: as asked, or as what was heard."""
        loudness = constraints.guide.loudness
        if loudness is None:
            notes = self._heard.notes
            loudness = sum(note.velocity for note in notes) / len(notes) if notes else USUAL_VELOCITY
        return Velocity(min(max(round(loudness), 1), 127))

    def _dice(self, constraints: Constraints) -> np.random.Generator:
        """Return what is drawn with; at temperature 0 and with a seed it follows from what was heard."""
        if constraints.temperature > 0 and constraints.seed is None:
            return self._random
        heard = self._heard
        newest = heard.notes[-1].pitch if heard.notes else 0
        return np.random.default_rng((constraints.seed or 0, newest, round(heard.clock * 1000)))

    def _anything(self, constraints: Constraints) -> MusicEvent:
        """Return what is allowed where nothing that was drawn is: a release, or a note near the last one."""
        dt = min(max(self._heard.foreseen.lasts, constraints.shortest_dt), constraints.longest_dt)
        if constraints.releases:
            return MusicEvent(dt, Velocity(0), min(constraints.releases), constraints.asked)
        last = self._heard.notes[-1].pitch if self._heard.notes else MIDDLE
        possible = constraints.onsets - constraints.taken or constraints.onsets
        pitch = min(possible, key=lambda pitch: (abs(pitch - last), pitch))
        return MusicEvent(dt, self._velocity(constraints), pitch, constraints.asked)


def clamped(heard: Heard, grid: Grid, constraints: Constraints) -> tuple[Frames, Frames]:
    """Return the window as far as it is given, and where it is.

    Given are the steps that were heard; of those to come, the keys that may not be struck, those that the
    player holds, and those that were struck within the first of them.
    """
    given, spec = grid.given, grid.spec
    frames = grid.frames_of(heard.notes)
    clamp = np.zeros_like(frames)
    clamp[:given] = True
    pitches = np.arange(spec.keys) + spec.lowest - grid.home
    allowed = np.fromiter(constraints.onsets, np.int64, len(constraints.onsets))
    clamp[given:, STRUCK] = ~np.isin(pitches, allowed)
    theirs = [grid.key_of(note.pitch) for note in heard.sounding if note.pitch not in constraints.releases]
    clamp[given:, :, theirs] = True
    clamp[given] |= frames[given, STRUCK]
    return frames, clamp
