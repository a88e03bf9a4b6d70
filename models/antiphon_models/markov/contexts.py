"""In which contexts each field of an event is counted, from coarse to fine.

An event is predicted in three of four fields: when (a dt bin), how loud (a velocity class; 0 is a release),
and of an onset by how many semitones it differs from the one before, of a release how many notes that sound
began before the one that ends. Each context is a number. Those of a table are the same everywhere and nested,
each in the one before it; those of a player's style go further, up to eight events, and hold in one process
only.

Which ones there are was chosen by what they gained on pieces that were learnt from.
"""

from typing import NamedTuple

from antiphon_models import vocab
from antiphon_models.markov.past import NO_RANK, Past

DT, LOUDNESS, INTERVAL, RANK = range(4)
"""The fields, in the order in which they are drawn; a pitch is either an interval or a rank."""

UNISON = vocab.PITCHES - 1
"""The value of an interval of no semitones."""

WIDTHS = vocab.DT_BINS, vocab.VELOCITY_CLASSES, 2 * vocab.PITCHES - 1, NO_RANK
"""How many values each field has."""

DEPTHS = 6, 6, 5, 4
"""How many contexts a table has for each."""

PACES = 9
_STARTS = (1, 3, 6, 11, 16, 24, 34)

PACE = (*(sum(bin_ >= start for start in _STARTS) for bin_ in range(vocab.DT_BINS)), PACES - 1)
"""The class of each dt bin and of nothing: at once, 20, 50, 100 or 150 ms, 0.27 s, 0.54 s, longer."""

_BINS = vocab.DT_BINS + 1
_CLASSES = vocab.VELOCITY_CLASSES + 1

ALIKE = 5
"""More notes than this less one that sound count as that many."""

Keys = tuple[int, ...]


class Contexts(NamedTuple):
    """The contexts of one field, from coarse to fine: ``table`` in a table, ``own`` in a player's style."""

    table: Keys
    own: Keys


def _kind(velocity: int) -> int:
    """Return whether an event is a release, an onset or nothing."""
    return 0 if velocity == vocab.RELEASE else 1 if velocity < vocab.VELOCITY_CLASSES else 2


KIND = tuple(_kind(velocity) for velocity in range(_CLASSES))


def of_dt(past: Past) -> Contexts:
    """Return the contexts in which the time of the next event is counted."""
    events = past.events
    first, second, third = events[0], events[1], events[2]
    kind, notes = KIND[first[1]], min(len(past.sounding), ALIKE - 1)
    since = vocab.dt_bin(past.clock - past.onset_at)
    base = kind * ALIKE + notes
    paces = (base * PACES + PACE[first[0]]) * PACES + PACE[since]
    times = ((base * _BINS + first[0]) * _BINS + since) * 3 + KIND[second[1]]
    two = times * _BINS + second[0]
    three = (two * 3 + KIND[third[1]]) * _BINS + third[0]
    return Contexts(
        (0, base, paces, times, two, three),
        (
            kind,
            kind * PACES + PACE[first[0]],
            paces,
            times,
            two,
            hash(events[:4]),
            hash(events),
        ),
    )


def of_loudness(past: Past, dt: int) -> Contexts:
    """Return the contexts in which the velocity of the next event is counted, given its time."""
    events = past.events
    first, second = events[0], events[1]
    notes, loudness = len(past.sounding), past.loudness
    kinds = KIND[first[1]] * 3 + KIND[second[1]]
    few, pace = min(notes, ALIKE - 1), PACE[dt]
    coarse = min(notes, 2) * PACES + pace
    after = coarse * _CLASSES + loudness[0]
    paced = ((few * PACES + pace) * 9 + kinds) * _CLASSES + loudness[0]
    timed = (((few * _BINS + dt) * PACES + PACE[first[0]]) * 9 + kinds) * _CLASSES + loudness[0]
    two = timed * _CLASSES + loudness[1]
    since = vocab.dt_bin(past.clock - past.onset_at)
    return Contexts(
        (0, coarse, after, paced, two, (two * _BINS + second[0]) * _BINS + since),
        (
            min(notes, 1),
            coarse,
            after,
            paced,
            two,
            hash((dt, *events[:3])),
        ),
    )


def of_onset(past: Past, dt: int) -> Contexts:
    """Return the contexts in which the pitch of an onset is counted, given its time."""
    one, two, three, four = past.struck
    pace = PACE[vocab.dt_bin(past.clock - past.onset_at + vocab.DT_GRID[dt])]
    is_chord = pace == 0
    second = pace * 256 + two - one + 128
    third = second * 256 + three - one + 128
    fourth = third * 256 + four - one + 128
    events = past.events
    return Contexts(
        (0, pace, second, third, fourth),
        (
            0,
            2 * (one // 12) + is_chord,
            pace,
            2 * one + is_chord,
            second,
            third,
            fourth,
            hash((KIND[events[0][1]], *[event[2] for event in events])),
        ),
    )


TRANSPOSED = (False, False, True, False, True, True, True, False)
"""Of a player's contexts for the pitch of an onset: whether intervals are counted in them, or pitches."""


def of_release(past: Past, dt: int) -> Contexts:
    """Return the contexts in which it is counted which note ends, given when."""
    notes = min(len(past.sounding), NO_RANK)
    kind = KIND[past.events[0][1]]
    first = (notes * 3 + kind) * (NO_RANK + 1) + past.rank
    second = (first * PACES + PACE[dt]) * 3 + KIND[past.events[1][1]]
    oldest = next(iter(past.sounding.values()), past.clock)
    third = (second * PACES + PACE[vocab.dt_bin(past.clock - oldest)]) * 3 + KIND[past.events[2][1]]
    return Contexts((notes, first, second, third), (first, second, third))
