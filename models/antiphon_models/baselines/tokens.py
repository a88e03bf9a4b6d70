"""Events spelt as the tokens of a character-like model: note on, note off, time shift, velocity.

The 388 tokens are those of Oore, Simon, Dieleman, Eck and Simonyan (This Time with Feeling: Learning
Expressive Musical Performance, 2018, arXiv:1808.03715): 128 notes on, 128 notes off, 100 time shifts of 10 ms
to 1 s, 32 velocities; a longer time is several shifts, and a velocity is said where it differs from that of
the onset before.

What is spelt are the events of the vocabulary, not the seconds of the piece: times are on its grid of 62
bins, each of which is a number of 10 ms steps of its own. So a piece's events can be told from its tokens and
its tokens from its events, both models code the same thing, and their bits may be compared. On the 10 ms grid
itself, which past 150 ms is finer than the bins, the tokens would carry more and cost more.
"""

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.lessons.augmentation import as_played
from antiphon_models.notes.pieces import Piece

STEP = 0.010
"""Seconds of the shortest shift."""

LONGEST_SHIFT = 100
"""Steps of the longest shift."""

LOUDNESSES = vocab.VELOCITY_CLASSES - 1

NOTE_ON = 0
NOTE_OFF = NOTE_ON + vocab.PITCHES
SHIFT = NOTE_OFF + vocab.PITCHES
VELOCITY = SHIFT + LONGEST_SHIFT
TOKENS = VELOCITY + LOUDNESSES
"""The first token of each kind, and how many there are in all; the first shift is of one step."""

STEPS = np.rint(np.array(vocab.DT_GRID) / STEP).astype(np.int64)
"""10 ms steps of each dt bin, no two alike."""

Tokens = npt.NDArray[np.int16]
Spelt = npt.NDArray[np.int32]
"""(events, 3): dt bin, velocity class, pitch."""


def spelt(piece: Piece) -> Spelt:
    """Return a piece's events as the network hears them, without their parts."""
    return as_played(piece)[:, :3]


def tokens_of(events: Spelt) -> tuple[Tokens, int]:
    """Return the tokens of a piece, and how many of them spell its first event."""
    dt, velocity, pitch = events.T
    is_onset = velocity > vocab.RELEASE
    whole, rest = np.divmod(STEPS[dt], LONGEST_SHIFT)
    shifts = whole + (rest > 0)
    speaks = np.zeros(len(events), np.int64)
    speaks[is_onset] = np.diff(velocity[is_onset], prepend=-1) != 0
    ends = np.cumsum(shifts + speaks + 1)
    tokens = np.full(ends[-1], SHIFT + LONGEST_SHIFT - 1, np.int16)
    has_rest, loud = rest > 0, speaks > 0
    tokens[(ends - speaks - 2)[has_rest]] = SHIFT + rest[has_rest] - 1
    tokens[(ends - 2)[loud]] = VELOCITY + velocity[loud] - 1
    tokens[ends - 1] = np.where(is_onset, NOTE_ON, NOTE_OFF) + pitch
    return tokens, int(ends[0])


def events_of(tokens: Tokens) -> Spelt:
    """Return the events (events, 3) that some tokens spell, but for one left unfinished at their end.

    Raises:
        ValueError: a note on before any velocity, or a time between events that no dt bin has.
    """
    bins = {int(steps): bin_ for bin_, steps in enumerate(STEPS)}
    events: list[tuple[int, int, int]] = []
    steps, loudness = 0, vocab.RELEASE
    for token in tokens.tolist():
        if token >= VELOCITY:
            loudness = token - VELOCITY + 1
        elif token >= SHIFT:
            steps += token - SHIFT + 1
        elif steps not in bins:
            raise ValueError(f"{steps} steps are no time between events")
        elif token < NOTE_OFF and loudness == vocab.RELEASE:
            raise ValueError("a note on before any velocity")
        else:
            velocity = loudness if token < NOTE_OFF else vocab.RELEASE
            events.append((bins[steps], velocity, token % vocab.PITCHES))
            steps = 0
    return np.array(events, np.int32).reshape(-1, 3)
