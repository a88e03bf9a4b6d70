"""Whether music was copied: the longest run of notes that it shares with music that was learnt from.

What counts as the same is chosen so that a copy cannot hide. Notes are read in order of time, those struck
within 35 ms of each other upwards, and compared by the interval from each to the next, so a copy may be in
another key. Time either counts for nothing, which finds every copy and, as a scale or a trill is in every
piece, many passages that nobody copied; or the notes have to come in the same rhythm, within a quarter of the
tempo or 35 ms. Of a repeated note or a trill, which may be as long as somebody likes and is nobody's, only
the first three notes count. Releases, loudness and what is played before and after do not matter.

It does not find a copy with a note left out or put in.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_export.evaluation.likeness import TOGETHER, Passage

SEED = 3
"""Steps from note to note by which places are looked up; shorter runs are not told from none."""

SAME_TEMPO = 1.25
"""How many times as long a step may last and still be of the same rhythm."""

HIGHEST_STEP = 128
"""No interval between MIDI notes is larger, so ``interval + 128`` fits a byte."""

Positions = npt.NDArray[np.int64]


class Steps(NamedTuple):
    """From each note to the next: intervals in semitones, and seconds; (notes - 1,) each."""

    interval: npt.NDArray[np.int16]
    seconds: npt.NDArray[np.float32]


def steps_of(music: Passage) -> Steps:
    """Return the steps of a passage, the notes of a chord read upwards, without what only goes on to
    trill.
    """
    begins = np.diff(music.at, prepend=-np.inf) > TOGETHER
    chord = np.cumsum(begins)
    order = np.lexsort((music.pitch, chord))
    pitch, struck = music.pitch[order], music.at[begins][chord[order] - 1]
    kept = ~_only_trills_on(pitch)
    return Steps(np.diff(pitch[kept]).astype(np.int16), np.diff(struck[kept]).astype(np.float32))


def _only_trills_on(pitch: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Tell each note that is, as the one before it is, the same as the last but one."""
    trills = np.zeros(len(pitch), bool)
    trills[3:] = (pitch[3:] == pitch[1:-2]) & (pitch[2:-1] == pitch[:-3])
    return trills


class Learnt:
    """The music that was learnt from, ready to be searched.

    For 1.5 million notes it takes about 40 MB and a second; memory grows with the notes.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        pieces = [steps for steps in map(steps_of, passages) if len(steps.interval) >= SEED]
        ends = np.cumsum([len(piece.interval) for piece in pieces], dtype=np.int64)
        self._seconds = np.concatenate([np.zeros(0, np.float32), *(piece.seconds for piece in pieces)])
        seeds = _seeds(np.concatenate([np.zeros(0, np.int16), *(piece.interval for piece in pieces)]))
        # A run does not go on from the end of one piece into the next.
        for overhang in range(1, SEED):
            seeds[ends[:-1] - overhang] = -1
        self._places = np.argsort(seeds, kind="stable").astype(np.int32)
        self._sorted = seeds[self._places]
        self._run = np.zeros(len(self._seconds) + 1, np.int32)

    def longest_run(self, music: Passage, *, in_rhythm: bool) -> int:
        """Return the number of notes in the longest run that the music shares; 0 where it is under 4."""
        steps = steps_of(music)
        longest, before = 0, np.zeros(0, np.int64)
        for index, seed in enumerate(_seeds(steps.interval)):
            places = self._places_of(seed)
            if in_rhythm:
                places = places[self._is_same_rhythm(steps.seconds[index : index + SEED], places)]
            # Where a run has come to at each place; one before the first place stands at the end, always 0.
            lengths = self._run[places - 1] + 1
            self._run[before] = 0
            self._run[places] = lengths
            before = places
            longest = max(longest, int(lengths.max(initial=0)))
        self._run[before] = 0
        return longest + SEED if longest else 0

    def _places_of(self, seed: np.int32) -> Positions:
        # Of the type of the array, which would be copied to that of the seed otherwise.
        first = np.searchsorted(self._sorted, seed, side="left")
        last = np.searchsorted(self._sorted, seed, side="right")
        return self._places[first:last].astype(np.int64)

    def _is_same_rhythm(self, seconds: npt.NDArray[np.float32], places: Positions) -> npt.NDArray[np.bool_]:
        learnt = self._seconds[places[:, None] + np.arange(SEED)]
        apart = np.abs(learnt - seconds) <= TOGETHER
        return np.asarray(
            (apart | (np.maximum(learnt, seconds) <= SAME_TEMPO * np.minimum(learnt, seconds))).all(axis=1)
        )


def _seeds(interval: npt.NDArray[np.int16]) -> npt.NDArray[np.int32]:
    """Return one number for each ``SEED`` consecutive intervals; -1 where fewer are left, at the end."""
    count = max(0, len(interval) - SEED + 1)
    seeds = np.zeros(count, np.int32)
    for offset in range(SEED):
        seeds = seeds * (2 * HIGHEST_STEP) + interval[offset : offset + count] + HIGHEST_STEP
    return seeds
