"""In which contexts a Markov model counts, from coarse to fine.

A model of order n knows the n events before the predicted one. Where it has not seen them often it backs off,
first to less than all that is known of the same events, then to the model of the order below. The contexts
were chosen by what they gained on the valid lists of the published corpora.
"""

from typing import NamedTuple

from antiphon_models.baselines.history import Feature, Known

Features = tuple[Feature, ...]

THETA = 100.0
"""How often a context must have been seen to weigh as much as the coarser one."""


class Context(NamedTuple):
    """What is known, and whether it is counted of all transpositions together.

    A network hears its pieces transposed by up to half an octave either way. To count the interval from the
    pitch before, given intervals, is to count a piece in all its transpositions at once.
    """

    features: Features
    is_transposed: bool = False


Orders = tuple[tuple[Context, ...], ...]
"""The contexts that each order from 0 on adds to those of the orders below."""


class Chains(NamedTuple):
    """The contexts in which each field is counted."""

    dt: Orders
    velocity: Orders
    pitch: Orders


def _of(kind: Known, *ago: int) -> Features:
    return tuple(Feature(kind, each) for each in ago)


def _event(ago: int) -> Features:
    return _of(Known.DT, ago) + _of(Known.VELOCITY, ago) + _of(Known.PITCH, ago)


_DT, _PACE, _VELOCITY, _IS_ONSET, _PITCH, _INTERVAL = Known

CHAINS = Chains(
    dt=(
        (Context(()),),
        (
            Context(_of(_IS_ONSET, 1) + _of(_DT, 1)),
            Context(_of(_VELOCITY, 1) + _of(_DT, 1)),
            Context(_event(1)),
        ),
        (
            Context(_of(_IS_ONSET, 1, 2) + _of(_DT, 1, 2)),
            Context(_of(_IS_ONSET, 1, 2) + _of(_DT, 1, 2) + _of(_INTERVAL, 2)),
        ),
        (
            Context(_of(_IS_ONSET, 1, 2, 3) + _of(_DT, 1, 2, 3)),
            Context(_of(_IS_ONSET, 1, 2, 3) + _of(_DT, 1, 2, 3) + _of(_INTERVAL, 2, 3)),
        ),
    ),
    velocity=(
        (Context(()),),
        (
            Context(_of(_DT, 0)),
            Context(_of(_IS_ONSET, 1) + _of(_DT, 0)),
            Context(_of(_VELOCITY, 1) + _of(_PACE, 0)),
            Context(_of(_VELOCITY, 1) + _of(_DT, 0, 1)),
            Context(_event(1) + _of(_DT, 0)),
        ),
        (
            Context(_of(_VELOCITY, 1, 2) + _of(_PACE, 0)),
            Context(_of(_VELOCITY, 1, 2) + _of(_DT, 0) + _of(_PACE, 1)),
            Context(_of(_VELOCITY, 1, 2) + _of(_DT, 0) + _of(_PACE, 1) + _of(_INTERVAL, 2)),
        ),
        (
            Context(_of(_VELOCITY, 1, 2, 3) + _of(_PACE, 0)),
            Context(_of(_VELOCITY, 1, 2, 3) + _of(_PACE, 0, 1, 2)),
            Context(_of(_VELOCITY, 1, 2, 3) + _of(_PACE, 0, 1, 2) + _of(_INTERVAL, 2, 3)),
        ),
    ),
    pitch=(
        (Context(()),),
        (
            Context(_of(_DT, 0) + _of(_VELOCITY, 0)),
            Context(_of(_IS_ONSET, 0, 1) + _of(_PACE, 0), is_transposed=True),
            Context(_of(_IS_ONSET, 0, 1) + _of(_PITCH, 1)),
            Context(_of(_IS_ONSET, 0, 1) + _of(_PITCH, 1) + _of(_PACE, 0)),
            Context(_event(1) + _of(_DT, 0) + _of(_VELOCITY, 0)),
        ),
        (
            Context(_of(_IS_ONSET, 0, 1, 2) + _of(_PACE, 0, 1) + _of(_INTERVAL, 2), is_transposed=True),
            Context(_of(_IS_ONSET, 0, 1, 2) + _of(_PACE, 0, 1) + _of(_PITCH, 1, 2)),
        ),
        (
            Context(_of(_IS_ONSET, 0, 1, 2, 3) + _of(_INTERVAL, 2, 3), is_transposed=True),
            Context(
                _of(_IS_ONSET, 0, 1, 2, 3) + _of(_PACE, 0, 1, 2) + _of(_INTERVAL, 2, 3), is_transposed=True
            ),
        ),
    ),
)
