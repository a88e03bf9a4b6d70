"""Music that a network makes up by itself, many pieces side by side.

What a network has learnt can be heard in it, so it can stand for music that is no longer at hand.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from keras import ops

from antiphon_models import backends, guide, vocab
from antiphon_models.backends import Tensor
from antiphon_models.lessons.dice import Purpose, dice
from antiphon_models.lessons.windows import GRID, level
from antiphon_models.network import EventNetwork
from antiphon_models.notes.pieces import Piece

VELOCITIES = np.array([vocab.velocity_of(class_) for class_ in range(vocab.VELOCITY_CLASSES)], np.uint8)

LOWEST, HIGHEST = 48, 84
"""Pitches that an improvisation begins with."""

SOFTEST, LOUDEST = 10, 26
"""And velocity classes."""


def improvise(network: EventNetwork, pieces: int, events: int, seed: int) -> list[Piece]:
    """Return so many pieces of so many events each, drawn from all that the network holds possible.

    Nothing is asked of it but to go on from one note; the same seed draws the same noise.
    """
    improviser = _Improviser(network, pieces, seed)
    heard = np.stack([improviser.event, *(improviser.next_event() for _ in range(events - 1))], axis=1)
    return [_as_piece(f"improvisation {number + 1}", piece) for number, piece in enumerate(heard)]


class _Improviser:
    """Lanes of one network that listens to itself."""

    def __init__(self, network: EventNetwork, lanes: int, seed: int) -> None:
        self._network = network
        self._rng = dice(seed, Purpose.IMPROVISATION)
        self._step = backends.chosen().compiled(network, self._act)
        self._state: Sequence[Tensor] = network.start_state(lanes)
        self._struck = np.full((lanes, vocab.PITCHES), -np.inf, np.float32)
        first = np.zeros((lanes, 3), np.int32)
        first[:, 1] = self._rng.integers(SOFTEST, LOUDEST + 1, lanes)
        first[:, 2] = self._rng.integers(LOWEST, HIGHEST + 1, lanes)
        self.event: npt.NDArray[np.int32] = first

    def next_event(self) -> npt.NDArray[np.int32]:
        """Return dt bin, velocity class and pitch of the next event of each lane, (lanes, 3)."""
        noise = self._rng.gumbel(size=(len(self.event), sum(vocab.CHOICES))).astype(np.float32)
        chosen, self._state = self._step(self.event, self._sounding(), noise, self._state)
        self.event = np.asarray(chosen)
        return self.event

    def _sounding(self) -> npt.NDArray[np.float32]:
        """Return what sounds after the newest event, (lanes, 128); ``_struck`` counts from that event."""
        dt, velocity, pitch = self.event.T
        self._struck -= GRID[dt][:, None]
        self._struck[np.arange(len(pitch)), pitch] = np.where(velocity > vocab.RELEASE, 0.0, -np.inf)
        return level(self._struck)

    def _act(
        self, event: Tensor, sounding: Tensor, noise: Tensor, state: Sequence[Tensor]
    ) -> tuple[Tensor, list[Tensor]]:
        """Return the next event (lanes, 3) and the state before it."""
        network, heads = self._network, self._network.heads
        nobody = ops.zeros_like(event[:, 0])
        unset = ops.zeros((1, guide.WIDTH))
        flow = network.embed([*ops.unstack(event, axis=-1), nobody, nobody], sounding, unset)
        after: list[Tensor] = []
        for layer, recurrence in enumerate(network.recurrences):
            h, c = recurrence.step(flow, *state[2 * layer : 2 * layer + 2])
            flow = flow + h if layer else h
            after += [h, c]
        seen = heads.look(flow, sounding)
        for_dt, for_velocity, for_pitch = ops.split(noise, np.cumsum(vocab.CHOICES)[:-1].tolist(), axis=-1)
        dt = ops.argmax(heads.dt_logits(seen) + for_dt, axis=-1)
        velocity = ops.argmax(heads.velocity_logits(seen, dt, sounding) + for_velocity, axis=-1)
        pitch = ops.argmax(heads.pitch_logits(seen, dt, velocity, sounding) + for_pitch, axis=-1)
        return ops.cast(ops.stack([dt, velocity, pitch], axis=-1), "int32"), after


def _as_piece(name: str, events: npt.NDArray[np.int32]) -> Piece:
    dt, velocity, pitch = events.T
    part = np.zeros(len(events), np.uint8)
    return Piece(name, GRID[dt], VELOCITIES[velocity], pitch.astype(np.uint8), part, is_gridded=False)
