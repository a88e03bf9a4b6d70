"""The bar at hand: what was heard as the first steps of a window, and what is painted into the others as notes.

Times become steps here and steps times; pitches become keys at home and keys pitches.
"""

import math
from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from antiphon.adapters.engines.foreseen import Foreseen, ForeseenNote, foreseen
from antiphon.adapters.engines.question import Floats
from antiphon.adapters.engines.rbm.heard import Heard, HeardNote
from antiphon.adapters.engines.rbm.pace import pace_of
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon_models.rbm.frames import Frames, GridNote, folded, frames_of, notes_of
from antiphon_models.rbm.home import pitch_classes, way_home
from antiphon_models.rbm.spec import HELD, STRUCK, RbmSpec

STEPS_PER_BEAT = 4

LONG_ENOUGH = 2.0
"""Seconds after which a longer note says no more about the key."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A window of which the first steps are what was heard.

    Attributes:
        spec: its shape.
        given: steps that are given; the others are to be painted.
        step: seconds of each.
        begins: when the first that is to be painted does, on the clock of what was heard.
        home: semitones by which the music is transposed to be at home.
        frames: (steps, 2, keys) with what is given.
        clamp: likewise, where ``frames`` is not to be touched.
        sounding: pitch of each key that sounds, of those that may be released.
    """

    spec: RbmSpec
    given: int
    step: Seconds
    begins: Seconds
    home: int
    frames: Frames
    clamp: Frames
    sounding: dict[int, Pitch]

    def pitch_of(self, key: int) -> Pitch:
        return Pitch(key + self.spec.lowest - self.home)

    def painted(self, frames: Frames, clock: Seconds, velocity: Velocity) -> Foreseen:
        """Return what is foreseen after ``clock``, where ``frames`` is the whole window."""
        new = frames[self.given :]
        lead = max(self.begins - clock, 0.0)
        is_given = self.clamp[self.given, STRUCK] & self.frames[self.given, STRUCK]
        continued = {note.pitch for note in notes_of(new) if note.begins < 0}
        notes = [
            ForeseenNote(pitch, velocity, None, lead)
            for key, pitch in self.sounding.items()
            if key not in continued and not is_given[key]
        ]
        for note in notes_of(new):
            end = None if note.ends >= len(new) else lead + note.ends * self.step
            sounds = note.begins < 0 or (note.begins == 0 and is_given[note.pitch])
            if not sounds:
                pitch = self.pitch_of(note.pitch)
                if 0 <= pitch <= 127:
                    notes.append(ForeseenNote(pitch, velocity, lead + note.begins * self.step, end))
            elif note.pitch in self.sounding:
                notes.append(ForeseenNote(self.sounding[note.pitch], velocity, None, end))
        return foreseen(notes, lead + len(new) * self.step)


def bar_at_hand(
    heard: Heard, soonest: Seconds, onsets: Set[Pitch], releases: Set[Pitch], given: int, spec: RbmSpec
) -> Bar:
    """Return the bar in which the next event comes.

    Args:
        heard: until now.
        soonest: when the next event may come at the soonest, on the clock of what was heard.
        onsets: pitches that may be struck.
        releases: pitches that sound and may be released; what else sounds goes on.
        given: steps of the bar that are given.
        spec: the shape of the bar.
    """
    step = pace_of([note.begins for note in heard.notes])
    begins = _on_the_grid(heard, soonest, step)
    beat = STEPS_PER_BEAT * step
    silent = max(begins - max((min(note.ends, begins) for note in heard.notes), default=begins), 0.0)
    # The silence in which a turn ends is no music: whole beats of it are left out.
    cut = math.floor(silent / beat) * beat
    home = way_home_of(heard)
    frames = np.zeros((spec.steps, 2, spec.keys), np.bool_)
    past = [_in_steps(note, begins - cut, step, given, len(frames)) for note in heard.notes]
    frames[:] = frames_of(past, spec.steps, home, spec)
    theirs = [note for note in heard.sounding if note.pitch not in releases]
    clamp = np.zeros_like(frames)
    clamp[:given] = True
    pitches = np.arange(spec.keys) + spec.lowest - home
    clamp[given:, STRUCK] = ~np.isin(pitches, list(onsets))
    for note in theirs:
        clamp[given:, :, folded(note.pitch + home, spec)] = True
    clamp[given, STRUCK] |= frames[given, STRUCK]
    ours = [note for note in heard.sounding if note.pitch in releases]
    for note in ours:
        frames[given:, HELD, folded(note.pitch + home, spec)] = False
    sounding = {folded(note.pitch + home, spec): note.pitch for note in ours}
    return Bar(spec, given, step, begins, home, frames, clamp, sounding)


def _on_the_grid(heard: Heard, soonest: Seconds, step: Seconds) -> Seconds:
    """Return the first moment from ``soonest`` on that lies on the grid of the last onset, or hardly later."""
    if not heard.notes:
        return soonest
    last = heard.notes[-1].begins
    return last + math.ceil((soonest - last) / step - 0.5) * step


def _in_steps(note: HeardNote, zero: Seconds, step: Seconds, given: int, steps: int) -> GridNote:
    begins = round((note.begins - zero) / step) + given
    ends = steps if note.sounds else max(round((note.ends - zero) / step) + given, begins + 1)
    return GridNote(begins, min(ends, steps), note.pitch)


def way_home_of(heard: Heard) -> int:
    """Return the semitones by which what was heard is transposed to be at home."""
    if not heard.notes:
        return 0
    lengths = [min(note.ends, heard.clock) - note.begins for note in heard.notes]
    weights = np.clip(lengths, 0.05, LONG_ENOUGH)
    return way_home(pitch_classes(np.array([note.pitch for note in heard.notes]), weights))
