"""Held-out cross-entropy of a network.

Each piece is read from its first event to its last with the state carried along, as at the keyboard,
and as it was written: no transposition, no change of tempo. The first event of a piece is given.
"""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from antiphon_models.augmentation import once
from antiphon_models.network import EventNetwork
from antiphon_models.pieces import Piece
from antiphon_models.spec import Losses
from antiphon_models.windows import Lane, windows

LANES = 32
WINDOW = 256


def evaluate(network: EventNetwork, pieces: Sequence[Piece]) -> Losses:
    """Return the mean loss of each field over all events of the pieces, in bits."""

    @tf.function(reduce_retracing=True)
    def step(window, state):  # type: ignore[no-untyped-def]
        kept = 1.0 - window.fresh[:, tf.newaxis]
        features, after = network((window, [part * kept for part in state]))
        return [tf.reduce_sum(field * window.weights) for field in network.losses(features, window)], after

    by_length = sorted(pieces, key=len, reverse=True)
    lanes = [Lane(once(by_length[index::LANES])) for index in range(LANES)]
    state = network.start_state(LANES)
    sums, events = np.zeros(3), 0.0
    for window in windows(lanes, WINDOW):
        nats, state = step(window, state)
        sums += np.array(nats)
        events += float(window.weights.sum())
    dt, velocity, pitch = sums / events / np.log(2)
    return Losses(float(dt), float(velocity), float(pitch))
