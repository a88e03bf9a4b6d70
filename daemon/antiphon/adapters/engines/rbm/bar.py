"""The bar at hand: what was heard as the first steps of a window, and what is drawn into the others as notes.

Times become steps here and steps times; pitches become keys at home, and keys pitches.
"""

import math
from dataclasses import dataclass

import numpy as np

from antiphon.adapters.engines.foreseen import ForeseenNote
from antiphon.adapters.engines.rbm.heard import Heard, HeardNote
from antiphon.adapters.engines.rbm.pace import pace_of
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon_models.rbm.frames import Frames, GridNote, folded, frames_of, notes_of
from antiphon_models.rbm.home import pitch_classes, way_home
from antiphon_models.rbm.spec import RbmSpec

STEPS_PER_BEAT = 4

SHORTEST_WEIGHT, LONGEST_WEIGHT = 0.05, 2.0
"""Seconds: what a note says about the key grows with its length between these."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How times and pitches lie in a window.

    Attributes:
        spec: shape of the window.
        given: steps in it that are heard, before those that are to come.
        step: seconds of each.
        begins: when the first of those to come does, on the clock of what was heard.
        cut: seconds of silence before it that are left out.
        home: semitones by which the music is transposed to be at home.
    """

    spec: RbmSpec
    given: int
    step: Seconds
    begins: Seconds
    cut: Seconds
    home: int

    def key_of(self, pitch: Pitch) -> int:
        return folded(pitch + self.home, self.spec)

    def pitch_of(self, key: int) -> Pitch:
        return Pitch(key + self.spec.lowest - self.home)

    def time_of(self, step: int) -> Seconds:
        """Return when a step to come begins, on the clock of what was heard."""
        return self.begins + step * self.step

    def frames_of(self, notes: tuple[HeardNote, ...]) -> Frames:
        """Return the window in which these notes were heard; what sounds, sounds on."""
        return frames_of([self._in_steps(note) for note in notes], self.spec.steps, self.home, self.spec)

    def _in_steps(self, note: HeardNote) -> GridNote:
        begins = self._step_of(note.begins)
        if note.sounds:
            return GridNote(begins, self.spec.steps, note.pitch)
        return GridNote(begins, max(self._step_of(note.ends), begins + 1), note.pitch)

    def _step_of(self, at: Seconds) -> int:
        return round((at - self.begins + self.cut) / self.step) + self.given


def grid_at(heard: Heard, soonest: Seconds, given: int, spec: RbmSpec) -> Grid:
    """Return the grid of the bar in which the next event comes.

    Args:
        heard: until now.
        soonest: when that event may come at the soonest, on the clock of what was heard.
        given: steps of the bar that are heard.
        spec: shape of the bar.
    """
    step = pace_of([note.begins for note in heard.notes])
    begins = _on_the_grid(heard, soonest, step)
    beat = STEPS_PER_BEAT * step
    silent = begins - max((min(note.ends, begins) for note in heard.notes), default=begins)
    # The silence in which a turn ends is no music: whole beats of it are left out.
    return Grid(spec, given, step, begins, math.floor(silent / beat) * beat, home_of(heard))


def _on_the_grid(heard: Heard, soonest: Seconds, step: Seconds) -> Seconds:
    """Return the first moment from ``soonest`` on, or half a step before, on the grid of the last onset."""
    if not heard.notes:
        return soonest
    last = heard.notes[-1].begins
    return last + math.ceil((soonest - last) / step - 0.5) * step


def home_of(heard: Heard) -> int:
    """Return the semitones by which what was heard is transposed to be at home."""
    pitches = np.array([note.pitch for note in heard.notes], np.int64)
    lengths = np.array([min(note.ends, heard.clock) - note.begins for note in heard.notes])
    return way_home(pitch_classes(pitches, lengths.clip(SHORTEST_WEIGHT, LONGEST_WEIGHT)))


def notes_to_come(
    frames: Frames, grid: Grid, sounding: dict[int, Pitch], struck: set[int], now: Seconds, velocity: Velocity
) -> list[ForeseenNote]:
    """Return the notes of a drawn window, in seconds from ``now``.

    Args:
        frames: the whole window.
        grid: how it lies.
        sounding: pitches by key of what sounds and may be released.
        struck: keys that were struck in the first step to come, and sound already.
        now: on the clock of what was heard.
        velocity: of what is struck.
    """
    new = frames[grid.given :]

    def seconds(step: int) -> Seconds:
        return max(grid.time_of(step) - now, 0.0)

    notes: list[ForeseenNote] = []
    ended = dict(sounding)
    for begins, ends, key in notes_of(new):
        end = seconds(ends) if ends < len(new) else None
        if begins >= 0 and not (begins == 0 and key in struck):
            notes.append(ForeseenNote(grid.pitch_of(key), velocity, seconds(begins), end))
        elif key in ended:
            notes.append(ForeseenNote(ended.pop(key), velocity, None, end))
    return notes + [ForeseenNote(pitch, velocity, None, seconds(0)) for pitch in ended.values()]
