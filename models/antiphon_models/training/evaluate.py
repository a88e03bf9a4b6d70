"""Held-out cross-entropy of a network.

Each piece is read from its first event to its last with the state carried along, as at the keyboard,
and as it was written: no transposition, no change of tempo. The first event of a piece is given.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops

from antiphon_models import backends
from antiphon_models.backends import Tensor
from antiphon_models.lessons.augmentation import once
from antiphon_models.lessons.dice import Purpose, dice
from antiphon_models.lessons.windows import Lane, Window, windows
from antiphon_models.network import EventNetwork
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Losses

LANES = 32
WINDOW = 256
LONGEST_EXCERPT = 1000
"""Events of a piece that a sample holds at most, so that it holds many pieces."""


class Examiner:
    """Measures one network, as often as wanted."""

    def __init__(self, network: EventNetwork) -> None:
        self._network = network
        self._read = backends.chosen().compiled(network, self._sums)

    def losses(self, pieces: Sequence[Piece]) -> Losses:
        """Return the mean loss of each field over all events of the pieces, in bits."""
        by_length = sorted(pieces, key=len, reverse=True)
        lanes = [Lane(once(by_length[lane::LANES])) for lane in range(LANES)]
        state: Any = self._network.start_state(LANES)
        sums, events = np.zeros(3), 0.0
        for window in windows(lanes, WINDOW):
            nats, state = self._read(window, state)
            sums += np.array([float(field) for field in nats])
            events += float(window.weights.sum())
        dt, velocity, pitch = sums / events / np.log(2)
        return Losses(float(dt), float(velocity), float(pitch))

    def _sums(self, window: Window, state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return the sum of each field's loss in nats over a window, and the state after it."""
        features, after = self._network((window, state))
        fields = self._network.losses(features, window)
        return [ops.sum(field * window.weights) for field in fields], after


def evaluate(network: EventNetwork, pieces: Sequence[Piece]) -> Losses:
    """Return the mean loss of each field over all events of the pieces, in bits."""
    return Examiner(network).losses(pieces)


def sample(pieces: Sequence[Piece], events: int, seed: int) -> list[Piece]:
    """Return the beginnings of some pieces, about so many events in all, the same for the same seed."""
    drawn: list[Piece] = []
    for index in dice(seed, Purpose.SAMPLE).permutation(len(pieces)):
        if events <= 0:
            break
        piece = pieces[index]
        end = min(len(piece), LONGEST_EXCERPT, events + 1)
        drawn.append(piece.excerpt(0, end))
        events -= end - 1
    return drawn
