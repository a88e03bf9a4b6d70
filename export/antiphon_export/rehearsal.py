"""Real steps of a network, from which the ranges of its numbers are learnt before they become integers.

They come from the music it was trained on, varied, guided and asked as in training: from the held-out music
they would make its loss look better than it is.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from antiphon_export.measure import FileUnderTest, Inputs, inputs_for, moments
from antiphon_models.lessons.augmentation import Augmentation, endless
from antiphon_models.lessons.hints import Hints
from antiphon_models.lessons.windows import Lane
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Spec

SEED = 1
LANES = 16
EVENTS = 320
"""Heard in each lane, so that cells which count through a whole phrase show how far they go."""

EVERY = 8
"""One step of so many is kept; its neighbours are much like it."""


def rehearse(path: Path, spec: Spec, pieces: Sequence[Piece]) -> list[Inputs]:
    """Return what a float32 file was given at some of its steps through the pieces, in no order of time."""
    model = FileUnderTest(path, spec)
    kept: list[Inputs] = []
    for number in range(LANES):
        state = model.start_state()
        playlist = endless(pieces, Augmentation(), SEED, number, LANES)
        for count, moment in enumerate(islice(moments(Lane(playlist, Hints(SEED, number))), EVENTS)):
            state = model.start_state() if moment.begins else state
            given = inputs_for(moment, state)
            if count % EVERY == 0:
                kept.append(given)
            _, state = model.step(given)
    return kept
